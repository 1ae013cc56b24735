import autocannon from 'autocannon';
import { spread } from './latency.ts';
import type { Load, WireRequest } from './request.ts';

export const connections = 16;

/** How long: so many seconds, or fewer once `most` requests are through; longer while fewer than `least` have been answered. */
export type Extent = { seconds: number; most?: number; least?: number };

/** How long beyond its seconds a loop goes on at most for its least. */
const patienceMs = 10_000;
const lookMs = 50;

/**
 * Asks as fast as answers come, on 16 connections that stay open.
 * @param next the request to be sent, by its number from 0
 */
export async function closedLoop(url: string, next: (n: number) => WireRequest, { seconds, most, least = connections }: Extent): Promise<Load> {
  const [wantedMs, longestMs] = [seconds * 1000, seconds * 1000 + patienceMs];
  let n = 0;
  let lastMs = 0;
  const times: number[] = [];
  const began = performance.now();
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(
      {
        url, connections: Math.min(connections, most ?? connections), timeout: 30, sampleInt: lookMs,
        ...(most === undefined ? { duration: longestMs / 1000 } : { amount: most }),
        requests: [{ setupRequest: (base) => ({ ...base, ...(next((n += 1) - 1) as autocannon.Request) }) }],
      },
      (error: Error | null, done) => (clearInterval(looking), error ? reject(error) : resolve(done)),
    );
    const looking = setInterval(() => {
      const elapsedMs = performance.now() - began;
      if (elapsedMs >= longestMs || (elapsedMs >= wantedMs && times.length >= least)) running.stop?.();
    }, lookMs);
    running.on('response', (_client, status, _bytes, ms) => {
      lastMs = performance.now() - began;
      if (status >= 200 && status < 300) times.push(ms);
    });
  });
  return { perSecond: (times.length / Math.max(1, lastMs)) * 1000, ...spread(times), answered: times.length, failed: result.non2xx + result.errors + result.timeouts };
}
