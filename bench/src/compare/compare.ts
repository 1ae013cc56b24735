import type { Report } from '../report/report.ts';
import { times } from '../report/cells.ts';
import { markdownTable } from '../report/markdown-table.ts';

const ratio = (b: number | undefined, a: number | undefined): number | undefined => (a && b !== undefined ? b / a : undefined);

/** What became of each row that two runs share, the second over the first: the suite's figures, and the floor's rate, which tells how far the machine itself differed. */
export function compareReports(a: Report, b: Report): string {
  const rows = Object.entries(a.rows).flatMap(([name, { title, targets, ratios }]) => {
    const [before, after, other] = [targets.suite, b.rows[name]?.targets.suite, b.rows[name]];
    if (!before || !after) return [];
    return [[
      title, times(ratio(after.perSecond, before.perSecond)), times(ratio(after.p50, before.p50)), times(ratio(after.p99, before.p99)), times(ratio(after.cpuTotal, before.cpuTotal)),
      times(ratio(other?.ratios.floor, ratios.floor)), times(ratio(other?.targets.floor?.perSecond, targets.floor?.perSecond)),
    ]];
  });
  return markdownTable(['b / a', 'requests/s', 'p50', 'p99', 'CPU ms', 'share of the floor', "the floor's requests/s"], rows);
}
