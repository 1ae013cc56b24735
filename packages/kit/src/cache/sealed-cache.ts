import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { Cache } from './create-cache.ts';

export type SealedCache = {
  /** The value, or undefined: absent, expired, sealed by another secret, or the cache away. Dates come back as Dates. */
  get: <T>(key: string) => Promise<T | undefined>;
  set: (key: string, value: unknown, ttlSeconds: number) => Promise<void>;
  del: (...keys: string[]) => Promise<void>;
};

const nonceBytes = 12;
const tagBytes = 16;

/**
 * A cache for what is said of persons: who reads Redis alone finds neither whom nor what in it. Values are AES-256-GCM
 * (NIST SP 800-38D) under a key of `secret`, bound to their name; names are keyed hashes. `scope` keeps apart those who
 * share a Redis: the address of the database whose rows are kept.
 */
export function createSealedCache({ cache, secret, scope }: { cache: Pick<Cache, 'get' | 'set' | 'del'>; secret: string; scope: string }): SealedCache {
  // As key objects: of a Buffer Node makes one for each use, which takes longer than the use.
  const derive = (use: string): KeyObject => createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `mediai cache ${use}`, 32)));
  const [sealing, naming] = [derive('values'), derive('names')];
  const nameOf = (key: string): string => `mediai:${createHmac('sha256', naming).update(`${scope}\0${key}`).digest('base64url')}`;

  function seal(name: string, value: unknown): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(name));
    return Buffer.concat([nonce, cipher.update(serialize(value)), cipher.final(), cipher.getAuthTag()]).toString('base64');
  }

  function open(name: string, sealed: string): unknown {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes.length < nonceBytes + tagBytes) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(-tagBytes));
      return deserialize(Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]));
    } catch {
      return undefined; // by contract: what cannot be opened (another secret, another Node, damage) was never there
    }
  }

  return {
    async get<T>(key: string) {
      const name = nameOf(key);
      const sealed = await cache.get(name);
      return sealed === undefined ? undefined : (open(name, sealed) as T | undefined);
    },
    async set(key, value, ttlSeconds) {
      const name = nameOf(key);
      await cache.set(name, seal(name, value), ttlSeconds);
    },
    del: (...keys) => cache.del(...keys.map(nameOf)),
  };
}
