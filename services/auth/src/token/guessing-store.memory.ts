import type { GuessingStore } from './guessing-store.ts';
import { countAttempt, forgiveAttempt, freeFailures, waitSeconds, type Attempts, type GuessKeys } from './guessing.ts';

/** Failed logins without a database; `forgive` is what a login does. */
export function createMemoryGuessing(): GuessingStore & { forgive: (keys: GuessKeys) => void } {
  const attempts = new Map<string, Attempts>();
  const known = new Set<string>();
  return {
    async take(keys, at) {
      const wait = Math.max(known.has(keys.pair) ? 0 : waitSeconds(attempts.get(keys.pair), at), waitSeconds(attempts.get(keys.adresse), at));
      if (wait > 0) return wait;
      attempts.set(keys.pair, countAttempt(attempts.get(keys.pair), freeFailures.pair, at));
      attempts.set(keys.adresse, countAttempt(attempts.get(keys.adresse), freeFailures.adresse, at));
      return 0;
    },
    forgive(keys) {
      attempts.delete(keys.pair);
      const counted = attempts.get(keys.adresse);
      if (counted) attempts.set(keys.adresse, forgiveAttempt(counted));
      known.add(keys.pair);
    },
  };
}
