import { afterEach, describe, expect, test } from '@jest/globals';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { createServer, connect as connectTcp, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Acteur } from '../acteur/index.ts';
import { AppError, unauthenticated } from '../errors/index.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { currentAdresse, runWithRequest } from '../telemetry/index.ts';
import { EchoService } from './echo-service.memory.ts';
import { connect, implement, serve, type CallContext, type Handlers } from './index.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const medecin: Acteur = { id: 7, role: 'medecin', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: 'bon' };
const echo: Handlers<typeof EchoService>['echo'] = async ({ value }) => ({ value: `${value} !` });

async function start(handlers: Handlers<typeof EchoService>, port = 0) {
  const lines: string[] = [];
  const metrics = createMetrics('essai');
  const server = await serve({
    services: [implement(EchoService, handlers)],
    host: '127.0.0.1',
    port,
    publicMethods: ['essai.v1.EchoService/PublicEcho'],
    verify: async (token) => {
      if (token !== 'bon') throw unauthenticated();
      return medecin;
    },
    log: createLogger({ service: 'essai', level: 'debug', stream: { write: (line) => void lines.push(line) } }),
    metrics,
  });
  closers.push(() => server.close(0));
  return { server, metrics, lines, address: `127.0.0.1:${server.port}` };
}

function open(address: string, deadlineMs?: number) {
  const client = connect(EchoService, { address, deadlineMs });
  closers.push(() => client.close());
  return client;
}

/** A call as bytes, below the client of the kit. */
function callRaw(address: string, path: string, bytes: Buffer, headers: Record<string, string> = {}): Promise<Buffer> {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.max_send_message_length': -1 });
  closers.push(() => client.close());
  const same = (value: Buffer): Buffer => value;
  const metadata = new Metadata();
  metadata.set('authorization', 'Bearer bon');
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, same, same, bytes, metadata, { deadline: Date.now() + 10_000 }, (error, response) => (error ? reject(error) : resolve(response as Buffer)));
  });
}

