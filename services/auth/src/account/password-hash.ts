import { hash, verify, type Algorithm } from '@node-rs/argon2';
import { matchesDjangoHash, readDjangoHash, spendIterations } from './django-hash.ts';

export type Passwords = {
  /** A PHC string. */
  hash: (password: string) => Promise<string>;
  /**
   * Whether `password` made `passwordHash`, which is of argon2 or Django's `pbkdf2_sha256`; false for any other text. Without
   * a hash the same work is done and the answer is false.
   */
  matches: (password: string, passwordHash: string | undefined) => Promise<boolean>;
};

export type AgingPasswords = Passwords & {
  /** Whether a hash was made otherwise than `hash` makes them now. */
  isOutdated: (passwordHash: string) => boolean;
};

type Needs = {
  /** The most iterations any of Django's hashes still kept has; 0 when there is none. */
  djangoIterations?: () => Promise<number>;
};

const argon2id = 2 as Algorithm;

/** The cost the OWASP Password Storage Cheat Sheet asks of argon2id: 19 MiB, 2 passes, 1 lane. */
const cost = { algorithm: argon2id, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };
const current = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`;
const argon2Hash = /^\$argon2(id|i|d)\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;

/**
 * argon2id (RFC 9106) over the NFKC form of the password, so that one password typed on two keyboards is one. A refusal costs
 * the same whatever was kept: one argon2 and, while Django's hashes remain, as many iterations as the dearest of them.
 */
export async function createPasswords({ djangoIterations = async () => 0 }: Needs = {}): Promise<AgingPasswords> {
  const nobodys = await hash(crypto.randomUUID(), cost);
  return {
    hash: (password) => hash(password.normalize('NFKC'), cost),
    async matches(password, passwordHash) {
      const own = passwordHash !== undefined && argon2Hash.test(passwordHash) ? passwordHash : undefined;
      if ((await verify(own ?? nobodys, password.normalize('NFKC'))) && own !== undefined) return true;
      const django = readDjangoHash(passwordHash ?? '');
      if (django && (await matchesDjangoHash(password, django))) return true;
      await spendIterations((await djangoIterations()) - (django?.iterations ?? 0));
      return false;
    },
    isOutdated: (passwordHash) => !passwordHash.startsWith(current),
  };
}
