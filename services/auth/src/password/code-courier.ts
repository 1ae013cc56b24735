import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient } from '@mediai/db';
import type { Logger } from '@mediai/kit/log';

/** A code on its way to a person. It is in memory only: in no row, event or log line. */
export type Letter = { userId: number; telephone: string | null; email: string | null; prenom: string; etablissementId: number; code: string; expiresAt: Date };

/** `envoye`: accepted by a channel; `sans_canal`: there is none to this person; `echec`: given up; `abandonne`: too many were on their way. */
export type LetterOutcome = 'envoye' | 'sans_canal' | 'echec' | 'abandonne';

type Needs = {
  /** Sends a letter; throws, or answers that no channel took it. */
  send: (letter: Letter) => Promise<'envoye' | 'sans_canal' | 'refuse'>;
  counted: (outcome: LetterOutcome) => void;
  log: Logger;
  clock: () => Date;
  /** Pauses before each further attempt. */
  pausesMs?: readonly number[];
};

export type CodeCourier = {
  /** Returns at once; the letter is carried after the answer to the request that posted it. */
  post: (letter: Letter) => void;
  /** Those that wait get their last attempt at once; resolves when all have ended. */
  close: () => Promise<void>;
};

const mostAtOnce = 200;

/** Carries codes in the background, with few attempts and none after the code has expired. */
export function createCodeCourier({ send, counted, log, clock, pausesMs = [1_000, 5_000, 20_000] }: Needs): CodeCourier {
  const carried = new Set<Promise<void>>();
  const closing = new AbortController();

  async function carry(letter: Letter): Promise<void> {
    let outcome: LetterOutcome | undefined;
    for (let attempt = 1; outcome === undefined; attempt += 1) {
      const pauseMs = pausesMs[attempt - 1];
      outcome = await tryOnce(letter, attempt, pauseMs !== undefined && !closing.signal.aborted && clock() < letter.expiresAt);
      if (outcome === undefined) await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
    counted(outcome);
    if (outcome === 'echec') log.warn({ user_id: letter.userId }, 'a code could not be sent');
  }

  /** Undefined: to be tried again. */
  async function tryOnce(letter: Letter, attempt: number, mayTryAgain: boolean): Promise<LetterOutcome | undefined> {
    try {
      const sent = await send(letter);
      if (sent !== 'refuse') return sent;
    } catch (err) {
      log.warn({ err, user_id: letter.userId, attempt }, 'notifications did not take a code');
      if (!isTransient(err)) return 'echec';
    }
    return mayTryAgain ? undefined : 'echec';
  }

  return {
    post(letter) {
      if (carried.size >= mostAtOnce) {
        counted('abandonne');
        log.warn({ user_id: letter.userId, count: carried.size }, 'too many codes on their way, one was dropped');
        return;
      }
      // Not before the answer: how long it takes tells nobody whether there is a letter.
      const carrying = new Promise<void>((done) => setImmediate(() => done())).then(() => carry(letter)).finally(() => carried.delete(carrying));
      carried.add(carrying);
    },
    async close() {
      closing.abort();
      await Promise.all(carried);
    },
  };
}
