export type RecordingRule = { record: string; expr: string; labels?: Record<string, string> };

export type AlertRule = {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string> & { severity: 'page' | 'ticket' };
  annotations: { summary: string; description: string; runbook_url: string };
};

export type Group = { name: string; interval?: string; rules: (RecordingRule | AlertRule)[] };

/** Where runbooks are read: a path in the repository; put the address of a published copy before it here. */
const runbookBase = 'docs/runbooks';

/** File of an alert's runbook: ServiceDown is told in service-down.md. */
export const runbookFile = (alert: string): string => `${alert.replaceAll(/(?<!^)(?=[A-Z])/g, '-').toLowerCase()}.md`;

type NewAlert = {
  name: string;
  /** `page` wakes somebody, `ticket` waits for the next working day. */
  severity: 'page' | 'ticket';
  expr: string;
  for?: string;
  summary: string;
  description: string;
  labels?: Record<string, string>;
};

/** An alert with its runbook. */
export function alert({ name, severity, expr, for: held, summary, description, labels = {} }: NewAlert): AlertRule {
  return {
    alert: name, expr, ...(held ? { for: held } : {}), labels: { severity, ...labels },
    annotations: { summary, description, runbook_url: `${runbookBase}/${runbookFile(name)}` },
  };
}
