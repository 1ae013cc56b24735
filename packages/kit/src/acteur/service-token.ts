import { createDecoder } from 'fast-jwt';

export type ServiceTokenOptions = {
  /** Obtains a token from auth. */
  issue: () => Promise<string>;
  /** Epoch milliseconds; for tests. */
  now?: () => number;
};

const decode = createDecoder();

/**
 * Gives the service's own access token, renewed when a fifth of its life (60 s at most) is left; concurrent callers share
 * one renewal. While the old one is valid a failed renewal is not an error; after that `issue`'s error is thrown.
 */
export function createServiceTokenSource({ issue, now = Date.now }: ServiceTokenOptions): () => Promise<string> {
  let held = { token: '', renewAtMs: -Infinity, expiresMs: -Infinity };
  let renewing: Promise<void> | undefined;

  async function renew(): Promise<void> {
    try {
      const token = await issue();
      const { exp } = decode(token) as { exp: number };
      const lifeMs = exp * 1000 - now();
      held = { token, expiresMs: exp * 1000, renewAtMs: exp * 1000 - Math.min(60_000, lifeMs / 5) };
    } catch (error) {
      if (now() >= held.expiresMs) throw error;
    } finally {
      renewing = undefined;
    }
  }

  return async () => {
    if (now() >= held.renewAtMs) await (renewing ??= renew());
    return held.token;
  };
}
