import type { PasswordStore } from '../password/password-store.ts';
import type { SessionStore } from './session-store.ts';

type Needs = { sessions: Pick<SessionStore, 'purge'>; codes: Pick<PasswordStore, 'purge'>; clock: () => Date };

const keptMs = 24 * 60 * 60_000;

/** Deletes refresh families, login attempts and reset codes that have meant nothing for a day; returns how many rows. */
export function createPurgeSessions({ sessions, codes, clock }: Needs) {
  return async (): Promise<number> => {
    const before = new Date(clock().getTime() - keptMs);
    return (await sessions.purge(before)) + (await codes.purge(before));
  };
}
