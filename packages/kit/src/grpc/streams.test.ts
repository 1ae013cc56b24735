import { afterEach, describe, expect, test } from '@jest/globals';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Acteur } from '../acteur/index.ts';
import { AppError, unauthenticated } from '../errors/index.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { currentRequestId, runWithRequest } from '../telemetry/index.ts';
import { EchoService } from './echo-service.memory.ts';
import { connect, implement, serve, type CallContext, type ConnectOptions, type Handlers } from './index.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const medecin: Acteur = { id: 7, role: 'medecin', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: 'bon' };
const withToken = { token: 'bon' };
const refused = new AppError('unprocessable', 'fichier.refuse', 'Ce fichier est refusé.');
/** 64 kB, as files are cut. */
const piece = { value: 'x'.repeat(64 * 1024) };

async function start(handlers: Handlers<typeof EchoService>, options: Partial<ConnectOptions> = {}) {
  const lines: string[] = [];
  const metrics = createMetrics('essai');
  const server = await serve({
    services: [implement(EchoService, handlers)],
    host: '127.0.0.1',
    port: 0,
    verify: async (token) => {
      if (token !== 'bon') throw unauthenticated();
      return medecin;
    },
    log: createLogger({ service: 'essai', level: 'debug', stream: { write: (line) => void lines.push(line) } }),
    metrics,
  });
  closers.push(() => server.close(0));
  const address = `127.0.0.1:${server.port}`;
  const client = connect(EchoService, { address, metrics, ...options });
  closers.push(() => client.close());
  return { server, metrics, lines, address, client };
}

async function all(answers: AsyncIterable<{ value: string }>): Promise<string[]> {
  const values: string[] = [];
  for await (const { value } of answers) values.push(value);
  return values;
}

const gather: NonNullable<Handlers<typeof EchoService>['gather']> = async (requests) => ({ value: (await all(requests)).join('+') });

/** A source without end that counts what was taken of it, and whether it was told to stop. */
function endless() {
  const seen = { taken: 0, stopped: Promise.withResolvers<void>() };
  const source = (async function* () {
    try {
      while (true) {
        seen.taken += 1;
        yield piece;
      }
    } finally {
      seen.stopped.resolve();
    }
  })();
  return { seen, source };
}

/** Waits until a count stands still. */
async function settled(count: () => number): Promise<number> {
  for (let before = -1; before !== count(); await sleep(200)) before = count();
  return count();
}

/** How many pieces may be on their way: buffers of both sides, far less than a file. */
const maxAhead = 100;

