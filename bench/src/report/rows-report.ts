import type { RowMeasured, TargetMeasured } from '../rows/measured.ts';
import { count, kilobytes, ms, percent, rate } from './cells.ts';
import { limitsReport } from './limits.ts';
import { markdownTable } from './markdown-table.ts';

const sum = (by: Record<string, number> | undefined): number | undefined => by && Object.values(by).reduce((total, one) => total + one, 0);

/** Rows by name as tables: the suite's figures, what is asked of them, its CPU by process, and the other servers'. */
export function rowsReport(rows: Readonly<Record<string, RowMeasured>>): string {
  const all = Object.values(rows);
  const cpu = `CPU ms by process for one answer of the suite, what each process does anyway included:\n\n${cpuTable(all, 'suite')}`;
  return [suiteTable(all), limitsReport(rows), cpu, ...othersTables(all), notesOf(all)].filter((part) => part !== undefined).join('\n\n');
}

function suiteTable(rows: readonly RowMeasured[]): string {
  const open = ({ open: loops }: TargetMeasured, share: number): string => {
    const loop = loops.find((one) => one.share === share);
    return loop ? `${ms(loop.p50)} / ${ms(loop.p99)}${loop.failed > 0 ? ` (${loop.failed} failed)` : ''}` : '';
  };
  return markdownTable(
    ['suite', 'requests/s', 'p50 ms', 'p99 ms', 'errors', 'of the floor', 'of the hop', 'CPU ms', 'SQL', 'gRPC', 'allocated kB', 'at 50 %, p50 / p99 ms', 'at 80 %, p50 / p99 ms'],
    rows.flatMap(({ title, targets: { suite }, ratios, counts }) => (suite ? [[title, rate(suite.perSecond), ms(suite.p50), ms(suite.p99), String(suite.failed), percent(ratios.floor), percent(ratios.hop), ms(suite.cpuTotal), count(sum(counts?.sql)), count(sum(counts?.grpc)), kilobytes(sum(suite.allocated)), open(suite, 0.5), open(suite, 0.8)]] : [])),
  );
}

function cpuTable(rows: readonly RowMeasured[], name: 'suite' | 'floor' | 'hop'): string {
  const processes = [...new Set(rows.flatMap(({ targets }) => Object.keys(targets[name]?.cpu ?? {})))];
  return markdownTable([name, ...processes, 'all'], rows.flatMap(({ title, targets }) => {
    const one = targets[name];
    return one ? [[title, ...processes.map((process) => ms(one.cpu[process])), ms(one.cpuTotal)]] : [];
  }));
}

/** The floor and the hop by themselves, where they were measured. */
function othersTables(rows: readonly RowMeasured[]): string[] {
  return (['floor', 'hop'] as const).flatMap((name) => {
    const having = rows.flatMap(({ title, targets }) => (targets[name] ? [{ title, one: targets[name] }] : []));
    if (having.length === 0) return [];
    return [markdownTable([name, 'requests/s', 'p50 ms', 'p99 ms', 'errors', 'CPU ms', 'allocated kB'], having.map(({ title, one }) => [title, rate(one.perSecond), ms(one.p50), ms(one.p99), String(one.failed), ms(one.cpuTotal), kilobytes(sum(one.allocated))]))];
  });
}

const notesOf = (rows: readonly RowMeasured[]): string | undefined => {
  const lines = rows.flatMap(({ title, notes }) => notes.map((note) => `- ${title}: ${note}`));
  return lines.length > 0 ? lines.join('\n') : undefined;
};
