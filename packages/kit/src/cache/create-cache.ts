import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
import { Redis } from 'ioredis';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { observeRedis } from './observe-redis.ts';

export type CacheOptions = {
  /** Redis URL; without one the cache is off. */
  url?: string | undefined;
  log: Logger;
  metrics: Metrics;
};

/** `off` without a URL, `degraded` while Redis does not answer. */
export type CacheState = 'ok' | 'degraded' | 'off';

export type Cache = {
  /** The value, or undefined: absent, expired or Redis away. */
  get: (key: string) => Promise<string | undefined>;
  set: (key: string, value: string, ttlSeconds: number) => Promise<void>;
  del: (...keys: string[]) => Promise<void>;
  state: () => CacheState;
  close: () => Promise<void>;
};

const commandTimeoutMs = 100;
const openMs = 2_000;

/**
 * A cache that may vanish: no call throws or takes over 100 ms, and after three failures in a row Redis is left alone
 * for 2 s. Nothing may depend on a value being there, nor on `del` having reached Redis: keep times to live short.
 */
export function createCache({ url, log, metrics }: CacheOptions): Cache {
  if (!url) return { get: async () => undefined, set: async () => undefined, del: async () => undefined, state: () => 'off', close: async () => undefined };
  const redis = new Redis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: 1_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, openMs),
  });
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(3) });
  let isDegraded = false;
  const setDegraded = (degraded: boolean, reason?: string): void => {
    if (degraded === isDegraded) return;
    isDegraded = degraded;
    metrics.setBreaker('redis', degraded ? 'open' : 'closed');
    if (degraded) log.warn({ reason }, 'cache away, going on without');
    else log.info('cache back');
  };
  const state = (): CacheState => (isDegraded || redis.status !== 'ready' ? 'degraded' : 'ok');
  observeRedis(redis, { metrics, isUp: () => state() === 'ok' });
  metrics.setBreaker('redis', 'closed');
  redis.on('error', (error: NodeJS.ErrnoException) => setDegraded(true, error.code));
  redis.on('ready', () => setDegraded(false));
  breaker.onBreak(() => setDegraded(true, 'timeout'));
  breaker.onReset(() => setDegraded(false));

  /** Runs one command; a failure counts for the breaker and reads as undefined. */
  async function attempt<T>(command: () => Promise<T>): Promise<{ value: T } | undefined> {
    try {
      return { value: await breaker.execute(command) };
    } catch {
      return undefined; // by contract: a cache that is away is a miss; state, metric and log tell it
    }
  }

  return {
    async get(key) {
      const read = await attempt(() => redis.get(key));
      metrics.cacheRequests.inc({ outcome: read === undefined ? 'failed' : read.value === null ? 'miss' : 'hit' });
      return read?.value ?? undefined;
    },
    async set(key, value, ttlSeconds) {
      await attempt(() => redis.set(key, value, 'EX', ttlSeconds));
    },
    async del(...keys) {
      await attempt(() => redis.del(...keys));
    },
    state,
    async close() {
      redis.disconnect();
    },
  };
}
