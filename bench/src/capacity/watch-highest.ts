import type { Bench } from '../measurement.ts';
import { memoryBytes } from '../process/process-usage.ts';

export type Memory = Record<string, { rss: number; pss: number }>;

/** Looks every second at what each process holds, and keeps the highest, in bytes, until `end`. */
export async function watchHighest(bench: Bench): Promise<{ end: () => Memory }> {
  const pids = await bench.pids();
  const highest: Memory = {};
  const look = (): void => {
    for (const [name, { rss, pss }] of Object.entries(memoryBytes(pids))) highest[name] = { rss: Math.max(rss, highest[name]?.rss ?? 0), pss: Math.max(pss, highest[name]?.pss ?? 0) };
  };
  look();
  const looking = setInterval(look, 1_000);
  return { end: () => (clearInterval(looking), look(), highest) };
}
