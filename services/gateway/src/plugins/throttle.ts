import { createHmac } from 'node:crypto';
import { AppError } from '@mediai/kit/errors';
import type { Logger } from '@mediai/kit/log';
import { networkOf } from '@mediai/kit/network';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler, RouteOptions } from 'fastify';
import type { Config } from '../config.ts';
import type { GatewayMetrics } from '../metrics.ts';
import { createLimiter } from '../throttle/limiter.ts';
import { isAlone, isExempt, ownScope, readRates, type Scope } from '../throttle/scopes.ts';
import { problems } from '../wire/route-schema.ts';
import { authenticate } from './authenticate.ts';

export interface ThrottleOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: GatewayMetrics;
}

/**
 * Limits what one user asks for, by its id, and what comes without a valid token, by its address: public calls before
 * anything else, failed tokens afterwards. A route with a limit of its own is under the general one too.
 */
export function addThrottles(app: FastifyInstance, { config, log, metrics }: ThrottleOptions): void {
  app.addHook('onRoute', document);
  if (config.MEDIAI_THROTTLES === 'off') return;
  const limiter = createLimiter({ rates: readRates(config), redisUrl: config.REDIS_URL, log, metrics });
  app.addHook('onClose', () => limiter.close());

  async function spend(reply: FastifyReply, scopes: readonly Scope[], key: string): Promise<void> {
    const { limit, remaining, resetSeconds, exceeded } = await limiter.consume(scopes, key);
    reply.header('ratelimit-limit', limit).header('ratelimit-remaining', remaining).header('ratelimit-reset', resetSeconds);
    if (exceeded) throw new AppError('exhausted', 'requete.trop_frequente', `Trop de requêtes : réessayez dans ${resetSeconds} s.`, { retryAfterSeconds: resetSeconds });
  }

  /** Keyed with Redis' URL, which holds its password: who reads Redis' data alone finds no address in it. */
  const addressKey = (request: FastifyRequest): string => createHmac('sha256', config.REDIS_URL ?? '').update(networkOf(request.ip ?? '')).digest('base64url').slice(0, 22);

  const anonymous = (own: Scope[]): onRequestAsyncHookHandler => async (request, reply) => spend(reply, own.some(isAlone) ? own : ['anonymous', ...own], addressKey(request));

  const user = (own: Scope[]): onRequestAsyncHookHandler => async (request, reply) => {
    try {
      await authenticate(request);
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unauthenticated') await spend(reply, ['anonymous'], addressKey(request));
      throw error;
    }
    await spend(reply, ['user', ...own], String(request.acteur?.id));
  };

  app.addHook('onRoute', (route) => {
    if (isLimited(route)) {
      const own = ownScope(String(route.method), route.url);
      const scopes = own === undefined ? [] : [own];
      const hooks = [route.onRequest ?? []].flat();
      route.onRequest = hooks.includes(authenticate) ? hooks.map((hook) => (hook === authenticate ? user(scopes) : hook)) : [anonymous(scopes), ...hooks];
    }
  });
}

const isLimited = ({ method, url }: RouteOptions): boolean => method !== 'OPTIONS' && !isExempt(url);

/** Every limited route says so, whether limits are on or not. */
function document(route: RouteOptions): void {
  if (!isLimited(route) || !route.schema) return;
  route.schema = { ...route.schema, response: { ...(route.schema.response as object | undefined), ...problems(429) } };
}