describe('a call', () => {
  test('reaches its handler with the actor, the request id and what travels beside the request', async () => {
    const seen: CallContext[] = [];
    const { address, metrics } = await start({ echo: async ({ value }, context) => (seen.push(context), { value }) });
    const client = open(address);
    const options = { token: 'bon', idempotencyKey: 'clé 1', accessReason: 'Garde de nuit, remplaçant', deadlineMs: 2_000 };
    const { value } = await runWithRequest({ requestId: 'req-1' }, () => client.echo({ value: 'été' }, options));
    expect(value).toBe('été');
    expect(seen[0]).toMatchObject({ acteur: medecin, requestId: 'req-1', idempotencyKey: 'clé 1', accessReason: 'Garde de nuit, remplaçant' });
    expect(seen[0]?.deadlineMs).toBeGreaterThan(0);
    expect(seen[0]?.deadlineMs).toBeLessThanOrEqual(2_000);
    expect(await metrics.registry.metrics()).toMatch(/grpc_server_duration_seconds_count\{.*method="essai.v1.EchoService\/Echo",code="ok".*\} 1/);
  });

  test('carries a reason that was cut inside a character', async () => {
    const { address } = await start({ echo: async (_, { accessReason }) => ({ value: accessReason ?? '' }) });
    const { value } = await open(address).echo({}, { token: 'bon', accessReason: 'Garde \ud83d' });
    expect(value).toBe('Garde \ufffd');
  });

  test.each([['  ', ''], ['%00%20', ''], ['%20Garde%00%20', 'Garde'], ['a'.repeat(5_000), 'a'.repeat(1_000)], ['100%', '100%']])('a reason is cleaned on arrival whoever wrote it (%#)', async (sent, kept) => {
    const seen: unknown[] = [];
    const { address } = await start({ echo: async (_, { accessReason }) => (seen.push(accessReason ?? ''), {}) });
    await callRaw(address, '/essai.v1.EchoService/Echo', Buffer.alloc(0), { 'x-access-reason': sent });
    expect(seen).toEqual([kept]);
  });

  test.each(['%00', 'a%0Ab', 'a'.repeat(256)])('with an idempotency key that cannot be kept is refused before its handler (%#)', async (key) => {
    let calls = 0;
    const { address } = await start({ echo: async () => ((calls += 1), {}) });
    await expect(callRaw(address, '/essai.v1.EchoService/Echo', Buffer.alloc(0), { 'x-idempotency-key': key })).rejects.toMatchObject({ code: 3, details: 'idempotence.cle_invalide' });
    expect(calls).toBe(0);
  });

  test('brings back an answer far larger than any request: a page of long fiches', async () => {
    const { address } = await start({ echo: async () => ({ value: 'x'.repeat(20 * 1024 * 1024) }) });
    const { value } = await open(address, 20_000).echo({}, { token: 'bon' });
    expect(value).toHaveLength(20 * 1024 * 1024);
  });

  test('has always a request id, and one that is no id is replaced', async () => {
    const ids: string[] = [];
    const client = open((await start({ publicEcho: async (_, { requestId }) => (ids.push(requestId), {}) })).address);
    await client.publicEcho({});
    await client.publicEcho({}, { requestId: 'Mwamba Kabila\n' });
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('passes its request id on to the calls made inside', async () => {
    const ids: string[] = [];
    const behind = open((await start({ publicEcho: async (_, { requestId }) => (ids.push(requestId), {}) })).address);
    const front = open((await start({ publicEcho: async () => behind.publicEcho({}) })).address);
    await front.publicEcho({}, { requestId: 'req-2' });
    expect(ids).toEqual(['req-2']);
  });
});

describe("the client's address", () => {
  async function seenBehind(options: { adresse?: string }): Promise<(string | undefined)[]> {
    const seen: (string | undefined)[] = [];
    const behind = open((await start({ publicEcho: async (_, { adresse }) => (seen.push(adresse, currentAdresse()), {}) })).address);
    const front = open((await start({ publicEcho: async () => behind.publicEcho({}) })).address);
    await front.publicEcho({}, options);
    return seen;
  }

  test.each(['203.0.113.7', '2001:db8::7', '::ffff:203.0.113.7', 'fe80::1%eth0'])('%s reaches the handler, the context and the calls made inside', async (adresse) => {
    expect(await seenBehind({ adresse })).toEqual([adresse, adresse]);
  });

  test.each(['', 'localhost', '203.0.113.7, 10.0.0.1', '203.0.113.7\nx', '256.1.1.1', `fe80::1%${'a'.repeat(100)}`])('%j is no address and is dropped', async (adresse) => {
    expect(await seenBehind({ adresse })).toEqual([undefined, undefined]);
  });

  test('what another client of gRPC writes there is checked on arrival', async () => {
    const seen: (string | undefined)[] = [];
    const { address } = await start({ echo: async (_, { adresse }) => (seen.push(adresse), {}) });
    for (const text of ['<script>', '203.0.113.7', '%00', "' OR 1=1"]) await callRaw(address, '/essai.v1.EchoService/Echo', Buffer.alloc(0), { 'x-client-address': text });
    expect(seen).toEqual([undefined, '203.0.113.7', undefined, undefined]);
  });

  test('is that of the request being served when the call gives none', async () => {
    const seen: (string | undefined)[] = [];
    const client = open((await start({ publicEcho: async (_, { adresse }) => (seen.push(adresse), {}) })).address);
    await runWithRequest({ requestId: 'req-3', adresse: '203.0.113.7' }, () => client.publicEcho({}));
    expect(seen).toEqual(['203.0.113.7']);
  });
});

describe('who may call', () => {
  test.each([undefined, 'faux'])('without a valid token (%s) a method is refused before its handler', async (token) => {
    let calls = 0;
    const client = open((await start({ echo: async () => ((calls += 1), {}) })).address);
    await expect(client.echo({}, { token })).rejects.toMatchObject({ kind: 'unauthenticated', code: 'token_not_valid' });
    expect(calls).toBe(0);
  });

  test('a public method ignores a broken token and knows a good one', async () => {
    const client = open((await start({ publicEcho: async (_, { acteur }) => ({ value: String(acteur?.id) }) })).address);
    expect((await client.publicEcho({}, { token: 'faux' })).value).toBe('undefined');
    expect((await client.publicEcho({}, { token: 'bon' })).value).toBe('7');
  });

  test('a public method that does not exist stops the start', async () => {
    const options = { services: [implement(EchoService, {})], host: '127.0.0.1', port: 0, publicMethods: ['Echo'], log: createLogger({ service: 'e' }), metrics: createMetrics('e') };
    await expect(serve(options)).rejects.toThrow('publicMethods names no served method: Echo');
  });
});

describe('errors', () => {
  test('an AppError arrives as it was thrown', async () => {
    const thrown = new AppError('exists', 'compte.existant', 'Ce téléphone a déjà un compte.', { fields: { téléphone: ['Déjà utilisé.'] } });
    const client = open((await start({ publicEcho: () => Promise.reject(thrown) })).address);
    await expect(client.publicEcho({})).rejects.toMatchObject({ kind: 'exists', code: 'compte.existant', detail: thrown.detail, fields: thrown.fields });
  });

  test('a large one arrives too', async () => {
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`champ_${index}`, ['é'.repeat(500)]]));
    const client = open((await start({ publicEcho: () => Promise.reject(new AppError('invalid', 'c', 'd', { fields })) })).address);
    await expect(client.publicEcho({})).rejects.toMatchObject({ kind: 'invalid', code: 'c' });
  });

  test('the text of an unknown error reaches neither the caller nor the log', async () => {
    const { address, lines } = await start({
      publicEcho: () => {
        throw new TypeError('Mwamba Kabila');
      },
    });
    const error = await open(address).publicEcho({}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'internal', detail: 'Une erreur interne est survenue.' });
    expect(JSON.stringify(error)).not.toContain('Mwamba');
    expect(lines.join('')).not.toContain('Mwamba');
    expect(JSON.parse(lines[0] as string)).toMatchObject({ level: 'error', method: 'essai.v1.EchoService/PublicEcho', err: { type: 'TypeError' }, request_id: expect.any(String) });
  });

  test('an answer that cannot be encoded is an internal error, hidden and logged', async () => {
    const { address, lines } = await start({ publicEcho: async () => ({ value: Object.create(null) as string }) });
    await expect(open(address).publicEcho({})).rejects.toMatchObject({ kind: 'internal' });
    expect(lines[0]).toContain('"level":"error"');
  });

  test('a method without a handler is unimplemented', async () => {
    const client = open((await start({})).address);
    await expect(client.missing({}, { token: 'bon' })).rejects.toMatchObject({ kind: 'unimplemented' });
  });

  test('broken bytes are INVALID_ARGUMENT, and so is a message over 8 MB for the caller', async () => {
    const { address } = await start({ echo });
    const error = (await callRaw(address, '/essai.v1.EchoService/Echo', Buffer.from([0x0a, 0xff])).catch((thrown: unknown) => thrown)) as ServiceError;
    expect({ code: error.code, details: error.details }).toEqual({ code: 3, details: 'requete.illisible' });
    await expect(callRaw(address, '/essai.v1.EchoService/Echo', Buffer.alloc(9 * 1024 * 1024))).rejects.toMatchObject({ code: 8 });
    await expect(open(address).echo({ value: 'x'.repeat(9 * 1024 * 1024) }, { token: 'bon' })).rejects.toMatchObject({ kind: 'invalid', code: 'message.trop_grand' });
  });
});

