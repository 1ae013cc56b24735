import { badIn, badRatio, budgetOf, burns, eventsIn, sloDays, slos as promises, type Slo } from '../rules/slos.ts';
import type { Dashboard, Panel } from './panel.ts';

/** Part of the budget of errors that is left: 1 untouched, 0 spent, below 0 the promise is broken. */
export const budgetLeft = (slo: Slo, more?: string): Panel => ({
  kind: 'number', title: slo.title, width: 4, unit: 'percentunit', more, max: 1,
  steps: [{ from: Number.NEGATIVE_INFINITY, color: 'red' }, { from: 0, color: 'orange' }, { from: 0.25, color: 'green' }],
  description: `What is left of the budget of errors of ${sloDays} days. ${slo.promise}`,
  queries: [{ expr: `1 - (${badRatio(`${sloDays}d`, slo)}) / ${budgetOf(slo)}`, legend: 'left' }],
});

const burnRates = (slo: Slo): Panel => ({
  kind: 'graph', title: `${slo.title}: burn rate`, width: 10, unit: 'short',
  steps: burns.map(({ rate, severity }) => ({ from: rate, color: severity === 'page' ? ('red' as const) : ('orange' as const) })).toSorted((a, b) => a.from - b.from),
  description: `How many times faster than promised errors come: at 1 the budget lasts ${sloDays} days. A page comes at 14.4 over an hour or 6 over six hours, a ticket at 1 over three days.`,
  queries: burns.map(({ long }) => ({ expr: `(${badRatio(long, slo)}) / ${budgetOf(slo)}`, legend: long })),
});

const counts = (slo: Slo): Panel => ({
  kind: 'graph', title: `${slo.title}: events`, width: 10, unit: 'short',
  description: 'Events of the last hour, and those among them that were not good. Few events make a rough rate: no alert comes before several are bad.',
  queries: [{ expr: eventsIn('1h', slo), legend: 'all' }, { expr: badIn('1h', slo), legend: 'not good' }],
});

export const slosDashboard: Dashboard = {
  key: 'slos',
  title: 'Promises (SLOs)',
  description: 'What is promised to patients and médecins (docs/adr/0015), how much of the budget of errors is left, and how fast it goes.',
  choices: [],
  rows: [
    ...promises.map((slo) => ({ title: slo.promise, panels: [budgetLeft(slo), burnRates(slo), counts(slo)] })),
    {
      title: 'Alerts',
      panels: [
        {
          kind: 'table', title: 'Alerts', width: 24, unit: 'short',
          description: 'Alerts that fire or are about to, by severity. Their runbooks are in docs/runbooks.',
          queries: [{ expr: 'count by (alertname, severity, alertstate) (ALERTS) or vector(0)', legend: '{{alertname}} {{severity}} {{alertstate}}' }],
        },
      ],
    },
  ],
};
