import { randomUUID } from 'node:crypto';
import type { Acteur, TokenVerifier } from '@mediai/kit/acteur';
import { AppError, unauthenticated } from '@mediai/kit/errors';
import { fastify, LogController, type FastifyInstance, type FastifyRequest, type FastifySchema } from 'fastify';
import { acceptJson } from '../../services/gateway/src/plugins/json-body.ts';
import { addProblems } from '../../services/gateway/src/plugins/problems.ts';
import type { Role } from '../../services/gateway/src/plugins/role-first.ts';
import { callOptions, expectedVersion } from '../../services/gateway/src/wire/call-options.ts';
import type { Appel } from './appel.ts';
import type { Versioned } from './operations.ts';

// As the gateway has them, whose parts are used here.
declare module 'fastify' {
  interface FastifyRequest {
    acteur: Acteur | undefined;
    problemCode: string | undefined;
  }
}

const BODY_LIMIT_BYTES = 1_048_576;
const REQUEST_ID = /^[\w.:-]{1,128}$/;
export const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * A server that answers as the gateway does: bodies, statuses, refusals, tags of versions. What has nothing to do with an
 * answer's content is left out: headers for browsers, traces, metrics, a log line for each request, limits.
 */
export function createApp(): FastifyInstance {
  const app = fastify({
    logger: { level: 'error', stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { ignoreTrailingSlash: true },
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    genReqId: (request) => {
      const id = request.headers['x-request-id'];
      return typeof id === 'string' && REQUEST_ID.test(id) ? id : randomUUID();
    },
    ajv: { customOptions: { allErrors: true, coerceTypes: 'array', removeAdditional: false, strict: false } },
  }) as unknown as FastifyInstance;
  app.decorateRequest('acteur', undefined);
  app.decorateRequest('problemCode', undefined);
  addProblems(app);
  acceptJson(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    done();
  });
  return app;
}

/** Makes routes that demand a token: `role` says who it is for, as in the gateway. */
export function createProtect(verify: TokenVerifier) {
  async function onRequest(request: FastifyRequest): Promise<void> {
    const token = /^Bearer ([\w.~+/=-]+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw unauthenticated();
    const acteur = await verify(token);
    if (acteur.role === 'service') throw unauthenticated();
    request.acteur = acteur;
  }
  return (role: Role, schema: object = {}) => ({ onRequest, schema: { 'x-role': role, ...schema } as FastifySchema });
}

export type Protect = ReturnType<typeof createProtect>;

/** Who calls and what they say beside the request. @throws AppError unimplemented for an Idempotency-Key, which the floor does not keep */
export function appelOf(request: FastifyRequest): Appel {
  const { idempotencyKey, accessReason } = callOptions(request);
  if (idempotencyKey !== undefined) throw new AppError('unimplemented');
  return { acteur: request.acteur as Acteur, requestId: request.id, adresse: request.ip, motif: accessReason, versionAttendue: expectedVersion(request) };
}

type Reply = { header: (name: string, value: string) => Reply; type: (value: string) => Reply; send: (body: string) => Reply };

/** Sends JSON that is written already. */
export const sendJson = (reply: Reply, json: string): Reply => reply.type(JSON_TYPE).send(json);

/** The same under the tag of its version. */
export const sendVersioned = (reply: Reply, { json, version }: Versioned): Reply => sendJson(reply.header('etag', `"${version}"`), json);
