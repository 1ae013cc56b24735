import { createDecoder, createVerifier } from 'fast-jwt';
import { unauthenticated } from '../errors/index.ts';
import { readActeur, type Acteur } from './acteur.ts';
import { createKeyRing, type Jwks } from './jwks.ts';
import { createRevocationList, type Revocation } from './revocations.ts';
import { createTokenMemory } from './token-memory.ts';

export type TokenVerifier = (token: string) => Promise<Acteur>;

export type TokenVerifierOptions = {
  fetchJwks: () => Promise<Jwks>;
  /** Users whose earlier tokens count no more; without it none is revoked. */
  fetchRevocations?: () => Promise<Revocation[]>;
  issuer: string;
  audience: string;
  /** Epoch milliseconds; for tests. */
  now?: () => number;
};

const clockSkewMs = 5_000;
const maxTokenLength = 8_192;
const decode = createDecoder({ complete: true });

/**
 * Verifies access tokens (RFC 7519; RS256 only, RFC 8725 §3.1) with the keys of auth's JWKS. A verified token is remembered
 * by its SHA-256 for 60 s at most and never beyond its `exp`; one that auth has revoked is refused within 60 s, remembered
 * or not. Throws AppError `unauthenticated` (`token_not_valid`) for any token that is not valid, `unavailable` when its key
 * cannot be fetched or while no list of revocations ever was.
 */
export function createTokenVerifier({ fetchJwks, fetchRevocations, issuer, audience, now = Date.now }: TokenVerifierOptions): TokenVerifier {
  const findKey = createKeyRing(fetchJwks, now);
  const isRevoked = fetchRevocations && createRevocationList(fetchRevocations, now);
  const memory = createTokenMemory<{ acteur: Acteur; iat: number }>(now);
  const verifiers = new Map<string, (token: string) => Record<string, unknown>>();

  function verifierFor(pem: string): (token: string) => Record<string, unknown> {
    const known = verifiers.get(pem);
    if (known) return known;
    const verifier = createVerifier({
      key: pem,
      algorithms: ['RS256'],
      allowedIss: issuer,
      allowedAud: audience,
      requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat', 'jti'],
      ignoreExpiration: true, // times are judged below, by the injected clock
      ignoreNotBefore: true,
    });
    if (verifiers.size > 20) verifiers.clear();
    verifiers.set(pem, verifier);
    return verifier;
  }

  async function verified(token: string): Promise<{ value: { acteur: Acteur; iat: number }; expiresMs: number }> {
    const pem = await findKey(readKid(token));
    if (pem === undefined) throw unauthenticated();
    const claims = rejecting(() => verifierFor(pem)(token));
    const { expiresMs, iat } = checkTimes(claims, now());
    return { value: { acteur: readActeur(claims, token), iat }, expiresMs };
  }

  return async (token) => {
    const { acteur, iat } = await memory.recall(token, () => verified(token));
    // A service has no account that could be revoked; its token lives for minutes.
    if (acteur.role !== 'service' && (await isRevoked?.(acteur.id, iat))) throw unauthenticated();
    return acteur;
  };
}

function readKid(token: string): string {
  if (token.length > maxTokenLength) throw unauthenticated();
  const { header } = rejecting(() => decode(token) as { header: Record<string, unknown> });
  if (header['alg'] !== 'RS256' || typeof header['kid'] !== 'string') throw unauthenticated();
  return header['kid'];
}

function checkTimes(claims: Record<string, unknown>, nowMs: number): { expiresMs: number; iat: number } {
  const { exp, iat, nbf = 0 } = claims;
  if (typeof exp !== 'number' || typeof iat !== 'number' || typeof nbf !== 'number') throw unauthenticated();
  if (nowMs >= exp * 1000 || iat * 1000 > nowMs + clockSkewMs || nbf * 1000 > nowMs + clockSkewMs) throw unauthenticated();
  return { expiresMs: exp * 1000, iat };
}

function rejecting<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw unauthenticated(); // why a token was refused is told to nobody
  }
}
