import type { KeyStore } from './key-store.ts';
import { decryptPrivateKey, generateSigningKey, isPublished, type StoredKey } from './signing-key.ts';

type Needs = { keys: Pick<KeyStore, 'update'>; secret: string; clock: () => Date };

/** The key made, or the one that was already waiting for its time. */
export type Rotation = { kid: string; signsFrom: Date; made: boolean };

/** Longer than any verifier keeps the published keys without asking again (10 min), so that each knows a key before it signs. */
export const announcedMs = 15 * 60_000;
const dayMs = 86_400_000;

/**
 * A new key, published at once, which signs in 15 minutes; the present one signs until then, and stays published while a
 * token it signed may be valid: no request is refused. While a new key waits for its time none is made. Throws when `secret`
 * is not the one that the present keys are kept with: the service could not use the new key.
 */
export function createRotateKeys({ keys, secret, clock }: Needs) {
  return async (raison: 'commande' | 'calendrier' = 'commande'): Promise<Rotation> => {
    let waiting: StoredKey | undefined;
    const change = await keys.update(async (rows) => {
      for (const row of rows.slice(-1)) decryptPrivateKey(row, secret);
      waiting = rows.find(({ signsFrom }) => signsFrom > clock());
      return waiting ? undefined : announce(secret, clock(), raison);
    });
    const key = (change?.add ?? waiting) as StoredKey;
    return { kid: key.kid, signsFrom: key.signsFrom, made: change !== undefined };
  };
}

/**
 * For a compromise: a new key that signs at once, all others forgotten. Every access token given before is refused as soon as
 * a verifier fetches the keys again: when it meets the first token of the new key, after 10 min at most. Works with another
 * `secret` too, with which the service must then be started again.
 */
export function createReplaceKeys({ keys, secret, clock }: Needs) {
  return async (): Promise<Rotation> => {
    const add = await generateSigningKey(secret, clock());
    await keys.update(async (rows) => ({ add, remove: rows.map(({ kid }) => kid), raison: 'compromission' }));
    return { kid: add.kid, signsFrom: add.signsFrom, made: true };
  };
}

/** Rotates once the newest key has signed for `days` (0: never); of replicas that find it due together one does. Returns whether a key was made. */
export function createRotateKeysWhenDue({ keys, secret, clock, days }: Needs & { days: number }) {
  return async (): Promise<boolean> => {
    if (days === 0) return false;
    const change = await keys.update(async (rows) => {
      const newestMs = Math.max(...rows.map(({ signsFrom }) => signsFrom.getTime()));
      return newestMs + days * dayMs <= clock().getTime() + announcedMs ? announce(secret, clock(), 'calendrier') : undefined;
    });
    return change !== undefined;
  };
}

/** Forgets the keys that are published no more; returns how many. */
export function createPurgeKeys({ keys, clock, tokenLifeMs }: Pick<Needs, 'keys' | 'clock'> & { tokenLifeMs: number }) {
  return async (): Promise<number> => {
    const change = await keys.update(async (rows) => {
      const remove = rows.filter((key) => !isPublished(key, clock(), tokenLifeMs)).map(({ kid }) => kid);
      return remove.length > 0 ? { remove, raison: 'perimee' } : undefined;
    });
    return change?.remove?.length ?? 0;
  };
}

async function announce(secret: string, now: Date, raison: string) {
  const signsFrom = new Date(now.getTime() + announcedMs);
  return { add: await generateSigningKey(secret, now, signsFrom), retireOthersAt: signsFrom, raison };
}