describe('time', () => {
  test('a deadline ends the call on both sides', async () => {
    const aborted = Promise.withResolvers<void>();
    const client = open(
      (await start({ publicEcho: (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => (aborted.resolve(), reject(signal.reason)))) })).address,
    );
    await expect(client.publicEcho({}, { deadlineMs: 100 })).rejects.toMatchObject({ kind: 'deadline', retryAfterSeconds: 2 });
    await aborted.promise;
  });

  test('an abort ends the call on both sides', async () => {
    const aborted = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const client = open(
      (
        await start({
          publicEcho: (_, { signal }) => {
            arrived.resolve();
            return new Promise((_resolve, reject) => signal.addEventListener('abort', () => (aborted.resolve(), reject(signal.reason))));
          },
        })
      ).address,
    );
    const abort = new AbortController();
    const call = client.publicEcho({}, { signal: abort.signal }).catch((thrown: unknown) => thrown);
    await arrived.promise;
    abort.abort();
    expect(await call).toMatchObject({ code: 'requete.annulee' });
    await aborted.promise;
    await expect(client.publicEcho({}, { signal: abort.signal })).rejects.toMatchObject({ code: 'requete.annulee' });
  });

  test('a server that is away is unavailable at once, and found again when it is back', async () => {
    const first = await start({ publicEcho: async () => ({ value: 'ici' }) });
    const client = open(first.address);
    expect((await client.publicEcho({})).value).toBe('ici');
    await first.server.close(100);
    await expect(client.publicEcho({})).rejects.toMatchObject({ kind: 'unavailable', code: 'service.indisponible', retryAfterSeconds: 2 });
    await start({ publicEcho: async () => ({ value: 'revenu' }) }, first.server.port);
    const limit = Date.now() + 5_000;
    let value = '';
    while (value === '' && Date.now() < limit) value = await client.publicEcho({}).then(({ value }) => value, () => sleep(100).then(() => ''));
    expect(value).toBe('revenu');
  });

  test('a network that swallows: deadlines hold, and it heals within 10 s', async () => {
    const { address } = await start({ publicEcho: async () => ({ value: 'ici' }) });
    const proxy = await startProxy(Number(address.split(':')[1]));
    const client = open(`127.0.0.1:${proxy.port}`, 500);
    expect((await client.publicEcho({})).value).toBe('ici');
    proxy.swallow(true);
    for (let attempt = 0; attempt < 3; attempt += 1) await expect(client.publicEcho({})).rejects.toMatchObject({ kind: 'deadline' });
    proxy.swallow(false);
    const limit = Date.now() + 10_000;
    let value = '';
    while (value === '' && Date.now() < limit) value = await client.publicEcho({}).then(({ value }) => value, () => sleep(100).then(() => ''));
    expect(value).toBe('ici');
  });

  test('a first connection that hangs does not hold the next calls', async () => {
    const { address } = await start({ publicEcho: async () => ({ value: 'ici' }) });
    const proxy = await startProxy(Number(address.split(':')[1]));
    proxy.swallow(true);
    const client = open(`127.0.0.1:${proxy.port}`, 300);
    await expect(client.publicEcho({})).rejects.toMatchObject({ kind: 'deadline' });
    proxy.swallow(false);
    expect((await client.publicEcho({}, { deadlineMs: 3_000 })).value).toBe('ici');
  });
});

