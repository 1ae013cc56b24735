import type { KeyStore } from './key-store.ts';
import { decryptPrivateKey, generateSigningKey, isPublished, signsAt, type PublicJwk, type StoredKey } from './signing-key.ts';

type Needs = {
  keys: KeyStore;
  /** What private keys are encrypted with at rest. */
  secret: string;
  /** The longest life of a token. */
  tokenLifeMs: number;
  clock: () => Date;
};

export type SigningKey = { kid: string; privateKeyPem: string; signsFrom: Date };
export type Keyring = {
  /** Makes the first key when none signs; throws when the one that does cannot be decrypted. */
  ensure: () => Promise<void>;
  /** The newest key that signs now; what is stored is read again at most every 5 s. */
  signingKey: () => Promise<SigningKey>;
  /** Every key that will sign, or may have signed a token that is still valid. */
  publicKeys: () => Promise<PublicJwk[]>;
};

const rereadAfterMs = 5_000;

/** The service's signing keys. */
export function createKeyring({ keys, secret, tokenLifeMs, clock }: Needs): Keyring {
  let held: { rows: StoredKey[]; readMs: number } | undefined;
  let opened: SigningKey | undefined;

  function open(row: StoredKey): SigningKey {
    if (opened?.kid !== row.kid) opened = { kid: row.kid, privateKeyPem: decryptPrivateKey(row, secret), signsFrom: row.signsFrom };
    return opened;
  }

  async function stored(): Promise<StoredKey[]> {
    const nowMs = clock().getTime();
    if (!held || nowMs - held.readMs >= rereadAfterMs) held = { rows: await keys.all(), readMs: nowMs };
    return held.rows;
  }

  async function signingKey(): Promise<SigningKey> {
    const newest = (await stored()).findLast((key) => signsAt(key, clock()));
    if (!newest) throw new Error('No signing key: ensure() makes the first one at start.');
    return open(newest);
  }

  return {
    async ensure() {
      await keys.update(async (rows) => (rows.some((key) => signsAt(key, clock())) ? undefined : { add: await generateSigningKey(secret, clock()), raison: 'premiere' }));
      held = undefined;
      await signingKey();
    },
    signingKey,
    async publicKeys() {
      return (await keys.all()).filter((key) => isPublished(key, clock(), tokenLifeMs)).map(({ publicJwk }) => publicJwk);
    },
  };
}
