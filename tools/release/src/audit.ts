/** One advisory that is accepted for a while: its identifier (`GHSA-…`), why, and the last day (`2027-01-31`) on which it is. */
export type Allowance = { id: string; reason: string; until: string };

/** The part that is read here of what `npm audit --json` writes (auditReportVersion 2). */
export type AuditReport = {
  auditReportVersion?: number;
  vulnerabilities?: Record<string, { via: (string | Advisory)[] }>;
  message?: string;
  error?: { summary?: string; detail?: string };
};
type Advisory = { source: number; name: string; title: string; url: string; severity: string; range: string };

/** Below this an advisory is told by the report alone. */
const accepted = ['info', 'low'];

/**
 * What stands against the packages of the lock file: each advisory of moderate severity or more that nobody allowed, and
 * each allowance that is over, incomplete or not needed. A sentence each. `today` as in `2026-12-01`.
 * @throws Error for a report that is none, so that a registry that does not answer is never taken for a clean one
 */
export function auditFaults(report: AuditReport, allowances: Allowance[], today: string): string[] {
  const { auditReportVersion, vulnerabilities } = report;
  if (auditReportVersion !== 2 || !vulnerabilities) throw new Error(`npm audit gave no report: ${report.error?.summary ?? report.message ?? 'an answer of another form'}.`);
  const advisories = new Map(Object.values(vulnerabilities).flatMap(({ via }) => via.filter((one) => typeof one !== 'string')).map((one) => [idOf(one), one]));
  const grave = [...advisories].filter(([, { severity }]) => !accepted.includes(severity));
  const allowed = new Set(allowances.filter((one) => one.until >= today).map(({ id }) => id));
  return [
    ...grave.filter(([id]) => !allowed.has(id)).map(([id, { name, range, severity, title }]) => `${id} (${severity}): ${name} ${range}: ${title}.`),
    ...allowances.flatMap((one) => allowanceFaults(one, today, grave.some(([id]) => id === one.id))),
  ].toSorted();
}

const idOf = ({ url, source }: Advisory): string => /GHSA(-[0-9a-z]{4}){3}/.exec(url)?.[0] ?? String(source);

function allowanceFaults({ id, reason, until }: Allowance, today: string, isNeeded: boolean): string[] {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(until)) return [`The allowance for ${id} says no day until which it holds.`];
  if (!reason.trim()) return [`The allowance for ${id} says no reason.`];
  if (until < today) return [`The allowance for ${id} ended on ${until}: update the package, or decide anew.`];
  return isNeeded ? [] : [`The allowance for ${id} is not needed: take it out.`];
}