describe('readiness and stopping', () => {
  test('the health service follows setReady and close', async () => {
    const { server, address } = await start({});
    const check = async (): Promise<number | undefined> => (await callRaw(address, '/grpc.health.v1.Health/Check', Buffer.alloc(0)))[1];
    expect(await check()).toBe(2);
    server.setReady(true);
    expect(await check()).toBe(1);
  });

  test('close lets a running call finish', async () => {
    const arrived = Promise.withResolvers<void>();
    const { server, address } = await start({ publicEcho: async () => (arrived.resolve(), sleep(200).then(() => ({ value: 'fini' }))) });
    const call = open(address).publicEcho({});
    await arrived.promise;
    await server.close(5_000);
    expect((await call).value).toBe('fini');
  });

  test('close does not wait longer than its bound', async () => {
    const arrived = Promise.withResolvers<void>();
    const { server, address } = await start({ publicEcho: () => (arrived.resolve(), new Promise(() => undefined)) });
    const call = open(address).publicEcho({}).catch((thrown: unknown) => thrown);
    await arrived.promise;
    const startedMs = Date.now();
    await server.close(200);
    expect(Date.now() - startedMs).toBeLessThan(3_000);
    expect(await call).toBeInstanceOf(AppError);
  });

  test.each(['', 'GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01'])('close does not wait for who connects and says %j', async (bytes) => {
    const { server } = await start({});
    const stray = connectTcp(server.port, '127.0.0.1');
    closers.push(() => stray.destroy());
    stray.on('error', () => undefined);
    await new Promise<void>((resolve) => stray.on('connect', () => (bytes === '' ? resolve() : void stray.write(bytes, 'latin1', () => resolve()))));
    const startedMs = Date.now();
    await server.close(200);
    expect(Date.now() - startedMs).toBeLessThan(3_000);
  });
});

/** A TCP proxy that can swallow: accept connections, take bytes, pass nothing on, for ever on the connections of that time. */
async function startProxy(targetPort: number) {
  const sockets = new Set<Socket>();
  let swallowing = false;
  const server = createServer((near) => {
    const far = connectTcp(targetPort, '127.0.0.1');
    let isDead = swallowing;
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.on('data', (bytes) => {
        isDead ||= swallowing;
        if (!isDead) to.write(bytes);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, swallow: (value: boolean) => void (swallowing = value) };
}
