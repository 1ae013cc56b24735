import fastifyJwt from '@fastify/jwt';
import { createKeyRing, createTokenMemory, readActeur, type Acteur, type Jwks } from '@mediai/kit/acteur';
import { AppError, unauthenticated } from '@mediai/kit/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified caller; set on routes that demand a token. */
    acteur: Acteur | undefined;
  }
  interface FastifyInstance {
    tokenMemory: ReturnType<typeof createTokenMemory<Acteur>>;
  }
}

export interface AuthenticateOptions {
  readonly fetchJwks: () => Promise<Jwks>;
}

/**
 * Adds `app.authenticate`, a hook that verifies the bearer token (RFC 6750) with auth's public keys and sets `req.acteur`.
 * The services verify the same token again: this hook only spares them calls that are refused anyway.
 */
export async function addAuthentication(app: FastifyInstance, { fetchJwks }: AuthenticateOptions): Promise<void> {
  const findKey = createKeyRing(fetchJwks, Date.now);
  app.decorateRequest('acteur', undefined);
  app.decorate('tokenMemory', createTokenMemory<Acteur>(Date.now));
  await app.register(fastifyJwt, {
    secret: async (_request: FastifyRequest, token: unknown) => {
      const kid = (token as { header?: { kid?: string } } | null)?.header?.kid;
      const key = kid === undefined ? undefined : await findKey(kid);
      if (key === undefined) throw unauthenticated();
      return key;
    },
    decode: { complete: true },
    verify: { algorithms: ['RS256'], allowedIss: 'mediai', allowedAud: 'mediai', requiredClaims: ['sub', 'exp', 'iat', 'jti'] },
  });
}

/** The hook. @throws AppError 401 for a missing or bad token, 503 when its key cannot be fetched */
export async function authenticate(request: FastifyRequest): Promise<void> {
  const token = /^Bearer ([\w.~+/=-]+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated();
  request.acteur = await request.server.tokenMemory.recall(token, () => verify(request, token));
}

async function verify(request: FastifyRequest, token: string): Promise<{ value: Acteur; expiresMs: number }> {
  try {
    const verified = await request.jwtVerify<Record<string, unknown>>();
    const claims = (verified['payload'] as Record<string, unknown> | undefined) ?? verified;
    const acteur = readActeur(claims, token);
    if (acteur.role === 'service') throw unauthenticated();
    return { value: acteur, expiresMs: Number(claims['exp']) * 1_000 };
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof Error && error.cause instanceof AppError) throw error.cause;
    throw unauthenticated(); // why a token was refused is told to nobody
  }
}
