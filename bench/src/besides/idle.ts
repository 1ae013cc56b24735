import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Measurement } from '../measurement.ts';
import { cpuMs, memoryBytes } from '../process/process-usage.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { megabytes } from '../report/cells.ts';
import { only, partNames, serviceNames, sum } from './names.ts';

/** Of one process at rest, its children included: `cpu` is its share of one core (0.01 is 1 %), memory in bytes. */
type Rest = { cpu: number; rss: number; pss: number };

/** What the suite uses while nobody asks anything: the share of a core by process, and memory. */
export const idle: Measurement = {
  name: 'idle',
  title: 'At rest',
  async run(bench) {
    const [quietMs, seconds] = bench.quick ? [2_000, 5] : [30_000, 60];
    await sleep(quietMs);
    const all = await restOf(bench, seconds);
    const [services, parts] = [only(all, serviceNames), only(all, partNames)];
    const together = togetherOf(Object.values(services));
    // Memory that PostgreSQL's processes share would count once for each of them: of parts only PSS is told.
    const row = (name: string, { cpu, rss, pss }: Rest): string[] => [name, `${(cpu * 100).toFixed(2)} %`, name in parts ? '' : megabytes(rss), megabytes(pss)];
    const rows = [...Object.entries(services), ['**the six services**', together] as const, ...Object.entries(parts)].map(([name, rest]) => row(name, rest));
    return { table: markdownTable([`at rest, ${seconds} s`, 'CPU, of one core', 'RSS, MB', 'PSS, MB'], rows), json: { seconds, services, together, parts } };
  },
};

async function restOf(bench: Bench, seconds: number): Promise<Record<string, Rest>> {
  const pids = await bench.pids();
  const [before, began] = [cpuMs(pids), performance.now()];
  await sleep(seconds * 1_000);
  const [after, ms] = [cpuMs(pids), performance.now() - began];
  const memory = memoryBytes(pids);
  return Object.fromEntries(Object.keys(pids).map((name) => [name, { cpu: ((after[name] ?? 0) - (before[name] ?? 0)) / ms, rss: memory[name]?.rss ?? 0, pss: memory[name]?.pss ?? 0 }]));
}

const togetherOf = (all: readonly Rest[]): Rest => ({ cpu: sum(all.map(({ cpu }) => cpu)), rss: sum(all.map(({ rss }) => rss)), pss: sum(all.map(({ pss }) => pss)) });
