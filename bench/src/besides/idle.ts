import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs, memoryBytes } from '../capacity/process-usage.ts';
import type { Bench, Found, Measurement } from '../measurement.ts';
import { markdownTable } from '../table.ts';
import { megabytes, memoryOf, sumOf, type Memory } from './memory.ts';
import { partNames, pidOf, serviceNames } from './names.ts';

/** Of one process at rest; `cpu` is its share of one core, 0.01 being 1 %. A part's processes are counted together, without RSS. */
type Rest = { cpu: number; rss: number | undefined; pss: number };

/** What the suite uses while nobody asks anything: the share of a core by process, and memory. */
export const idle: Measurement = {
  name: 'idle',
  title: 'At rest',
  async run(bench) {
    const [quietMs, seconds] = bench.quick ? [5_000, 15] : [30_000, 60];
    await sleep(quietMs);
    const cpu = await cpuShares(bench, seconds);
    const pids = await bench.pids();
    const services = Object.fromEntries(serviceNames.map((name): [string, Rest] => [name, { cpu: cpu[name] ?? 0, ...memoryOf(pidOf(pids, name)) }]));
    const parts = Object.fromEntries(partNames.map((name): [string, Rest] => [name, { cpu: cpu[name] ?? 0, rss: undefined, pss: memoryBytes(pidOf(pids, name)) }]));
    const together = { cpu: serviceNames.reduce((sum, name) => sum + (cpu[name] ?? 0), 0), ...sumOf(Object.values(services) as Memory[]) };
    return write({ seconds, services, together, parts });
  },
};

/** The share of one core that each process used during so many seconds, its children included. */
async function cpuShares(bench: Bench, seconds: number): Promise<Record<string, number>> {
  const pids = await bench.pids();
  const names = [...serviceNames, ...partNames];
  const read = (): number[] => names.map((name) => cpuMs(pidOf(pids, name)));
  const [before, began] = [read(), performance.now()];
  await sleep(seconds * 1_000);
  const [after, ms] = [read(), performance.now() - began];
  return Object.fromEntries(names.map((name, i) => [name, ((after[i] ?? 0) - (before[i] ?? 0)) / ms]));
}

function write(json: { seconds: number; services: Record<string, Rest>; together: Rest; parts: Record<string, Rest> }): Found {
  const row = (name: string, { cpu, rss, pss }: Rest): string[] => [name, `${(cpu * 100).toFixed(2)} %`, rss === undefined ? '' : megabytes(rss), megabytes(pss)];
  const rows = [...Object.entries(json.services), ['the six services', json.together] as const, ...Object.entries(json.parts)].map(([name, rest]) => row(name, rest));
  return { table: markdownTable([`at rest, ${json.seconds} s`, 'CPU of one core', 'RSS, MB', 'PSS, MB'], rows), json };
}
