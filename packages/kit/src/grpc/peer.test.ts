import { afterEach, expect, test } from '@jest/globals';
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { EchoService } from './echo-service.memory.ts';
import { connect, implement, methodName, openPeer, serve, type Handlers } from './index.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(handlers: Handlers<typeof EchoService> = { publicEcho: async ({ value }) => ({ value }) }, port = 0) {
  const server = await serve({
    services: [implement(EchoService, handlers)],
    host: '127.0.0.1',
    port,
    publicMethods: EchoService.methods.filter(({ localName }) => localName in handlers).map(methodName),
    log: createLogger({ service: 'e', level: 'silent' }),
    metrics: createMetrics('e'),
  });
  closers.push(() => server.close(0));
  return server;
}

/** A way to a port that keeps the connections made through it. */
async function startCounting(targetPort: number) {
  const connections: Socket[] = [];
  const between = createServer((near) => {
    connections.push(near);
    const far = connectTcp(targetPort, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const end of [near, far]) end.on('error', () => end.destroy()).on('close', () => (near.destroy(), far.destroy()));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => between.once('listening', resolve));
  closers.push(() => {
    for (const socket of connections) socket.destroy();
    return new Promise((resolve) => between.close(resolve));
  });
  const isOpen = (): number => connections.filter((socket) => !socket.destroyed).length;
  return { address: `127.0.0.1:${(between.address() as AddressInfo).port}`, connections, isOpen };
}

async function settle(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

test('clients of one peer share its connection; closing one leaves the other, the last one ends it', async () => {
  const { address, connections, isOpen } = await startCounting((await start()).port);
  const peer = openPeer('essai', { address });
  const [one, other] = [peer.connect(EchoService), peer.connect(EchoService)];
  await Promise.all([one, other, one, other].map((client) => client.publicEcho({ value: 'x' })));
  expect(connections).toHaveLength(1);
  one.close();
  one.close();
  expect((await other.publicEcho({ value: 'encore' })).value).toBe('encore');
  expect([connections.length, isOpen()]).toEqual([1, 1]);
  other.close();
  await settle(() => isOpen() === 0);
});

test('clients that were connected each on its own have a connection each', async () => {
  const { address, connections } = await startCounting((await start()).port);
  for (const client of [connect(EchoService, { address }), connect(EchoService, { address })]) {
    closers.push(() => client.close());
    await client.publicEcho({});
  }
  expect(connections).toHaveLength(2);
});

test('a peer that one client finds again after a restart is there for the others at once', async () => {
  const first = await start();
  const peer = openPeer('essai', { address: `127.0.0.1:${first.port}` });
  const clients = Array.from({ length: 7 }, () => peer.connect(EchoService));
  for (const client of clients) {
    closers.push(() => client.close());
    await client.publicEcho({});
  }
  const [one, ...others] = clients as [(typeof clients)[0], ...typeof clients];
  let server = first;
  for (let restart = 0; restart < 3; restart += 1) {
    await server.close(0);
    for (const client of clients) await expect(client.publicEcho({})).rejects.toMatchObject({ kind: 'unavailable' });
    await sleep(500); // tries again later and later
    server = await start(undefined, first.port);
    while (!(await one.publicEcho({}).then(() => true, () => false))) await sleep(20);
    expect(await Promise.allSettled(others.map((client) => client.publicEcho({ value: 'là' })))).toEqual(others.map(() => ({ status: 'fulfilled', value: expect.objectContaining({ value: 'là' }) })));
  }
});

test('an answer that nobody reads holds no call of another client', async () => {
  const piece = { value: 'x'.repeat(64 * 1024) };
  const { port } = await start({
    publicEcho: async ({ value }) => ({ value }),
    spread: async function* () {
      while (true) yield piece;
    },
  });
  const peer = openPeer('essai', { address: `127.0.0.1:${port}` });
  const [reader, other] = [peer.connect(EchoService), peer.connect(EchoService)];
  closers.push(() => reader.close(), () => other.close());
  const answers = (await reader.spread({}))[Symbol.asyncIterator]();
  await sleep(500); // as much as may be on its way is there
  expect((await other.publicEcho({ value: 'x'.repeat(1024 * 1024) }, { deadlineMs: 3_000 })).value).toHaveLength(1024 * 1024);
  await answers.return?.();
});
