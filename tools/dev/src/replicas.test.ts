import { expect, it } from '@jest/globals';
import type { Env } from './paths.ts';
import { createReplicas } from './replicas.ts';
import { fromCheckout } from './service-programs.ts';
import type { Supervised } from './service-process.ts';
import { serviceNames, type World } from './suite.ts';

const world = {
  mode: 'test', env: {}, gatewayPort: 8000, sandboxUrl: 'http://127.0.0.1:1', kafkaBrokers: 'k', redisUrl: 'r', filesDir: '/f', secret: (name: string) => `secret of ${name}`,
  postgres: { consultation: 'postgresql://consultation' }, ports: Object.fromEntries(serviceNames.map((name, n) => [name, { grpc: 100 + n, internal: 200 + n }])),
} as World;

function open() {
  const started: { name: string; env: Env; readyUrl: string }[] = [];
  const stopped: string[] = [];
  let port = 500;
  const replicas = createReplicas({
    world, programs: fromCheckout,
    ports: { claim: async () => (port += 1), require: async () => 0 },
    supervise: (name, _args, env, readyUrl) => ({ start: async () => void started.push({ name, env, readyUrl }), untilReady: async () => undefined, stop: async () => void stopped.push(name) }) as Partial<Supervised> as Supervised,
  });
  return { replicas, started, stopped };
}

it('a replica serves the same database with the same secret, on ports of its own', async () => {
  const { replicas, started } = open();
  const { grpc } = await replicas.start('consultation-2', 'consultation', { LOG_LEVEL: 'warn' });
  expect(started).toMatchObject([{ name: 'consultation-2', readyUrl: 'http://127.0.0.1:502/readyz', env: { DATABASE_URL: 'postgresql://consultation', SERVICE_SECRET: 'secret of service:consultation', GRPC_PORT: '501', INTERNAL_PORT: '502', LOG_LEVEL: 'warn', AUTH_GRPC: '127.0.0.1:100' } }]);
  expect(grpc).toBe('127.0.0.1:501');
});

it("a gateway's replica answers people elsewhere, and calls whom it is told to", async () => {
  const { replicas, started } = open();
  const { gatewayUrl } = await replicas.start('gateway-1', 'gateway', { CONSULTATION_GRPC: 'ipv4:127.0.0.1:101,127.0.0.1:501' });
  expect(gatewayUrl).toBe('http://localhost:503');
  expect(started[0]?.env).toMatchObject({ GATEWAY_PORT: '503', CONSULTATION_GRPC: 'ipv4:127.0.0.1:101,127.0.0.1:501' });
});

it('one that takes the name of another ends it, and all end together', async () => {
  const { replicas, stopped } = open();
  await replicas.start('ia-2', 'ia', {});
  await replicas.start('ia-2', 'ia', {});
  await replicas.start('ia-3', 'ia', {});
  expect(stopped).toEqual(['ia-2']);
  await replicas.endAll();
  expect(stopped).toEqual(['ia-2', 'ia-2', 'ia-3']);
  expect(replicas.find('ia-3')).toBeUndefined();
});
