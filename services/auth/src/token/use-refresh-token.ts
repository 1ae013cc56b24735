import { unauthenticated } from '@mediai/kit/errors';
import { acteAnonyme, type Acte } from '../audit/acte.ts';
import type { AccessTokens } from './access-token.ts';
import { hashRefreshToken, newRefreshToken, type RefreshVerdict } from './refresh-token.ts';
import type { FoundToken, SessionStore } from './session-store.ts';

type Needs = {
  sessions: Pick<SessionStore, 'use'>;
  accessTokens: AccessTokens;
  refreshSeconds: number;
  clock: () => Date;
  counted: (verdict: RefreshVerdict) => void;
};

/**
 * New tokens for a refresh token. With `rotate` it is exchanged for a new one (the same twice within 10 s is two tabs and
 * gives both fresh tokens); without, it stays valid. A token exchanged before that revokes its family, audited. Throws
 * `unauthenticated` (`token_not_valid`) for any that is not accepted.
 */
export function createUseRefreshToken({ sessions, accessTokens, refreshSeconds, clock, counted }: Needs) {
  return async (refresh: string, rotate: boolean): Promise<{ access: string; refresh?: string }> => {
    const at = clock();
    const next = rotate ? newRefreshToken() : undefined;
    const nextToken = next === undefined ? undefined : { hash: hashRefreshToken(next), expiresAt: new Date(at.getTime() + refreshSeconds * 1000) };
    const found = await sessions.use(hashRefreshToken(refresh), nextToken, at, reuseActe);
    const verdict = found?.verdict ?? 'refused';
    counted(verdict);
    if (!found || verdict === 'refused' || verdict === 'reused') throw unauthenticated();
    return { access: await accessTokens.forAccount(found.holder, at), refresh: next };
  };
}

function reuseActe({ holder, familyId }: FoundToken): Acte {
  return acteAnonyme({ action: 'jeton.reutilisation', objetType: 'refresh_family', objetId: familyId, etablissementId: holder.etablissementId, raison: `users ${holder.id}` }, 'refus');
}
