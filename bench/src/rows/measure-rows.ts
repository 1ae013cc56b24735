import { countRow, idleCounts } from '../counters/count-row.ts';
import type { Frame } from '../inspector/dearest-frames.ts';
import { createInspectors, type Inspectors } from '../inspector/open-inspectors.ts';
import { profileRow } from '../inspector/profile-row.ts';
import { sampleAllocations } from '../inspector/sample-allocations.ts';
import type { Bench } from '../measurement.ts';
import { settle } from '../suite/settle.ts';
import { withoutIa } from '../suite/without-ia.ts';
import type { Target } from '../target/target.ts';
import type { RowMeasured } from './measured.ts';
import { measureRow } from './measure-row.ts';
import type { Pace } from './pace.ts';
import type { Row, Stock } from './row.ts';

/** The dearest frames by row, server and process. */
export type Profiles = Record<string, Record<string, Record<string, Frame[]>>>;

/** `profiles` is the folder that keeps CPU profiles, where they are asked for. */
export type RowsOptions = { bench: Bench; pace: Pace; stock: Stock; targets: readonly Target[]; profiles?: string };

/** What only reads comes first: what is written makes tables longer. */
const inOrder = (rows: readonly Row[]): Row[] => [...rows.filter(({ method }) => method === 'GET'), ...rows.filter(({ method }) => method !== 'GET')];

/**
 * Measures rows: first all times, then, with the inspectors open, what is allocated and profiled.
 * @returns rows by name
 */
export async function measureRows(rows: readonly Row[], options: RowsOptions): Promise<{ rows: Record<string, RowMeasured>; profiles: Profiles }> {
  const { bench, pace, stock, targets } = options;
  const measured: Record<string, RowMeasured> = {};
  const profiles: Profiles = {};
  const inspectors = createInspectors();
  const [withIa, without] = [rows.filter((row) => !row.withoutIa), rows.filter((row) => row.withoutIa)];

  const time = async (some: readonly Row[]): Promise<void> => {
    const idle = await idleCounts(bench);
    for (const row of inOrder(some)) {
      const found = await measureRow({ bench, stock, row, pace }, targets);
      measured[row.name] = { ...found, ...(found.targets.suite ? { counts: await countRow(bench, { row, stock, requests: pace.counted, idle }) } : {}) };
      bench.log(`… ${row.title}: ${Object.entries(found.targets).map(([name, { perSecond }]) => `${name} ${perSecond.toFixed(0)}/s`).join(', ')}`);
    }
  };
  const inspect = async (some: readonly Row[]): Promise<void> => {
    for (const row of inOrder(some)) {
      for (const target of targets) await inspectRow(row, target, { ...options, inspectors, measured, found: profiles });
      if (row.method !== 'GET') await settle(bench);
    }
  };

  await settle(bench);
  await time(withIa);
  if (without.length > 0) await withoutIa(bench, async () => {
    await time(without);
    await inspect(without);
  });
  await inspect(withIa); // last: a process with an open inspector takes half a minute to stop
  inspectors.close();
  return { rows: measured, profiles };
}

type Inspection = RowsOptions & { inspectors: Inspectors; measured: Record<string, RowMeasured>; found: Profiles };

async function inspectRow(row: Row, target: Target, { bench, pace, stock, profiles: folder, inspectors, measured, found }: Inspection): Promise<void> {
  const into = measured[row.name]?.targets[target.name];
  if (!into) return; // a server without this row
  if (folder === undefined && !pace.sampledOf.includes(target.name)) return;
  const open = await inspectors.of(target);
  into.allocated = await sampleAllocations(open, { bench, target, row, stock, requests: pace.sampled });
  if (folder === undefined) return;
  const frames = await profileRow(open, { bench, target, row, stock, seconds: pace.seconds, folder });
  found[row.name] = { ...found[row.name], [target.name]: frames };
}
