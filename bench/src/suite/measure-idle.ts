import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../measurement.ts';
import { cpuMs } from '../process/process-usage.ts';
import { settle } from './settle.ts';

/** CPU milliseconds by second of each process while nobody asks for anything. */
export async function measureIdle(bench: Bench): Promise<Record<string, number>> {
  await settle(bench);
  const pids = await bench.pids();
  const [before, began] = [cpuMs(pids), performance.now()];
  await sleep(bench.quick ? 2_000 : 10_000);
  const seconds = (performance.now() - began) / 1000;
  return Object.fromEntries(Object.entries(cpuMs(pids)).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / seconds]));
}
