import type { GuessingStore } from './guessing-store.ts';
import { countAttempt, freeFailures, waitSeconds, type Attempts, type GuessKeys } from './guessing.ts';

/** Failed logins without a database; `countRefusal` and `forgive` are what a refused and an accepted login do. */
export function createMemoryGuessing(): GuessingStore & { countRefusal: (keys: GuessKeys, at: Date) => void; forgive: (keys: GuessKeys, at: Date) => void } {
  const attempts = new Map<string, Attempts>();
  const known = new Map<string, Date>();
  return {
    async take(keys, at) {
      const wait = Math.max(known.has(keys.pair) ? 0 : waitSeconds(attempts.get(keys.pair), at), waitSeconds(attempts.get(keys.adresse), at));
      if (wait === 0) attempts.set(keys.pair, countAttempt(attempts.get(keys.pair), freeFailures.pair, at));
      return wait;
    },
    countRefusal(keys, at) {
      attempts.set(keys.adresse, countAttempt(attempts.get(keys.adresse), freeFailures.adresse, at));
    },
    forgive(keys, at) {
      attempts.delete(keys.pair);
      known.set(keys.pair, at);
    },
    async purge(attemptsBefore, knownBefore) {
      const old = [...attempts].filter(([, { lastAt }]) => lastAt < attemptsBefore);
      const away = [...known].filter(([, lastSeen]) => lastSeen < knownBefore);
      for (const [cle] of old) attempts.delete(cle);
      for (const [cle] of away) known.delete(cle);
      return old.length + away.length;
    },
  };
}
