import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { dueBy, openLoop } from './open-loop.ts';

const request = () => ({ method: 'GET', path: '/', headers: {} });
const servers: Server[] = [];

/** A server that answers its n-th request as `answer` says. */
async function serve(answer: (n: number) => { status: number; afterMs: number }): Promise<string> {
  let n = 0;
  const server = createServer((_, response) => {
    const { status, afterMs } = answer((n += 1) - 1);
    setTimeout(() => response.writeHead(status).end('x'), afterMs);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('an open loop', () => {
  it('has one arrival due at the start, then one by interval, and no more than all', () => {
    expect([0, 9, 10, 25, 10_000].map((ms) => dueBy(ms, 100, 50))).toEqual([1, 1, 2, 3, 50]);
  });

  it('sends as many as the rate says, whatever is answered', async () => {
    const url = await serve((n) => ({ status: n % 2 === 0 ? 200 : 503, afterMs: 0 }));
    const load = await openLoop(url, request, { rate: 200, seconds: 0.5 });
    expect([load.answered, load.failed]).toEqual([50, 50]);
  });

  it('does not wait for an answer before the next is sent', async () => {
    const url = await serve(() => ({ status: 200, afterMs: 300 }));
    const load = await openLoop(url, request, { rate: 100, seconds: 0.3 });
    expect(load.answered).toBe(30);
    // One after the other they would take nine seconds.
    expect(load.perSecond).toBeGreaterThan(5);
    expect(load.p50).toBeGreaterThanOrEqual(295);
  });
});