describe('a call that sends a stream', () => {
  test('brings every message to the handler, in order, with what travels beside', async () => {
    const seen: CallContext[] = [];
    const { client, metrics } = await start({ gather: (requests, context) => (seen.push(context), gather(requests, context)) });
    const answer = await runWithRequest({ requestId: 'req-1' }, () => client.gather([{ value: 'a' }, { value: 'é' }, { value: 'c' }], { ...withToken, idempotencyKey: 'clé', deadlineMs: 5_000 }));
    expect(answer.value).toBe('a+é+c');
    expect(seen[0]).toMatchObject({ acteur: medecin, requestId: 'req-1', idempotencyKey: 'clé' });
    expect(seen[0]?.deadlineMs).toBeLessThanOrEqual(5_000);
    const text = await metrics.registry.metrics();
    for (const side of ['server', 'client']) expect(text).toMatch(new RegExp(`grpc_${side}_duration_seconds_count\\{.*method="essai.v1.EchoService/Gather",code="ok".*\\} 1`));
  });

  test('may send nothing', async () => {
    const { client } = await start({ gather });
    expect((await client.gather([], withToken)).value).toBe('');
  });

  test('has minutes by default, and a deadline of its own where it is given one', async () => {
    const left: number[] = [];
    const handlers: Handlers<typeof EchoService> = { gather: async (_, { deadlineMs }) => (left.push(deadlineMs), {}) };
    await (await start(handlers)).client.gather([], withToken);
    await (await start(handlers, { streamDeadlineMs: 30_000, deadlineMs: 100 })).client.gather([], withToken);
    expect(left[0]).toBeGreaterThan(500_000);
    expect(left[1]).toBeLessThanOrEqual(30_000);
    expect(left[1]).toBeGreaterThan(20_000);
  });

  test.each([undefined, 'faux'])('without a valid token (%s) is refused before its handler, and reads nothing', async (token) => {
    let calls = 0;
    const { client } = await start({ gather: async () => ((calls += 1), {}) });
    const { seen, source } = endless();
    await expect(client.gather(source, { token })).rejects.toMatchObject({ kind: 'unauthenticated', code: 'token_not_valid' });
    await seen.stopped.promise;
    expect(calls).toBe(0);
  });

  test('waits while the handler does not read', async () => {
    const done = Promise.withResolvers<void>();
    const { client } = await start({ gather: async () => (await done.promise, { value: 'fini' }) });
    const { seen, source } = endless();
    const call = client.gather(source, withToken);
    expect(await settled(() => seen.taken)).toBeLessThan(maxAhead);
    done.resolve();
    expect((await call).value).toBe('fini');
    await seen.stopped.promise;
  });

  test('one that nobody reads does not hold the others of its connection', async () => {
    const done = Promise.withResolvers<void>();
    const { client } = await start({ gather: async () => (await done.promise, {}), echo: async ({ value }) => ({ value }) });
    const { seen, source } = endless();
    const call = client.gather(source, withToken);
    await settled(() => seen.taken);
    expect((await client.echo(piece, withToken)).value).toBe(piece.value);
    done.resolve();
    await call;
  });

  test.each([0, 3])('a handler that throws after %i messages stops the sending, and its error arrives as it was', async (count) => {
    const { client, lines } = await start({
      gather: async (requests) => {
        let read = 0;
        if (count > 0) for await (const _ of requests) if ((read += 1) === count) break;
        throw refused;
      },
    });
    const { seen, source } = endless();
    await expect(client.gather(source, withToken)).rejects.toMatchObject({ kind: 'unprocessable', code: refused.code, detail: refused.detail });
    await seen.stopped.promise;
    expect(lines.join('')).toContain('"code":"fichier.refuse"');
  });

  test('a handler may answer before the end: the rest is not sent', async () => {
    const { client } = await start({
      gather: async (requests) => {
        for await (const { value } of requests) return { value: `assez : ${value.length}` };
        return {};
      },
    });
    const { seen, source } = endless();
    expect((await client.gather(source, withToken)).value).toBe(`assez : ${piece.value.length}`);
    await seen.stopped.promise;
  });

  test('a source that throws ends the call: the caller gets its error, the handler is told that nobody is there', async () => {
    const told = Promise.withResolvers<unknown>();
    const arrived = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    const { client } = await start({
      gather: async (requests, { signal }) => {
        arrived.resolve();
        signal.addEventListener('abort', () => aborted.resolve());
        await all(requests).catch((thrown: unknown) => (told.resolve(thrown), Promise.reject(thrown)));
        return {};
      },
    });
    const source = (async function* () {
      yield piece;
      await arrived.promise;
      throw refused;
    })();
    await expect(client.gather(source, withToken)).rejects.toBe(refused);
    expect(await told.promise).toMatchObject({ code: 'requete.annulee' });
    await aborted.promise;
  });

  test('an abort ends it on both sides, even while the source gives nothing', async () => {
    const told = Promise.withResolvers<unknown>();
    const read = Promise.withResolvers<void>();
    const { client } = await start({
      gather: async (requests) => {
        try {
          for await (const _ of requests) read.resolve();
          return {};
        } catch (thrown) {
          told.resolve(thrown);
          throw thrown;
        }
      },
    });
    const abort = new AbortController();
    const source = (async function* () {
      yield piece;
      await new Promise(() => undefined);
    })();
    const call = client.gather(source, { ...withToken, signal: abort.signal }).catch((thrown: unknown) => thrown);
    await read.promise;
    abort.abort();
    expect(await call).toMatchObject({ code: 'requete.annulee' });
    expect(await told.promise).toMatchObject({ code: 'requete.annulee' });
    await expect(client.gather([], { ...withToken, signal: abort.signal })).rejects.toMatchObject({ code: 'requete.annulee' });
  });

  test('a deadline ends it on both sides', async () => {
    const told = Promise.withResolvers<unknown>();
    const { client } = await start({ gather: async (requests) => (await all(requests).catch((thrown: unknown) => (told.resolve(thrown), Promise.reject(thrown))), {}) });
    const { seen, source } = endless();
    await expect(client.gather(source, { ...withToken, deadlineMs: 300 })).rejects.toMatchObject({ kind: 'deadline' });
    expect(await told.promise).toMatchObject({ code: 'requete.annulee' });
    await seen.stopped.promise;
  });

  test('a broken message is `requete.illisible` where the handler reads it', async () => {
    const { address } = await start({ gather });
    const client = new Client(address, credentials.createInsecure());
    closers.push(() => client.close());
    const same = (value: Buffer): Buffer => value;
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer bon');
    const error = await new Promise((resolve) => {
      const stream = client.makeClientStreamRequest('/essai.v1.EchoService/Gather', same, same, metadata, { deadline: Date.now() + 10_000 }, resolve);
      stream.write(Buffer.from([0x0a, 0x01, 0x61]));
      stream.write(Buffer.from([0x0a, 0xff]));
    });
    expect(error).toMatchObject({ code: 3, details: 'requete.illisible' });
  });

  test('without a handler is unimplemented', async () => {
    const { client } = await start({});
    const { seen, source } = endless();
    await expect(client.missingUp(source, withToken)).rejects.toMatchObject({ kind: 'unimplemented' });
    await seen.stopped.promise;
  });
});

