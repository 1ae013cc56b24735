import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@mediai/kit/log';
import { testPart } from '@mediai/testing';
import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGatewayMetrics } from '../metrics.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import type { Rate, Scope } from './scopes.ts';

const rates = Object.fromEntries(['anonymous', 'user', 'validate', 'relancer', 'conversation_messages', 'send', 'ia_analyse', 'ia_status'].map((scope) => [scope, { points: 5, seconds: 60 }])) as Record<Scope, Rate>;
rates.validate = { points: 2, seconds: 3600 };
const DEAD = 'redis://127.0.0.1:9';

let redisUrl: URL;
const closers: (() => unknown)[] = [];
beforeAll(() => {
  redisUrl = new URL(testPart('redisUrl'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(url: string | undefined): { limiter: Limiter; lines: string[] } {
  const lines: string[] = [];
  const limiter = createLimiter({ rates, redisUrl: url, log: createLogger({ service: 'gateway', stream: { write: (line) => void lines.push(line) } }), metrics: createGatewayMetrics() });
  closers.push(() => limiter.close());
  return { limiter, lines };
}

async function admin(): Promise<Redis> {
  const redis = new Redis(redisUrl.href, { lazyConnect: true });
  closers.push(() => redis.disconnect());
  await redis.connect();
  return redis;
}

/** A limiter that Redis has answered; what was said until then is forgotten. */
async function openConnected(url: string): Promise<{ limiter: Limiter; lines: string[] }> {
  const opened = open(url);
  await untilCounted(opened.limiter);
  opened.lines.length = 0;
  return opened;
}

async function untilCounted(limiter: Limiter): Promise<void> {
  const redis = await admin();
  for (const until = Date.now() + 10_000; Date.now() < until; await sleep(30)) {
    const probe = randomUUID();
    await limiter.consume(['user'], probe);
    if ((await redis.exists(`mediai:throttle:user:${probe}`)) === 1) return;
  }
  throw new Error('Redis was never asked');
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

describe.each<[string, () => string | undefined]>([
  ['in Redis', () => redisUrl.href],
  ['without Redis', () => undefined],
  ['with Redis refusing', () => DEAD],
])('%s', (_where, url) => {
  const opened = async () => (url() === redisUrl.href ? openConnected(redisUrl.href) : open(url()));

  it('parallel requests never exceed a rate', async () => {
    const { limiter } = await opened();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 40 }, () => limiter.consume(['user'], key)));
    expect(answers.filter(({ exceeded }) => !exceeded).map(({ remaining }) => remaining).toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect((await limiter.consume(['user'], key)).exceeded).toBe(true);
    expect((await limiter.consume(['user'], randomUUID())).exceeded).toBe(false);
  });

  it('answers with what is tightest of several', async () => {
    const { limiter } = await opened();
    const key = randomUUID();
    expect(await limiter.consume(['user', 'validate'], key)).toEqual({ limit: 2, remaining: 1, resetSeconds: 3600, exceeded: false });
    await limiter.consume(['user', 'validate'], key);
    expect(await limiter.consume(['user', 'validate'], key)).toMatchObject({ limit: 2, remaining: 0, exceeded: true });
    expect(await limiter.consume(['user'], key)).toMatchObject({ limit: 5, remaining: 1, exceeded: false });
  });
});

describe('two gateways', () => {
  it('share one count, which ends by itself', async () => {
    const [{ limiter: one }, { limiter: two }, redis] = await Promise.all([openConnected(redisUrl.href), openConnected(redisUrl.href), admin()]);
    const key = randomUUID();
    for (let request = 0; request < 3; request += 1) await one.consume(['user'], key);
    expect(await two.consume(['user'], key)).toMatchObject({ remaining: 1 });
    expect(await redis.ttl(`mediai:throttle:user:${key}`)).toBeGreaterThan(50);
  });

  it('forget nobody who is over the rate when Redis goes', async () => {
    const proxy = await startProxy();
    const { limiter } = await openConnected(proxy.url);
    const key = randomUUID();
    for (let request = 0; request < 6; request += 1) await limiter.consume(['user'], key);
    await proxy.cut();
    await sleep(50);
    expect((await limiter.consume(['user'], key)).exceeded).toBe(true);
  });
});

describe('Redis away', () => {
  it('costs nothing and is said once; back, it counts again', async () => {
    const proxy = await startProxy();
    const { limiter, lines } = await openConnected(proxy.url);
    await proxy.cut();
    await sleep(50);
    const startedMs = performance.now();
    for (let request = 0; request < 100; request += 1) expect((await limiter.consume(['user', 'validate'], String(request))).exceeded).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(500);
    expect(lines.filter((line) => line.includes('Redis is away'))).toHaveLength(1);
    await proxy.restore();
    await untilCounted(limiter);
    expect(lines.some((line) => line.includes('in Redis again'))).toBe(true);
  });

  it('stopped but connected costs one timeout, not one a request', async () => {
    const proxy = await startProxy();
    const { limiter } = await openConnected(proxy.url);
    proxy.hold(true);
    const startedMs = performance.now();
    for (let request = 0; request < 50; request += 1) expect((await limiter.consume(['user'], String(request))).exceeded).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(1000);
    await sleep(1500); // through several attempts to connect
    const laterMs = performance.now();
    for (let request = 0; request < 50; request += 1) await limiter.consume(['user'], `later ${request}`);
    expect(performance.now() - laterMs).toBeLessThan(500);
    proxy.hold(false);
    await untilCounted(limiter);
  });
});
