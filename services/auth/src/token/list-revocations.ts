import type { Acteur } from '@mediai/kit/acteur';
import { exiger } from '../acces/acces.ts';
import { longestAccessSeconds } from './access-token.ts';
import type { SessionStore } from './session-store.ts';

type Needs = { sessions: Pick<SessionStore, 'revocations'>; clock: () => Date };

export type Revocation = { userId: number; validFrom: number };

/** Users whose access tokens issued before `validFrom` (Unix seconds) count no more, as far back as such a token may still live. */
export function createFindRevocations({ sessions, clock }: Needs) {
  return (): Promise<Revocation[]> => sessions.revocations(new Date(clock().getTime() - longestAccessSeconds * 1000));
}

/** The same for other services; throws `forbidden` for anyone else. */
export function createListRevocations(findRevocations: () => Promise<Revocation[]>) {
  return async (acteur: Acteur): Promise<Revocation[]> => {
    exiger(acteur, 'revocation.lister');
    return findRevocations();
  };
}
