import type { KeyStore } from './key-store.ts';
import { decryptPrivateKey, generateSigningKey, isPublished, type PublicJwk } from './signing-key.ts';

type Needs = {
  keys: KeyStore;
  /** What private keys are encrypted with at rest. */
  secret: string;
  /** The longest life of a token. */
  tokenLifeMs: number;
  clock: () => Date;
};

export type SigningKey = { kid: string; privateKeyPem: string };
export type Keyring = {
  /** Makes the first key when there is none; throws when the stored one cannot be decrypted. */
  ensure: () => Promise<void>;
  /** The newest key that signs, read again at most every 30 s. */
  signingKey: () => Promise<SigningKey>;
  /** Every key that may have signed a token that is still valid. */
  publicKeys: () => Promise<PublicJwk[]>;
};

const rereadAfterMs = 30_000;

/** The service's signing keys. */
export function createKeyring({ keys, secret, tokenLifeMs, clock }: Needs): Keyring {
  let held: { key: SigningKey; readMs: number } | undefined;

  async function read(): Promise<SigningKey> {
    const newest = (await keys.all()).findLast(({ retiredAt }) => retiredAt === null);
    if (!newest) throw new Error('No signing key: ensure() makes the first one at start.');
    const key = held?.key.kid === newest.kid ? held.key : { kid: newest.kid, privateKeyPem: decryptPrivateKey(newest, secret) };
    held = { key, readMs: clock().getTime() };
    return key;
  }

  return {
    async ensure() {
      await keys.ensure(() => generateSigningKey(secret, clock()));
      await read();
    },
    async signingKey() {
      return held && clock().getTime() - held.readMs < rereadAfterMs ? held.key : read();
    },
    async publicKeys() {
      return (await keys.all()).filter((key) => isPublished(key, clock(), tokenLifeMs)).map(({ publicJwk }) => publicJwk);
    },
  };
}
