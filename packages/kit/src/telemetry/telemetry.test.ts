import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { connect, implement, serve } from '../grpc/index.ts';
import { EchoService } from '../grpc/echo-service.memory.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { currentTrace, currentTraceparent, runWithTraceparent, startTelemetry, withSpan, type Telemetry } from './index.ts';

const exporter = new InMemorySpanExporter();
let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'essai', exporter });
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

  test('without or with a broken traceparent a new trace begins, even inside another', async () => {
    await withSpan('dehors', {}, async () => {
      for (const traceparent of [undefined, 'nonsense']) await runWithTraceparent(traceparent, () => withSpan('seul', {}, () => undefined));
    });
    expect(spans().filter(({ name }) => name === 'seul').map(({ parent }) => parent)).toEqual([undefined, undefined]);
    expect(currentTrace()).toBeUndefined();
    expect(currentTraceparent()).toBeUndefined();
  });

  test('a failed span tells the kind of the error and not its text', async () => {
    const failing = withSpan('échec', {}, () => Promise.reject(new TypeError('Mwamba Kabila')));
    await expect(failing).rejects.toThrow('Mwamba');
    const [failed] = spans();
    expect(failed?.span.status).toEqual({ code: 2 });
    expect(failed?.span.attributes).toEqual({ 'error.type': 'TypeError' });
    expect(JSON.stringify([failed?.span.events, failed?.span.attributes, failed?.span.status])).not.toContain('Mwamba');
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
