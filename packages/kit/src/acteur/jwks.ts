import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { unavailable } from '../errors/index.ts';

export type Jwks = { keys: (JsonWebKey & { kid?: string })[] };

const refetchAfterMs = 5_000;
const retryFailedAfterMs = 1_000;
const maxAgeMs = 10 * 60_000;

/**
 * RSA public keys by `kid`, as PEM, kept in memory. An unknown kid or an age of 10 min fetches again, at most every 5 s
 * (1 s after a failure) so that forged kids cost auth nothing. A failed fetch leaves the known keys in use; with an
 * unknown kid it is `unavailable`. A fresh known kid waits for no fetch: an auth that hangs holds up forged kids only.
 */
export function createKeyRing(fetchJwks: () => Promise<Jwks>, now: () => number): (kid: string) => Promise<string | undefined> {
  let keys = new Map<string, string>();
  let last: { atMs: number; failure?: unknown } = { atMs: -Infinity };
  let fetching: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    try {
      keys = toPemByKid(await fetchJwks());
      last = { atMs: now() };
    } catch (failure) {
      last = { atMs: now(), failure };
    } finally {
      fetching = undefined;
    }
  }

  return async (kid) => {
    const ageMs = now() - last.atMs;
    const known = keys.has(kid);
    const due = known ? maxAgeMs : last.failure === undefined ? refetchAfterMs : retryFailedAfterMs;
    if (ageMs >= due || (fetching && !known)) await (fetching ??= refresh());
    if (!keys.has(kid) && last.failure !== undefined) throw unavailable(last.failure);
    return keys.get(kid);
  };
}

function toPemByKid({ keys }: Jwks): Map<string, string> {
  const usable = keys.filter((key) => key.kty === 'RSA' && key.kid && (key['use'] ?? 'sig') === 'sig' && (key['alg'] ?? 'RS256') === 'RS256');
  return new Map(usable.map((key) => [key.kid as string, createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()]));
}
