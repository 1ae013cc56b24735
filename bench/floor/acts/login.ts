import { createPasswords } from '../../../services/auth/src/account/password-hash.ts';
import { createAccessTokens } from '../../../services/auth/src/token/access-token.ts';
import { createIssueToken, type Login, type TokenPair } from '../../../services/auth/src/token/issue-token.ts';
import type { Pools } from '../databases.ts';
import { findCredentials, openSession, refuseLogin, takeAttempt } from '../sql/login-sql.ts';
import type { SigningKey } from '../tokens.ts';

/** As the suite gives them unless told otherwise. */
const ACCESS_SECONDS = 7_200;
const REFRESH_SECONDS = 604_800;

/** Logins by auth's rules, with tokens signed by a key of this process. */
export async function createLogin(pool: Pools['auth'], key: SigningKey) {
  const clock = (): Date => new Date();
  const passwords = await createPasswords();
  const accessTokens = createAccessTokens({ keyring: { signingKey: async () => key.signing }, accessSeconds: ACCESS_SECONDS, clock });
  const parts = {
    accounts: { findCredentials: (username: string) => findCredentials(pool, username) },
    guessing: { take: (keys: Parameters<typeof takeAttempt>[1], at: Date) => takeAttempt(pool, keys, at), purge: async () => 0 },
    passwords, accessTokens, refreshSeconds: REFRESH_SECONDS, clock,
    counted: () => undefined,
  };
  /** @throws AppError */
  return (login: Login, requestId: string): Promise<TokenPair> =>
    createIssueToken({
      ...parts,
      sessions: {
        open: (session, acte) => openSession(pool, session, acte, requestId),
        refuse: (guesses, at, acte) => refuseLogin(pool, guesses, at, acte, requestId),
      },
    })(login);
}
