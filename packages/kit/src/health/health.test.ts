import { afterEach, expect, test } from '@jest/globals';
import { HealthService } from '@mediai/contracts/health/v1/health_service';
import { connect, serve } from '../grpc/index.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createReadiness, healthMethod, implementHealth, startInternalServer, type CheckState, type Checks, type InternalServer } from './index.ts';

let server: InternalServer | undefined;
afterEach(() => server?.close());

async function start(checks: Checks, isReady = () => true) {
  server = await startInternalServer({ host: '127.0.0.1', port: 0, metrics: createMetrics('essai'), checks, isReady });
  const base = `http://127.0.0.1:${server.port}`;
  return async (path: string, init?: RequestInit) => {
    const response = await fetch(base + path, init);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
}

test('ready when it says so and nothing is down; degraded is ready', async () => {
  const get = await start({ database: async () => 'ok', redis: async () => 'degraded' });
  const { status, text } = await get('/readyz');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({ status: 'ready', checks: { database: 'ok', redis: 'degraded' } });
});

test('a part that throws or does not answer is down, and the service not ready, but alive', async () => {
  const get = await start({ database: () => Promise.reject(new Error('secret')), kafka: () => new Promise(() => undefined) });
  const { status, text } = await get('/readyz');
  expect(status).toBe(503);
  expect(JSON.parse(text)).toEqual({ status: 'not_ready', checks: { database: 'down', kafka: 'down' } });
  expect((await get('/healthz')).status).toBe(200);
});

test('not ready while starting or stopping', async () => {
  const get = await start({}, () => false);
  expect((await get('/readyz')).status).toBe(503);
});

test('metrics are in the text format of Prometheus; other paths and methods are refused', async () => {
  const get = await start({});
  const { type, text } = await get('/metrics');
  expect(type).toContain('text/plain; version=0.0.4');
  expect(text).toContain('process_cpu_seconds_total{service="essai"}');
  expect((await get('/')).status).toBe(404);
  expect((await get('/metrics', { method: 'POST' })).status).toBe(405);
});

test('a taken port is an error', async () => {
  await start({});
  const port = server?.port ?? 0;
  await expect(startInternalServer({ host: '127.0.0.1', port, metrics: createMetrics('e'), checks: {}, isReady: () => true })).rejects.toThrow('EADDRINUSE');
});

test('the same checks are told over gRPC, without a token', async () => {
  const log = createLogger({ service: 'e', level: 'silent' });
  const services = [implementHealth({ database: async () => 'ok', redis: () => Promise.reject(new Error('away')) })];
  const rpc = await serve({ services, host: '127.0.0.1', port: 0, publicMethods: [healthMethod], log, metrics: createMetrics('e') });
  const client = connect(HealthService, { address: `127.0.0.1:${rpc.port}` });
  const { checks } = await client.getChecks({});
  client.close();
  await rpc.close(1_000);
  expect(checks).toEqual({ database: 'ok', redis: 'down' });
});

test('a service is ready once nothing that it needs is down, and says so as long as that lasts', async () => {
  let schema: CheckState = 'down';
  const told: boolean[] = [];
  const readiness = createReadiness({ checks: { schema: async () => schema, redis: async () => 'degraded' }, log: createLogger({ service: 'e', level: 'silent' }), everyMs: 5 });
  const up = readiness.untilUp().then(() => told.length);
  const until = async (length: number) => {
    while (told.length < length) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(readiness.isReady()).toBe(false);
  schema = 'ok';
  expect(await up).toBe(0);
  readiness.begin((ready) => told.push(ready));
  expect(readiness.isReady()).toBe(true);
  schema = 'down';
  await until(2);
  schema = 'ok';
  await until(3);
  readiness.end();
  schema = 'down';
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect([told, readiness.isReady()]).toEqual([[true, false, true], false]);
});
