import { afterEach, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTurns } from './turns.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const request = { method: 'GET', path: '/', headers: {} };

async function listen(answer: (server: Server) => Parameters<typeof createServer>[1], port = 0): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer((...asked) => answer(server)?.(...asked));
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const close = (): Promise<void> => new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections()));
  closers.push(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
const named = (name: string) => () => (_: unknown, response: { end: (text: string) => unknown }) => void response.end(name);

function open(urls: string[]) {
  const turns = createTurns(urls);
  closers.push(turns.close);
  return turns;
}

it('both are asked in turn; one that refuses is left out, and no request fails of it', async () => {
  const [one, other] = [await listen(named('un')), await listen(named('deux'))];
  const turns = open([one.url, other.url]);
  expect([(await turns.ask(request)).body, (await turns.ask(request)).body].sort()).toEqual(['deux', 'un']);
  await other.close();
  const asked = [];
  for (let n = 0; n < 6; n += 1) asked.push(await turns.ask(request));
  expect(asked.map(({ body, failure }) => failure ?? body)).toEqual(Array(6).fill('un'));
  expect(turns.refused()).toBe(1);
});

it('what a server took and left is told, and not asked again', async () => {
  let taken = 0;
  const cut = await listen(() => (asked) => {
    taken += 1;
    asked.socket.destroy();
  });
  const turns = open([cut.url]);
  expect((await turns.ask(request)).failure).toBe('ECONNRESET');
  expect(taken).toBe(1);
});

it('a status outside of 2xx is a failure', async () => {
  const ill = await listen(() => (_, response) => void response.writeHead(503).end());
  expect((await open([ill.url]).ask(request)).failure).toBe('503');
});

it('with every server away it says so', async () => {
  const { url, close } = await listen(named('un'));
  await close();
  await expect(open([url]).ask(request)).rejects.toThrow('every server refuses connections');
});
