import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { createLogger } from '../log/index.ts';
import { currentTrace, startTelemetry, withSpan, type Telemetry } from '../telemetry/index.ts';
import { createGaugeReader, createMetrics, type Metrics, type SeriesMakers } from './index.ts';

test('the series of the suite have their names and carry the service', async () => {
  const metrics = createMetrics('ia');
  metrics.apiRequests.inc({ method: 'GET', route: '/x', status: '200' });
  metrics.apiErrors.inc({ method: 'GET', route: '/x', code: 'c' });
  metrics.whatsappNotificationsSent.inc({ status: 'sent' });
  metrics.iaAnalyses.inc({ status: 'terminee' });
  metrics.outboxBacklog.set(3);
  metrics.consumerLag.set({ group: 'g', topic: 't' }, 2);
  metrics.setBreaker('openai', 'open');
  const text = await metrics.registry.metrics();
  for (const line of [
    'api_requests_total{method="GET",route="/x",status="200",service="ia"} 1',
    'api_errors_total{method="GET",route="/x",code="c",service="ia"} 1',
    'whatsapp_notifications_sent{status="sent",service="ia"} 1',
    'ia_analyses_total{status="terminee",service="ia"} 1',
    'outbox_backlog{service="ia"} 3',
    'consumer_lag{group="g",topic="t",service="ia"} 2',
    'breaker_state{breaker="openai",service="ia"} 2',
    '# TYPE api_request_duration_seconds histogram',
  ]) {
    expect(text).toContain(line);
  }
});

test('a task is counted when it starts and by how it ends, and its result or error is the caller’s', async () => {
  const metrics = createMetrics('ia');
  expect(await metrics.task('analyse', async () => 5)).toBe(5);
  await expect(metrics.task('analyse', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  const text = await metrics.registry.metrics();
  expect(text).toContain('tasks_total{task="analyse",state="started",service="ia"} 2');
  expect(text).toContain('tasks_total{task="analyse",state="succeeded",service="ia"} 1');
  expect(text).toContain('tasks_total{task="analyse",state="failed",service="ia"} 1');
  expect(text).toMatch(/task_duration_seconds_count\{.*task="analyse".*\} 2/);
});

test('the version that runs and how busy it is are told', async () => {
  const text = await createMetrics('ia', '1.4.0').registry.metrics();
  expect(text).toContain('build_info{version="1.4.0",service="ia"} 1');
  const share = Number(/^process_event_loop_utilization_ratio\{.*\} (.*)$/m.exec(text)?.[1]);
  expect(share).toBeGreaterThanOrEqual(0);
  expect(share).toBeLessThanOrEqual(1);
});

test('the series of a part are made by the first that asks', async () => {
  const metrics = createMetrics('ia');
  const part = ({ counter }: SeriesMakers) => counter('part_total', 'x');
  expect(await metrics.registry.metrics()).not.toContain('part_total');
  expect(metrics.once(part)).toBe(metrics.once(part));
  expect(await metrics.registry.metrics()).toContain('part_total{service="ia"} 0');
});

describe('OpenMetrics', () => {
  const accept = 'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
  let telemetry: Telemetry;
  beforeAll(async () => {
    telemetry = await startTelemetry({ service: 'essai', exporter: new InMemorySpanExporter(), config: { TRACES_RATIO: 0 } });
  });
  afterAll(() => telemetry.shutdown());
  const lines = async (metrics: Metrics, name: string, accepted = accept): Promise<string[]> => (await metrics.expose(accepted)).body.split('\n').filter((line) => line.includes(name));
  /** The traces that the buckets of a series name. */
  const traces = async (metrics: Metrics, name: string): Promise<string[]> => (await lines(metrics, `${name}_bucket`)).flatMap((line) => / # \{trace_id="(.*)"\} /.exec(line)?.[1] ?? []);

  test('is given to who asks for it; anybody else, and the registry, have the text of before, also afterwards', async () => {
    const metrics = createMetrics('essai');
    metrics.apiRequests.inc({ method: 'GET', route: '/x', status: '200' });
    const before = await lines(metrics, 'api_requests', '*/*');
    expect(await metrics.expose(accept)).toMatchObject({ type: 'application/openmetrics-text; version=1.0.0; charset=utf-8', body: expect.stringMatching(/\n# EOF\n$/) });
    expect(await lines(metrics, 'api_requests', '*/*')).toEqual(before);
    expect((await metrics.expose()).type).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  test('has the same series under the same names: also the counter that the contract names without an ending', async () => {
    const metrics = createMetrics('essai');
    metrics.whatsappNotificationsSent.inc({ status: 'envoye' });
    metrics.apiRequests.inc({ method: 'GET', route: '/x', status: '200' });
    metrics.apiRequestDuration.observe({ method: 'GET', route: '/x' }, 0.2);
    const names = (text: string): string[] => text.split('\n').flatMap((line) => /^[a-z]\w*/.exec(line)?.[0] ?? []);
    expect(names((await metrics.expose(accept)).body)).toEqual(names((await metrics.expose()).body));
    expect(await lines(metrics, 'whatsapp')).toEqual(expect.arrayContaining(['# TYPE whatsapp_notifications_sent unknown', 'whatsapp_notifications_sent{status="envoye",service="essai"} 1']));
    expect(await lines(metrics, 'api_requests')).toEqual(expect.arrayContaining(['# TYPE api_requests counter', 'api_requests_total{method="GET",route="/x",status="200",service="essai"} 1']));
  });

  test('names a trace that is exported, and none that is not', async () => {
    const metrics = createMetrics('essai');
    const observe = (seconds: number): void => metrics.grpcServerDuration.observe({ method: 'x', code: 'ok' }, seconds);
    let failed: string | undefined;
    await withSpan('went well', {}, () => observe(0.2));
    observe(0.2);
    await withSpan('failed', {}, () => {
      observe(0.7);
      observe(50);
      failed = currentTrace()?.traceId;
      throw new Error('x');
    }).catch(() => undefined);
    expect(await traces(metrics, 'grpc_server_duration_seconds')).toEqual([failed, failed]);
    expect(await lines(metrics, 'le="0.25"')).toEqual([expect.stringMatching(/grpc_server_duration_seconds_bucket.* 2$/)]);
    expect(await lines(metrics, 'trace_id', 'text/plain')).toEqual([]);
  });

  test('a task that failed names its trace', async () => {
    const metrics = createMetrics('essai');
    await withSpan('s', {}, () => metrics.task('analyse', () => Promise.reject(new Error('x')))).catch(() => undefined);
    expect(await traces(metrics, 'task_duration_seconds')).toHaveLength(1);
  });
});

test('a gauge that cannot be read keeps its last value, is told, and stops no other', async () => {
  const lines: string[] = [];
  const read: string[] = [];
  const done = Promise.withResolvers<void>();
  const reader = createGaugeReader({
    log: createLogger({ service: 'essai', stream: { write: (line) => void lines.push(line) } }),
    reads: [async () => Promise.reject(new Error('Mwamba')), async () => (read.push('second'), done.resolve())],
  });
  reader.start();
  await done.promise;
  await reader.stop();
  expect(read).toEqual(['second']);
  expect(lines.join()).toContain('gauges could not be read');
  expect(lines.join()).not.toContain('Mwamba');
});
