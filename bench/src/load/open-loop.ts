import { Agent, request as httpRequest } from 'node:http';
import { spread } from './latency.ts';
import type { Load, WireRequest } from './request.ts';

/** Beyond so many under way none is sent until one is answered; its time still counts from when it was due. */
const maxSockets = 512;
/** How long the last answers are waited for; what is not answered then has failed. */
const graceMs = 15_000;

/** Arrivals that are due at `elapsedMs` of a schedule of `rate` by second, the first at 0. */
export const dueBy = (elapsedMs: number, rate: number, total: number): number => Math.min(total, Math.floor((elapsedMs * rate) / 1000) + 1);

/**
 * Requests arrive at a fixed rate, whatever the answers do. Each one's time counts from the moment that it was due, so
 * that a server that stops is charged for all who would have come meanwhile (no coordinated omission). Arrivals are
 * looked at every millisecond: half a millisecond of each time is the generator's.
 * @param next the request to be sent, by its number from 0
 */
export async function openLoop(url: string, next: (n: number) => WireRequest, { rate, seconds }: { rate: number; seconds: number }): Promise<Load> {
  const total = Math.max(1, Math.round(rate * seconds));
  const agent = new Agent({ keepAlive: true, maxSockets });
  const { hostname, port } = new URL(url);
  const times: number[] = [];
  let [sent, ended, failed] = [0, 0, 0];
  const began = performance.now();

  const send = (n: number, finished: () => void): void => {
    const dueMs = began + (n * 1000) / rate;
    const { method, path, headers, body } = next(n);
    const end = (isGood: boolean): void => {
      ended += 1;
      if (isGood) times.push(performance.now() - dueMs);
      else failed += 1;
      if (ended === total) finished();
    };
    const asked = httpRequest({ agent, hostname, port, method, path, headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) } }, (response) => {
      const isGood = (response.statusCode ?? 0) >= 200 && (response.statusCode ?? 0) < 300;
      response.on('end', () => end(isGood)).on('error', () => end(false)).resume();
    });
    asked.on('error', () => end(false)).end(body);
  };

  await new Promise<void>((resolve) => {
    const patience = setTimeout(() => ((failed += total - ended), resolve()), seconds * 1000 + graceMs);
    const finished = (): void => (clearTimeout(patience), resolve());
    const tick = (): void => {
      for (const due = dueBy(performance.now() - began, rate, total); sent < due; sent += 1) send(sent, finished);
      if (sent < total) setTimeout(tick, 1);
    };
    tick();
  });
  const elapsedMs = performance.now() - began;
  agent.destroy();
  return { perSecond: (times.length / elapsedMs) * 1000, ...spread(times), answered: times.length, failed };
}
