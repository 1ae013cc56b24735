import type { RowMeasured } from '../rows/measured.ts';
import { ms, percent } from './cells.ts';
import { markdownTable } from './markdown-table.ts';

/** What is asked of a row: the least share of the floor's and the hop's requests/s, the most CPU milliseconds of all servers and databases for one answer. */
export type Limit = { floor?: number; hop?: number; cpuMs?: number };

/** On two cores, with the load generator on the same machine. */
export const limits: Readonly<Record<string, Limit>> = {
  'me': { floor: 0.2, hop: 0.6, cpuMs: 1 },
  'fiche-get': { floor: 0.2, hop: 0.6, cpuMs: 1.5 },
  'fiche-list': { floor: 0.2, hop: 0.6, cpuMs: 4 },
  'appointment-list': { cpuMs: 2 },
  'fiche-create': { floor: 0.2, hop: 0.5, cpuMs: 6 },
  'fiche-edit-diagnostic': { floor: 0.2, hop: 0.5 },
  'appointment-create': { floor: 0.2, hop: 0.5, cpuMs: 2.5 },
};

/** A figure beside what is asked of it; what misses it is bold. */
function cell(value: number | undefined, asked: number | undefined, format: (value: number | undefined) => string, isMet: (value: number, asked: number) => boolean): string {
  if (value === undefined || asked === undefined) return '';
  const words = format(value);
  return `${isMet(value, asked) ? words : `**${words}**`} (${format(asked)})`;
}

/** The rows of which something is asked, as a table; undefined where none was measured. Nothing is asserted. */
export function limitsReport(rows: Readonly<Record<string, RowMeasured>>): string | undefined {
  const atLeast = (value: number, asked: number): boolean => value >= asked;
  const atMost = (value: number, asked: number): boolean => value <= asked;
  const lines = Object.entries(limits).flatMap(([name, { floor, hop, cpuMs }]) => {
    const row = rows[name];
    return row?.targets.suite ? [[row.title, cell(row.ratios.floor, floor, percent, atLeast), cell(row.ratios.hop, hop, percent, atLeast), cell(row.targets.suite.cpuTotal, cpuMs, ms, atMost)]] : [];
  });
  return lines.length > 0 ? markdownTable(['measured (asked)', 'of the floor, at least', 'of the hop, at least', 'CPU ms, at most'], lines) : undefined;
}