describe('a call that is answered by a stream', () => {
  test('brings every answer, in order, and runs within its request', async () => {
    const { client, metrics } = await start({
      spread: async function* ({ value }, { acteur }) {
        for (const letter of value) yield { value: letter };
        yield { value: `${acteur?.id} ${currentRequestId()}` };
      },
    });
    const answers = await runWithRequest({ requestId: 'req-2' }, () => client.spread({ value: 'été' }, withToken));
    expect(await all(answers)).toEqual(['é', 't', 'é', '7 req-2']);
    const text = await metrics.registry.metrics();
    for (const side of ['server', 'client']) expect(text).toMatch(new RegExp(`grpc_${side}_duration_seconds_count\\{.*method="essai.v1.EchoService/Spread",code="ok".*\\} 1`));
  });

  test('may be empty', async () => {
    const { client } = await start({ spread: async function* () {} });
    expect(await all(await client.spread({}, withToken))).toEqual([]);
  });

  test('without a valid token is refused before its handler', async () => {
    let calls = 0;
    const { client } = await start({
      spread: async function* () {
        calls += 1;
        yield {};
      },
    });
    await expect(client.spread({})).rejects.toMatchObject({ kind: 'unauthenticated', code: 'token_not_valid' });
    expect(calls).toBe(0);
  });

  test('an error before the first answer is a rejection', async () => {
    const { client, lines } = await start({
      spread: () => {
        throw refused;
      },
    });
    await expect(client.spread({}, withToken)).rejects.toMatchObject({ kind: 'unprocessable', code: refused.code, detail: refused.detail });
    expect(lines.join('')).toContain('"code":"fichier.refuse"');
  });

  test('an error after it is thrown where the answers are read, and one that is unknown says nothing of itself', async () => {
    const { client } = await start({
      spread: async function* ({ value }) {
        yield { value: 'premier' };
        if (value === 'refus') throw refused;
        throw new TypeError('Mwamba Kabila');
      },
    });
    const read = async (value: string): Promise<unknown> => all(await client.spread({ value }, withToken)).catch((thrown: unknown) => thrown);
    expect(await read('refus')).toMatchObject({ kind: 'unprocessable', code: refused.code });
    const hidden = await read('autre');
    expect(hidden).toMatchObject({ kind: 'internal', code: 'erreur.interne' });
    expect(JSON.stringify(hidden)).not.toContain('Mwamba');
  });

  test('an error that nobody reads breaks nothing', async () => {
    const { client } = await start({
      spread: async function* () {
        yield { value: 'premier' };
        throw refused;
      },
      echo: async ({ value }) => ({ value }),
    });
    await client.spread({}, withToken);
    await sleep(100);
    expect((await client.echo({ value: 'ici' }, withToken)).value).toBe('ici');
  });

  test('waits while the caller does not read', async () => {
    const { seen, source } = endless();
    const { client } = await start({ spread: () => source });
    const answers = await client.spread({}, withToken);
    expect(await settled(() => seen.taken)).toBeLessThan(maxAhead);
    let read = 0;
    for await (const _ of answers) if ((read += 1) === 200) break;
    await seen.stopped.promise;
    expect(seen.taken).toBeGreaterThanOrEqual(200);
  });

  test('who stops reading ends it on the server, and that is no failure', async () => {
    const aborted = Promise.withResolvers<void>();
    const { seen, source } = endless();
    const { client, metrics } = await start({ spread: (_, { signal }) => (signal.addEventListener('abort', () => aborted.resolve()), source) });
    const answers = await client.spread({}, withToken);
    await answers[Symbol.asyncIterator]().return?.();
    await Promise.all([aborted.promise, seen.stopped.promise]);
    expect(await metrics.registry.metrics()).toMatch(/grpc_client_duration_seconds_count\{.*code="ok".*\} 1/);
  });

  test('an abort ends it on both sides, even while the handler gives nothing', async () => {
    const aborted = Promise.withResolvers<void>();
    const { client } = await start({
      spread: async function* (_, { signal }) {
        signal.addEventListener('abort', () => aborted.resolve());
        yield { value: 'premier' };
        await new Promise(() => undefined);
      },
    });
    const abort = new AbortController();
    const answers = await client.spread({}, { ...withToken, signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(all(answers)).rejects.toMatchObject({ code: 'requete.annulee' });
    await aborted.promise;
    await expect(client.spread({}, { ...withToken, signal: abort.signal })).rejects.toMatchObject({ code: 'requete.annulee' });
  });

  test('a deadline ends it on both sides', async () => {
    const { seen, source } = endless();
    const { client } = await start({ spread: () => source });
    const answers = await client.spread({}, { ...withToken, deadlineMs: 300 });
    await expect(all(answers)).rejects.toMatchObject({ kind: 'deadline' });
    await seen.stopped.promise;
  });

  test('a broken answer is an error of the caller, who ends the call', async () => {
    const { seen, source } = endless();
    const { client } = await start({
      spread: async function* () {
        yield { value: Object.create(null) as string };
        yield* source;
      },
    });
    await expect(client.spread({}, withToken)).rejects.toMatchObject({ kind: 'internal' });
    expect(seen.taken).toBe(0);
  });

  test('without a handler is unimplemented', async () => {
    const { client } = await start({});
    await expect(client.missingDown({}, withToken)).rejects.toMatchObject({ kind: 'unimplemented' });
  });

  test('a server that goes away in the middle is unavailable', async () => {
    const { source } = endless();
    const { client, server } = await start({ spread: () => source });
    const answers = await client.spread({}, withToken);
    await server.close(0);
    await expect(all(answers)).rejects.toBeInstanceOf(AppError);
    await expect(client.spread({}, withToken)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
