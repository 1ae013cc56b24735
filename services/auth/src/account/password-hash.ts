import { hash, verify, type Algorithm } from '@node-rs/argon2';

export type Passwords = {
  /** A PHC string. */
  hash: (password: string) => Promise<string>;
  /** Whether `password` made `passwordHash`; without a hash the same work is done and the answer is false. */
  matches: (password: string, passwordHash: string | undefined) => Promise<boolean>;
};

const argon2id = 2 as Algorithm;

/** The cost the OWASP Password Storage Cheat Sheet asks of argon2id: 19 MiB, 2 passes, 1 lane. */
const cost = { algorithm: argon2id, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** argon2id (RFC 9106) over the NFKC form of the password, so that one password typed on two keyboards is one. */
export async function createPasswords(): Promise<Passwords> {
  const nobodys = await hash(crypto.randomUUID(), cost);
  return {
    hash: (password) => hash(password.normalize('NFKC'), cost),
    async matches(password, passwordHash) {
      const same = await verify(passwordHash ?? nobodys, password.normalize('NFKC'));
      return same && passwordHash !== undefined;
    },
  };
}
