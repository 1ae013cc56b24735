import { createHash } from 'node:crypto';
import { createDecoder, createVerifier } from 'fast-jwt';
import { unauthenticated } from '../errors/index.ts';
import { readActeur, type Acteur } from './acteur.ts';
import { createKeyRing, type Jwks } from './jwks.ts';

export type TokenVerifier = (token: string) => Promise<Acteur>;

export type TokenVerifierOptions = {
  fetchJwks: () => Promise<Jwks>;
  issuer: string;
  audience: string;
  /** Epoch milliseconds; for tests. */
  now?: () => number;
};

const rememberMs = 60_000;
const maxRemembered = 10_000;
const clockSkewMs = 5_000;
const maxTokenLength = 8_192;
const decode = createDecoder({ complete: true });

/**
 * Verifies access tokens (RFC 7519; RS256 only, RFC 8725 §3.1) with the keys of auth's JWKS. A verified token is remembered
 * by its SHA-256 for 60 s at most and never beyond its `exp`. Throws AppError `unauthenticated` (`token_not_valid`) for
 * any token that is not valid, `unavailable` when its key cannot be fetched.
 */
export function createTokenVerifier({ fetchJwks, issuer, audience, now = Date.now }: TokenVerifierOptions): TokenVerifier {
  const findKey = createKeyRing(fetchJwks, now);
  const remembered = new Map<string, { acteur: Acteur; untilMs: number }>();
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

  return async (token) => {
    const hash = createHash('sha256').update(token).digest('base64');
    const known = remembered.get(hash);
    if (known && now() < known.untilMs) return known.acteur;
    remembered.delete(hash);

    const pem = await findKey(readKid(token));
    if (pem === undefined) throw unauthenticated();
    const claims = rejecting(() => verifierFor(pem)(token));
    const expiresMs = checkTimes(claims, now());
    const acteur = readActeur(claims, token);

    if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value as string);
    remembered.set(hash, { acteur, untilMs: Math.min(now() + rememberMs, expiresMs) });
    return acteur;
  };
}

function readKid(token: string): string {
  if (token.length > maxTokenLength) throw unauthenticated();
  const { header } = rejecting(() => decode(token) as { header: Record<string, unknown> });
  if (header['alg'] !== 'RS256' || typeof header['kid'] !== 'string') throw unauthenticated();
  return header['kid'];
}

function checkTimes(claims: Record<string, unknown>, nowMs: number): number {
  const { exp, iat, nbf = 0 } = claims;
  if (typeof exp !== 'number' || typeof iat !== 'number' || typeof nbf !== 'number') throw unauthenticated();
  if (nowMs >= exp * 1000 || iat * 1000 > nowMs + clockSkewMs || nbf * 1000 > nowMs + clockSkewMs) throw unauthenticated();
  return exp * 1000;
}

function rejecting<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw unauthenticated(); // why a token was refused is told to nobody
  }
}
