import type { PasswordStore } from '../password/password-store.ts';
import type { GuessingStore } from './guessing-store.ts';
import type { SessionStore } from './session-store.ts';

type Needs = { sessions: Pick<SessionStore, 'purge'>; guessing: Pick<GuessingStore, 'purge'>; codes: Pick<PasswordStore, 'purge'>; clock: () => Date };

const dayMs = 24 * 60 * 60_000;
const knownMs = 90 * dayMs;

/**
 * Deletes refresh tokens, login attempts and reset codes that have meant nothing for a day, and forgets where nobody has
 * logged in for 90 days; returns how many rows.
 */
export function createPurgeSessions({ sessions, guessing, codes, clock }: Needs) {
  return async (): Promise<number> => {
    const ago = (ms: number): Date => new Date(clock().getTime() - ms);
    return (await sessions.purge(ago(dayMs))) + (await guessing.purge(ago(dayMs), ago(knownMs))) + (await codes.purge(ago(dayMs)));
  };
}
