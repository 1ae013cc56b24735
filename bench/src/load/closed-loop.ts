import autocannon from 'autocannon';
import { spread } from './latency.ts';
import type { Load, WireRequest } from './request.ts';

export const connections = 16;

/** How long: so many seconds, or fewer once so many requests are through. */
export type Extent = { seconds: number; most?: number };

/**
 * Asks as fast as answers come, on 16 connections that stay open.
 * @param next the request to be sent, by its number from 0
 */
export async function closedLoop(url: string, next: (n: number) => WireRequest, { seconds, most }: Extent): Promise<Load> {
  let n = 0;
  const times: number[] = [];
  let lastMs = 0;
  let stopping: NodeJS.Timeout | undefined;
  const began = performance.now();
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(
      { url, connections: Math.min(connections, most ?? connections), ...(most === undefined ? { duration: seconds } : { amount: most }), timeout: 30, requests: [{ setupRequest: (base) => ({ ...base, ...(next((n += 1) - 1) as autocannon.Request) }) }] },
      (error: Error | null, done) => (error ? reject(error) : resolve(done)),
    );
    running.on('response', (_client, status, _bytes, ms) => {
      lastMs = performance.now() - began;
      if (status >= 200 && status < 300) times.push(ms);
    });
    if (most !== undefined) stopping = setTimeout(() => running.stop?.(), seconds * 1000);
  });
  clearTimeout(stopping);
  return { perSecond: (times.length / Math.max(1, lastMs)) * 1000, ...spread(times), answered: times.length, failed: result.non2xx + result.errors + result.timeouts };
}
