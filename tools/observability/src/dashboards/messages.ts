import type { Dashboard, Query } from './panel.ts';
import { most, perSecond, quantile, rateOf } from './queries.ts';

const ways = { whatsapp: 'WhatsApp', sms: 'SMS', email: 'e-mail' } as const;
const attempts = (way: keyof typeof ways): string => `${way}_notifications_sent`;
const byWay = (query: (series: string, name: string) => Query): Query[] => Object.entries(ways).map(([way, name]) => query(attempts(way as keyof typeof ways), name));

export const messages: Dashboard = {
  key: 'messages',
  title: 'Messages',
  description: 'What is said to patients and médecins over WhatsApp, SMS and e-mail: handed over, refused, waiting, and which way the codes of a forgotten password took.',
  choices: [],
  rows: [
    {
      title: 'Delivery',
      panels: [
        { kind: 'graph', title: 'Messages', unit: 'ops', stacked: true, more: 'slos', description: 'Messages by channel and by the state they came to. One that was accepted ("envoye") and then arrived ("livre") counts in both; "livre" needs TWILIO_STATUS_CALLBACKS.', queries: [perSecond('deliveries_total', { by: ['canal', 'statut'] })] },
        { kind: 'graph', title: 'Refused', unit: 'percentunit', max: 1, description: 'Part of messages that ended refused, by channel.', queries: [{ expr: `(${rateOf('deliveries_total', { where: 'statut="echec"', by: ['canal'] })} or 0 * ${rateOf('deliveries_total', { where: 'statut=~"envoye|echec"', by: ['canal'] })}) / (${rateOf('deliveries_total', { where: 'statut=~"envoye|echec"', by: ['canal'] })} > 0)`, legend: '{{canal}}' }] },
        { kind: 'graph', title: 'Until accepted, p95', unit: 's', description: '95 of 100 messages were accepted by the provider within this, by channel.', queries: [{ ...quantile(0.95, 'delivery_duration_seconds', { by: ['canal'] }), exemplar: false }] },
        { kind: 'graph', title: 'Waiting', unit: 'short', description: 'Messages that were asked for and are neither accepted nor given up.', queries: [most('deliveries_waiting', {}, 'waiting')] },
        { kind: 'graph', title: 'Breaker of Twilio', unit: 'short', max: 2, description: '0 closed, 1 half-open, 2 open: no message is tried while it is open.', queries: [most('breaker_state', { where: 'breaker="twilio"', by: ['breaker'] })] },
        { kind: 'graph', title: 'Work', unit: 'ops', description: 'Work of notifications by task and state: "envoi" sends, "annonce" finds out who is to be told, "webhook" takes what Twilio tells.', queries: [perSecond('tasks_total', { where: 'service="notifications"', by: ['task', 'state'] })] },
      ],
    },
    {
      title: 'Cascade: WhatsApp, then SMS, then e-mail',
      panels: [
        { kind: 'graph', title: 'Attempts', unit: 'ops', stacked: true, description: 'Attempts of each way, by outcome. A code goes by SMS when WhatsApp did not take it, and by e-mail when neither did: the attempts of the later ways are what the earlier ones left.', queries: byWay((series, name) => ({ expr: rateOf(series, { by: ['status'] }), legend: `${name} {{status}}` })) },
        { kind: 'graph', title: 'Accepted', unit: 'percentunit', max: 1, description: 'Part of the attempts of each way that the provider accepted.', queries: byWay((series, name) => ({ expr: `(${rateOf(series, { where: 'status=~"envoye|reconcilie"' })} or 0 * ${rateOf(series)}) / (${rateOf(series)} > 0)`, legend: name })) },
        { kind: 'graph', title: 'Codes of a forgotten password', unit: 'ops', stacked: true, description: 'What became of codes: "sans_canal" is a person with no way to be told, "echec" no way took it.', queries: [perSecond('auth_reset_codes_total', { by: ['outcome'] })] },
        { kind: 'number', title: 'Handed over in the range shown', width: 24, unit: 'short', description: 'Attempts that the provider accepted, by way.', queries: byWay((series, name) => ({ expr: `sum(increase(${series}{status=~"envoye|reconcilie"}[$__range]))`, legend: name })) },
      ],
    },
  ],
};
