import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../measurement.ts';
import { cpuMs } from '../process/process-usage.ts';

const lookMs = 400;
/** Share of one core below which the suite is held to have nothing left to do. */
const quietShare = 0.2;

const total = (used: Record<string, number>): number => Object.values(used).reduce((sum, ms) => sum + ms, 0);

/** Waits until what earlier requests have left behind (events, deliveries) is done: servers and databases use little CPU. At most `mostMs`. */
export async function settle(bench: Bench, mostMs = bench.quick ? 400 : 30_000): Promise<void> {
  const pids = await bench.pids();
  const end = performance.now() + mostMs;
  for (let before = total(cpuMs(pids)); performance.now() < end; ) {
    await sleep(lookMs);
    const now = total(cpuMs(pids));
    if (now - before < lookMs * quietShare) return;
    before = now;
  }
}
