import type { Logger } from '../log/index.ts';
import { createTimer, type Timer } from '../work/timer.ts';

const everyMs = 20_000;

/**
 * Reads the gauges that need a database, one after the other, from its start on and then every 20 s: not as the series
 * are asked for, so that who asks often costs nothing. One that cannot be read keeps its last value and stops no other.
 */
export function createGaugeReader({ reads, log }: { reads: readonly (() => Promise<void>)[]; log: Logger }): Timer {
  const failed = (err: unknown): void => log.warn({ err, task: 'gauges' }, 'gauges could not be read, the next attempt comes in 20 s');
  return createTimer({
    async run() {
      for (const read of reads) await read().catch(failed);
    },
    intervalMs: everyMs,
    onError: failed,
  });
}
