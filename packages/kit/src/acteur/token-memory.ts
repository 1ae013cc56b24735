import { createHash } from 'node:crypto';

const rememberMs = 60_000;
const maxRemembered = 10_000;

/** What a token was found to say, kept by its SHA-256 for 60 s at most and never beyond its `exp`: the token itself is not. */
export function createTokenMemory<T>(now: () => number) {
  const remembered = new Map<string, { value: T; untilMs: number }>();
  return {
    /** The value of a token that was verified of late; else it is verified, and `expiresMs` bounds how long that counts. */
    async recall(token: string, verify: () => Promise<{ value: T; expiresMs: number }>): Promise<T> {
      const hash = createHash('sha256').update(token).digest('base64');
      const known = remembered.get(hash);
      if (known && now() < known.untilMs) return known.value;
      remembered.delete(hash);
      const { value, expiresMs } = await verify();
      if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value as string);
      remembered.set(hash, { value, untilMs: Math.min(now() + rememberMs, expiresMs) });
      return value;
    },
  };
}
