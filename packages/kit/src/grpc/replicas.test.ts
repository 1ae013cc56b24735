import { afterEach, expect, test } from '@jest/globals';
import { connect as connectTcp, createServer, type AddressInfo } from 'node:net';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { EchoService } from './echo-service.memory.ts';
import { connect, implement, serve } from './index.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A replica that answers with its name. */
async function startReplica(name: string, port = 0, connectionAgeMs?: number) {
  const server = await serve({
    services: [implement(EchoService, { publicEcho: async () => ({ value: name }) })], host: '127.0.0.1', port, publicMethods: ['essai.v1.EchoService/PublicEcho'],
    log: createLogger({ service: 'e', level: 'silent' }), metrics: createMetrics('e'), connectionAgeMs,
  });
  closers.push(() => server.close(0));
  return server;
}

function open(address: string) {
  const client = connect(EchoService, { address });
  closers.push(() => client.close());
  return client;
}

async function namesOf(client: ReturnType<typeof open>, calls: number): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: calls }, () => client.publicEcho({})));
  return [...new Set(answers.map(({ value }) => value))].sort();
}

async function until(client: ReturnType<typeof open>, names: string[]): Promise<void> {
  while ((await namesOf(client, 8)).join() !== names.join()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('calls take turns among the replicas of a service; without one they go on, and it has its share again when it is back', async () => {
  const [one, other] = [await startReplica('un'), await startReplica('deux')];
  const client = open(`ipv4:127.0.0.1:${one.port},127.0.0.1:${other.port}`);
  await until(client, ['deux', 'un']);
  await other.close(1_000);
  await until(client, ['un']);
  expect(await namesOf(client, 50)).toEqual(['un']);
  await startReplica('deux', other.port);
  await until(client, ['deux', 'un']);
});

test('a name with one answering address is one replica, whatever else it resolves to', async () => {
  const { port } = await startReplica('un');
  expect(await namesOf(open(`localhost:${port}`), 20)).toEqual(['un']);
});

test('a connection is replaced from time to time, and no call notices', async () => {
  const { port } = await startReplica('un', 0, 100);
  const connections: unknown[] = [];
  const between = createServer((socket) => {
    connections.push(socket);
    const behind = connectTcp(port, '127.0.0.1');
    socket.pipe(behind).pipe(socket);
    closers.push(() => socket.destroy(), () => behind.destroy());
    for (const end of [socket, behind]) end.on('error', () => end.destroy());
  }).listen(0, '127.0.0.1');
  closers.push(() => between.close());
  await new Promise((resolve) => between.once('listening', resolve));
  const client = open(`127.0.0.1:${(between.address() as AddressInfo).port}`);
  while (connections.length < 4) expect(await namesOf(client, 4)).toEqual(['un']);
});
