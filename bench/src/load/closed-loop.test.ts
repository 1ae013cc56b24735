import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { closedLoop, connections } from './closed-loop.ts';

const servers: Server[] = [];

async function serve(answer: (path: string) => { status: number; afterMs: number }): Promise<string> {
  const server = createServer((request, response) => {
    const { status, afterMs } = answer(request.url ?? '');
    setTimeout(() => response.writeHead(status).end('x'), afterMs);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const request = (n: number) => ({ method: 'GET', path: `/${n}`, headers: {} });

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('a closed loop', () => {
  it('sends no more than it has objects for, each once', async () => {
    const asked: string[] = [];
    const url = await serve((path) => (asked.push(path), { status: 200, afterMs: 1 }));
    const load = await closedLoop(url, request, { seconds: 20, most: 40 });
    expect([load.answered, load.failed]).toEqual([40, 0]);
    expect(new Set(asked).size).toBe(40);
  });

  it('counts what is not answered within 2xx as an error', async () => {
    const url = await serve((path) => ({ status: Number(path.slice(1)) % 4 === 0 ? 500 : 201, afterMs: 1 }));
    const load = await closedLoop(url, request, { seconds: 20, most: 40 });
    expect([load.answered, load.failed]).toEqual([30, 10]);
  });

  it('goes on beyond its time until something is answered', async () => {
    const url = await serve(() => ({ status: 200, afterMs: 600 }));
    const load = await closedLoop(url, request, { seconds: 0.1 });
    expect(load.answered).toBeGreaterThanOrEqual(connections);
    expect(load.p50).toBeGreaterThanOrEqual(595);
  });
});
