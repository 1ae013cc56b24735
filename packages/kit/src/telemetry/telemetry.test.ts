import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { AppError } from '../errors/index.ts';
import { connect, implement, serve } from '../grpc/index.ts';
import { EchoService } from '../grpc/echo-service.memory.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { currentTrace, currentTraceparent, runWithTraceparent, startTelemetry, withSpan, type Telemetry } from './index.ts';

const exporter = new InMemorySpanExporter();
let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'essai', version: '1.4.0', config: { MEDIAI_MODE: 'test' }, exporter });
});
afterEach(() => exporter.reset());
afterAll(() => telemetry.shutdown());

const spans = () => exporter.getFinishedSpans().map((span) => ({ name: span.name, kind: span.kind, traceId: span.spanContext().traceId, id: span.spanContext().spanId, parent: span.parentSpanContext?.spanId, span }));

describe('spans', () => {
  test('nest, and a stored traceparent continues the trace elsewhere', async () => {
    const traceparent = await withSpan('dehors', { kind: 'producer' }, () => withSpan('dedans', {}, () => currentTraceparent()));
    await runWithTraceparent(traceparent, () => withSpan('plus tard', { kind: 'consumer' }, async () => undefined));
    const [inner, outer, later] = spans();
    expect(inner?.parent).toBe(outer?.id);
    expect(later).toMatchObject({ traceId: outer?.traceId, parent: inner?.id });
  });

  test('say of which service, version and mode they are', async () => {
    await withSpan('s', {}, () => undefined);
    expect(exporter.getFinishedSpans()[0]?.resource.attributes).toEqual({ 'service.name': 'essai', 'service.version': '1.4.0', 'deployment.environment.name': 'test' });
  });

  test('without or with a broken traceparent a new trace begins, even inside another', async () => {
    await withSpan('dehors', {}, async () => {
      for (const traceparent of [undefined, 'nonsense']) await runWithTraceparent(traceparent, () => withSpan('seul', {}, () => undefined));
    });
    expect(spans().filter(({ name }) => name === 'seul').map(({ parent }) => parent)).toEqual([undefined, undefined]);
    expect(currentTrace()).toBeUndefined();
    expect(currentTraceparent()).toBeUndefined();
  });

  test('links to what a span works on beside its own trace, and to nothing that is no trace', async () => {
    const others = [await withSpan('un', {}, currentTraceparent), undefined, 'nonsense', await withSpan('deux', {}, currentTraceparent)];
    await withSpan('ensemble', { kind: 'consumer', links: others }, () => undefined);
    const [first, second, together] = spans();
    expect(together?.span.links.map(({ context: { traceId, spanId } }) => [traceId, spanId])).toEqual([first, second].map((span) => [span?.traceId, span?.id]));
    expect(together?.parent).toBeUndefined();
  });

  test('a failed span tells the kind of the error and not its text', async () => {
    const failing = withSpan('échec', {}, () => Promise.reject(new TypeError('Mwamba Kabila')));
    await expect(failing).rejects.toThrow('Mwamba');
    const [failed] = spans();
    expect(failed?.span.status).toEqual({ code: 2 });
    expect(failed?.span.attributes).toEqual({ 'error.type': 'TypeError' });
    expect(JSON.stringify([failed?.span.events, failed?.span.attributes, failed?.span.status])).not.toContain('Mwamba');
  });

  test('a refusal is the caller’s fault and no failure; what we could not do is one', async () => {
    for (const kind of ['not_found', 'invalid', 'exhausted', 'unavailable', 'deadline', 'internal'] as const) {
      await withSpan(kind, {}, () => Promise.reject(new AppError(kind, 'x', 'y'))).catch(() => undefined);
    }
    expect(spans().filter(({ span }) => span.status.code === 2).map(({ name }) => name)).toEqual(['unavailable', 'deadline', 'internal']);
    expect(spans().map(({ span }) => span.attributes['error.type'])).toEqual(spans().map(({ name }) => name));
  });

  test('log lines carry the ids of the current span', async () => {
    const lines: string[] = [];
    const log = createLogger({ service: 'essai', stream: { write: (line) => void lines.push(line) } });
    await withSpan('s', {}, () => log.info('x'));
    expect(JSON.parse(lines[0] as string)).toMatchObject({ trace_id: spans()[0]?.traceId, span_id: spans()[0]?.id });
  });
});

test('one trace goes through gRPC: caller, server and the call made inside', async () => {
  const options = { host: '127.0.0.1', port: 0, publicMethods: ['essai.v1.EchoService/PublicEcho'], log: createLogger({ service: 'e', level: 'silent' }), metrics: createMetrics('e') };
  const back = await serve({ ...options, services: [implement(EchoService, { publicEcho: async ({ value }) => ({ value }) })] });
  const toBack = connect(EchoService, { address: `127.0.0.1:${back.port}` });
  const front = await serve({ ...options, services: [implement(EchoService, { publicEcho: (request) => toBack.publicEcho(request) })] });
  const toFront = connect(EchoService, { address: `127.0.0.1:${front.port}` });

  await withSpan('http', { kind: 'server' }, () => toFront.publicEcho({ value: 'Mwamba Kabila' }));
  toFront.close();
  toBack.close();
  await Promise.all([front.close(1_000), back.close(1_000)]);

  const chain = spans().toReversed();
  expect(chain.map(({ kind }) => kind)).toEqual([1, 2, 1, 2, 1]);
  expect(new Set(chain.map(({ traceId }) => traceId)).size).toBe(1);
  for (const [index, { parent }] of chain.entries()) expect(parent).toBe(chain[index - 1]?.id);
  expect(JSON.stringify(chain.map(({ name, span }) => [name, span.attributes, span.events]))).not.toContain('Mwamba');
});

test('and through calls that stream, for as long as they last: what is called inside belongs to it', async () => {
  const options = { host: '127.0.0.1', port: 0, log: createLogger({ service: 'e', level: 'silent' }), metrics: createMetrics('e') };
  const publicMethods = ['PublicEcho', 'Gather', 'Spread'].map((name) => `essai.v1.EchoService/${name}`);
  const server = await serve({
    ...options,
    publicMethods,
    services: [
      implement(EchoService, {
        publicEcho: async ({ value }) => ({ value }),
        gather: async (requests) => {
          for await (const { value } of requests) await client.publicEcho({ value });
          return {};
        },
        spread: async function* ({ value }) {
          yield { value };
          yield client.publicEcho({ value });
        },
      }),
    ],
  });
  const client = connect(EchoService, { address: `127.0.0.1:${server.port}` });
  await withSpan('http', { kind: 'server' }, async () => {
    await client.gather([{ value: 'Mwamba Kabila' }]);
    for await (const _ of await client.spread({ value: 'Mwamba Kabila' }));
  });
  client.close();
  await server.close(1_000);

  const named = (name: string) => spans().filter((span) => span.name.endsWith(name)).map(({ kind }) => kind).toSorted();
  expect([named('/Gather'), named('/Spread'), named('/PublicEcho')]).toEqual([[1, 2], [1, 2], [1, 1, 2, 2]]);
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
  const serverSpans = new Map(spans().filter(({ kind }) => kind === 1).map(({ id, name }) => [id, name.split('/')[1]]));
  const callers = spans().filter(({ name, kind }) => name.endsWith('/PublicEcho') && kind === 2).map(({ parent }) => serverSpans.get(parent ?? ''));
  expect(callers.toSorted()).toEqual(['Gather', 'Spread']);
  expect(JSON.stringify(spans().map(({ name, span }) => [name, span.attributes, span.events]))).not.toContain('Mwamba');
});
