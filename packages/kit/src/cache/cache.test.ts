import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { createCache, type Cache } from './index.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

let redisUrl: URL;
beforeAll(() => {
  const url = process.env['TEST_REDIS_URL'];
  if (!url) throw new Error('TEST_REDIS_URL is not set: run `npm test`, which starts a Redis, or point it to one');
  redisUrl = new URL(url);
});

function open(url: string | undefined) {
  const lines: string[] = [];
  const metrics = createMetrics('essai');
  const cache = createCache({ url, log: createLogger({ service: 'essai', stream: { write: (line) => void lines.push(line) } }), metrics });
  closers.push(() => cache.close());
  return { cache, lines, metrics };
}

async function untilState(cache: Cache, state: string): Promise<void> {
  for (const limit = Date.now() + 10_000; cache.state() !== state && Date.now() < limit; ) {
    await cache.get('x');
    await sleep(20);
  }
  expect(cache.state()).toBe(state);
}

/** Redis behind a proxy that can hold everything back, as a stopped process does, and cut every connection. */
async function startProxy() {
  const sockets = new Set<Socket>();
  let isHeld = false;
  const server = createServer((near) => {
    const far = connect(Number(redisUrl.port || 6379), redisUrl.hostname);
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => (sockets.delete(from), to.destroy())).pipe(to);
      if (isHeld) from.pause();
    }
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  closers.push(() => server.listening && cut());
  return {
    url: `redis://${redisUrl.username ? `${redisUrl.username}:${redisUrl.password}@` : ''}127.0.0.1:${port}`,
    cut,
    restore: () => listen(port),
    hold(held: boolean): void {
      isHeld = held;
      if (held) for (const socket of sockets) socket.unpipe().pause();
      else for (const socket of sockets) socket.destroy();
    },
  };
}

describe('the cache', () => {
  test('keeps a value until it expires or is deleted', async () => {
    const { cache, metrics } = open(redisUrl.href);
    await untilState(cache, 'ok');
    const key = `essai:${randomUUID()}`;
    expect(await cache.get(key)).toBeUndefined();
    await cache.set(key, 'valeur', 1);
    expect(await cache.get(key)).toBe('valeur');
    await cache.del(key);
    expect(await cache.get(key)).toBeUndefined();
    await cache.set(key, 'valeur', 1);
    await sleep(1_100);
    expect(await cache.get(key)).toBeUndefined();
    const text = await metrics.registry.metrics();
    expect(text).toContain('cache_requests_total{outcome="hit",service="essai"} 1');
    expect(text).toContain('redis_up{service="essai"} 1');
    for (const [command, times] of [['get', '[1-9]\\d*'], ['set', '2'], ['del', '1']]) expect(text).toMatch(new RegExp(`redis_command_duration_seconds_count\\{.*command="${command}".*\\} ${times}$`, 'm'));
    expect(text).not.toContain(key);
  });

  test('without a URL is off and misses', async () => {
    const { cache, metrics } = open(undefined);
    await cache.set('k', 'v', 10);
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.state()).toBe('off');
    expect(await metrics.registry.metrics()).not.toContain('redis_');
  });

  test('with Redis refusing misses at once and says so once', async () => {
    const { cache, lines, metrics } = open('redis://127.0.0.1:9');
    await untilState(cache, 'degraded');
    const startedMs = Date.now();
    for (let call = 0; call < 100; call += 1) expect(await cache.get('k')).toBeUndefined();
    await cache.set('k', 'v', 10);
    await cache.del('k');
    expect(Date.now() - startedMs).toBeLessThan(300);
    expect(await metrics.registry.metrics()).toContain('redis_up{service="essai"} 0');
    expect(lines).toHaveLength(1);
  });

  test('with Redis cut misses, and is back when Redis is', async () => {
    const proxy = await startProxy();
    const { cache, lines } = open(proxy.url);
    await untilState(cache, 'ok');
    await proxy.cut();
    await untilState(cache, 'degraded');
    await proxy.restore();
    await untilState(cache, 'ok');
    const key = `essai:${randomUUID()}`;
    for (let attempt = 0; attempt < 100 && (await cache.get(key)) === undefined; attempt += 1) {
      await cache.set(key, 'v', 5);
      await sleep(50);
    }
    expect(await cache.get(key)).toBe('v');
    expect(lines.some((line) => line.includes('cache back'))).toBe(true);
  });

  test('with Redis stopped but connected costs milliseconds, not requests', async () => {
    const proxy = await startProxy();
    const { cache } = open(proxy.url);
    await untilState(cache, 'ok');
    proxy.hold(true);
    const startedMs = Date.now();
    for (let call = 0; call < 50; call += 1) expect(await cache.get('k')).toBeUndefined();
    expect(Date.now() - startedMs).toBeLessThan(1_000);
    expect(cache.state()).toBe('degraded');
    proxy.hold(false);
    await untilState(cache, 'ok');
  });
});
