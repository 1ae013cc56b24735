import { observeRedis } from '@mediai/kit/cache';
import type { Logger } from '@mediai/kit/log';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { GatewayMetrics } from '../metrics.ts';
import type { Rate, Scope } from './scopes.ts';

/** What is left of a rate. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** Until the window ends. */
  readonly resetSeconds: number;
  readonly exceeded: boolean;
}

export interface Limiter {
  /** Counts one request under each scope at once; answers with the one of which least is left. Never rejects. */
  readonly consume: (scopes: readonly Scope[], key: string) => Promise<Allowance>;
  readonly close: () => void;
}

export interface LimiterOptions {
  readonly rates: Record<Scope, Rate>;
  /** Without it this process counts for itself alone. */
  readonly redisUrl?: string | undefined;
  readonly log: Logger;
  readonly metrics: GatewayMetrics;
}

const COMMAND_TIMEOUT_MS = 100;
const RECONNECT_MAX_MS = 2000;

/**
 * Counts requests in Redis, shared by all gateways, by one script each (an increment and its expiry are one step, so
 * that parallel requests never exceed a rate). While Redis is away, or silent for 100 ms, this process counts for itself;
 * a key that is over its rate is remembered here until its window ends and costs Redis nothing more.
 */
export function createLimiter({ rates, redisUrl, log, metrics }: LimiterOptions): Limiter {
  const store = redisUrl === undefined ? undefined : openStore(redisUrl, log, metrics);
  const limiters = new Map(
    Object.entries(rates).map(([scope, { points, seconds }]) => {
      const options = { keyPrefix: `mediai:throttle:${scope}`, points, duration: seconds };
      const local = new RateLimiterMemory(options);
      return [scope, store ? new RateLimiterRedis({ ...options, storeClient: store.redis, rejectIfRedisNotReady: true, inMemoryBlockOnConsumed: points, insuranceLimiter: store.insuredBy(local) }) : local];
    }),
  );

  async function spend(scope: Scope, key: string): Promise<Allowance> {
    const { points } = rates[scope];
    const left = await limiters.get(scope)!.consume(key).then((state) => ({ state, exceeded: false }), (state: unknown) => ({ state: expectState(state), exceeded: true }));
    return { limit: points, remaining: left.state.remainingPoints, resetSeconds: Math.ceil(Math.max(0, left.state.msBeforeNext) / 1000), exceeded: left.exceeded };
  }

  return {
    consume: async (scopes, key) => (await Promise.all(scopes.map((scope) => spend(scope, key)))).reduce(tighter),
    close: () => store?.redis.disconnect(),
  };
}

/** An exceeded rate is thrown as its state; anything else is a fault. */
function expectState(thrown: unknown): RateLimiterRes {
  if (thrown instanceof RateLimiterRes) return thrown;
  throw thrown;
}

function tighter(a: Allowance, b: Allowance): Allowance {
  if (a.exceeded !== b.exceeded) return a.exceeded ? a : b;
  if (a.remaining !== b.remaining) return a.remaining < b.remaining ? a : b;
  return a.resetSeconds >= b.resetSeconds ? a : b;
}

/** The connection, and what is done when a command fails on it. */
function openStore(url: string, log: Logger, metrics: GatewayMetrics) {
  const redis = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: 1000,
    disconnectTimeout: 200,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, RECONNECT_MAX_MS),
  });
  let isAway = false;
  let isLeft = false;
  const setAway = (away: boolean, reason?: string): void => {
    if (away === isAway) return;
    isAway = away;
    metrics.setBreaker('redis', away ? 'open' : 'closed');
    if (away) log.warn({ reason }, 'throttles counted here, Redis is away');
    else log.info('throttles counted in Redis again');
  };
  metrics.setBreaker('redis', 'closed');
  observeRedis(redis, { metrics, isUp: () => !isAway && redis.status === 'ready' });
  redis.on('error', (error: NodeJS.ErrnoException) => setAway(true, error.code));
  redis.on('reconnecting', () => setAway(true, 'closed'));
  redis.on('ready', () => {
    isLeft = false;
    setAway(false);
  });
  /** Redis that accepts commands and does not answer them would cost every request the timeout: it is left, and asked again in the background. */
  const leave = (): void => {
    if (isLeft || redis.status !== 'ready') return;
    isLeft = true;
    setAway(true, 'timeout');
    redis.disconnect(true);
  };
  return {
    redis,
    /** `local`, which Redis' failures are told by being asked in its place. */
    insuredBy(local: RateLimiterMemory): RateLimiterMemory {
      const consume = local.consume.bind(local);
      local.consume = (...asked) => {
        leave();
        return consume(...asked);
      };
      return local;
    },
  };
}
