import type { TokenVerifier } from '@mediai/kit/acteur';
import { unauthenticated } from '@mediai/kit/errors';
import type { AccountStore } from '../account/account-store.ts';
import { hashRefreshToken } from './refresh-token.ts';
import type { SessionStore } from './session-store.ts';

type Needs = {
  verifyAccess: TokenVerifier;
  accounts: Pick<AccountStore, 'findAccount'>;
  sessions: Pick<SessionStore, 'find'>;
  clock: () => Date;
};

/** Returns when an access or a refresh token would be accepted now; throws `unauthenticated` (`token_not_valid`) otherwise. */
export function createVerifyToken({ verifyAccess, accounts, sessions, clock }: Needs) {
  return async (token: string): Promise<void> => {
    if (token.includes('.')) return verifyAccessToken(token);
    const verdict = (await sessions.find(hashRefreshToken(token), clock()))?.verdict;
    if (verdict !== 'valid' && verdict !== 'grace') throw unauthenticated();
  };

  async function verifyAccessToken(token: string): Promise<void> {
    const acteur = await verifyAccess(token);
    if (acteur.role === 'service') return;
    const account = await accounts.findAccount(acteur.id);
    if (!account?.isActive) throw unauthenticated();
  }
}
