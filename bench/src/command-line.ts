import { parseArgs } from 'node:util';
import { measurements } from './measurements.ts';
import type { Measurement } from './measurement.ts';
import type { Row } from './rows/row.ts';
import { rows } from './rows/rows.ts';

/** What is to be measured, and where it goes. */
export type Plan = { rows: readonly Row[]; measurements: readonly Measurement[]; quick: boolean; profile: boolean; writeDocs: boolean; json?: string };

/** All names that `--only` takes. */
export const knownNames = (): string[] => [...new Set(['rows', ...rows.map(({ group }) => group), ...rows.map(({ name }) => name), ...measurements.map(({ name }) => name)])];

/**
 * Reads the words of `npm run bench`.
 * @throws with a sentence for a name or an option that is unknown
 */
export function readPlan(args: readonly string[]): Plan {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { only: { type: 'string' }, quick: { type: 'boolean' }, profile: { type: 'boolean' }, json: { type: 'string' }, 'write-docs': { type: 'boolean' } } });
  const names = [...positionals, ...(values.only ?? '').split(',')].map((name) => name.trim()).filter(Boolean);
  const unknown = names.filter((name) => !knownNames().includes(name));
  if (unknown.length > 0) throw new Error(`No such measurement: ${unknown.join(', ')}; known are ${knownNames().join(', ')}.`);
  const quick = values.quick ?? false;
  return { ...chosen(names, quick), quick, profile: values.profile ?? false, writeDocs: values['write-docs'] ?? false, ...(values.json ? { json: values.json } : {}) };
}

function chosen(names: readonly string[], quick: boolean): Pick<Plan, 'rows' | 'measurements'> {
  if (names.length === 0) return { rows: rows.filter(({ byNameOnly }) => !byNameOnly), measurements: measurements.filter(({ byNameOnly, notQuick }) => !byNameOnly && !(quick && notQuick)) };
  return {
    rows: rows.filter((row) => names.includes(row.name) || names.includes(row.group) || (names.includes('rows') && !row.byNameOnly)),
    measurements: measurements.filter(({ name }) => names.includes(name)),
  };
}
