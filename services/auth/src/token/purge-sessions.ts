import type { SessionStore } from './session-store.ts';

type Needs = { sessions: Pick<SessionStore, 'purge'>; clock: () => Date };

const keptMs = 24 * 60 * 60_000;

/** Deletes refresh families and login attempts that have meant nothing for a day; returns how many rows. */
export function createPurgeSessions({ sessions, clock }: Needs) {
  return (): Promise<number> => sessions.purge(new Date(clock().getTime() - keptMs));
}
