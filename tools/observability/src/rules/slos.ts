/** What is promised, and how it is counted; docs/adr/0015 says why these figures. */
export type Slo = {
  /** Value of the label `slo`. */
  key: string;
  /** Its alert, and behind it its runbook. */
  alert: string;
  title: string;
  /** The promise in one sentence. */
  promise: string;
  /** Part of the events that are to be good. */
  objective: number;
  /** Fewer bad events than this in the long window call nobody: one unlucky patient among three is no outage. */
  leastBad: number;
  /** PromQL of the events in a window, and of the bad ones among them: 0, not nothing, while there are events and none is bad. */
  events: (window: string) => string;
  bad: (window: string) => string;
};

/** Days over which a promise holds. */
export const sloDays = 30;

const counted = 'service="gateway", route!~"/api/health/|unknown"';
/** Files, documents that are drawn, and messages that wait for the provider take their time. */
const slowRoutes = '.*/(download|attachments|lab-results|exports|pdf|send-whatsapp|send-notification|whatsapp-onboarding|onboarding-sms)/.*';
const quick = `${counted}, route!~"${slowRoutes}"`;

const api = (window: string): string => `sum(increase(api_requests_total{${counted}}[${window}]))`;
const quickApi = (window: string): string => `sum(increase(api_request_duration_seconds_count{${quick}}[${window}]))`;
const analyses = (window: string): string => `sum(increase(ia_analyse_wait_seconds_count{status!="sans_objet"}[${window}]))`;
const messages = (window: string): string => `sum(increase(deliveries_total{statut=~"envoye|echec"}[${window}]))`;

export const slos: Slo[] = [
  {
    key: 'api_availability', alert: 'ApiUnavailable', title: 'Requests answered',
    promise: '99.9 % of requests to the API are answered without a fault of ours (5xx).',
    objective: 0.999, leastBad: 5,
    events: api,
    bad: (window) => `sum(increase(api_requests_total{${counted}, status=~"5.."}[${window}])) or 0 * ${api(window)}`,
  },
  {
    key: 'api_latency', alert: 'ApiSlow', title: 'Requests within 1 s',
    promise: '99 % of requests to the API that carry no file and wait for no provider are answered within a second.',
    objective: 0.99, leastBad: 10,
    events: quickApi,
    bad: (window) => `${quickApi(window)} - sum(increase(api_request_duration_seconds_bucket{${quick}, le=~"1|1\\\\.0"}[${window}]))`,
  },
  {
    key: 'analyses_in_time', alert: 'AnalysesLate', title: 'Analyses within 5 min',
    promise: '99 % of fiches whose patient agreed have their synthesis within 5 minutes.',
    objective: 0.99, leastBad: 3,
    events: analyses,
    bad: (window) => `${analyses(window)} - (sum(increase(ia_analyse_wait_seconds_bucket{status="terminee", le=~"300|300\\\\.0"}[${window}])) or 0 * ${analyses(window)})`,
  },
  {
    key: 'messages_delivered', alert: 'MessagesNotDelivered', title: 'Messages handed over',
    promise: '98 % of messages to patients and médecins are accepted by the provider and not refused later.',
    objective: 0.98, leastBad: 3,
    events: messages,
    bad: (window) => `sum(increase(deliveries_total{statut="echec"}[${window}])) or 0 * ${messages(window)}`,
  },
];

/** A burn rate is how many times faster than promised the budget of errors goes: at 1 it lasts exactly `sloDays`. */
export type Burn = { long: string; short: string; rate: number; severity: 'page' | 'ticket'; spent: string };

/**
 * Windows and rates of the SRE workbook (Google, chapter 5 "Alerting on SLOs", the recommended multiwindow table). The
 * long window says that it matters, the short one that it still goes on.
 */
export const burns: Burn[] = [
  { long: '1h', short: '5m', rate: 14.4, severity: 'page', spent: '2 % of the budget of 30 days in an hour' },
  { long: '6h', short: '30m', rate: 6, severity: 'page', spent: '5 % of the budget of 30 days in six hours' },
  { long: '3d', short: '6h', rate: 1, severity: 'ticket', spent: '10 % of the budget of 30 days in three days' },
];

/** Windows that are recorded again and again, and those that move slowly. */
export const shortWindows = ['5m', '30m', '1h', '6h'];
export const longWindows = ['3d', `${sloDays}d`];

/** Recorded events of a window, of one promise. */
export const eventsIn = (window: string, { key }: Pick<Slo, 'key'>): string => `slo:events:increase${window}{slo="${key}"}`;
export const badIn = (window: string, { key }: Pick<Slo, 'key'>): string => `slo:bad_events:increase${window}{slo="${key}"}`;

/** Part of the events of a window that were bad; nothing (not a number) without events. */
export const badRatio = (window: string, slo: Pick<Slo, 'key'>): string => `${badIn(window, slo)} / ${eventsIn(window, slo)}`;

/** The budget of errors: the part of events that may be bad. */
export const budgetOf = ({ objective }: Pick<Slo, 'objective'>): number => Number((1 - objective).toPrecision(3));
