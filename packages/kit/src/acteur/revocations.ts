import { unavailable } from '../errors/index.ts';

/** Tokens of a user issued before `validFrom` (Unix time, seconds) count no more. */
export type Revocation = { userId: number; validFrom: number };

const pollAfterMs = 15_000;
/** A list older than this is waited for: a revocation counts everywhere within 60 s. */
const waitAfterMs = 45_000;
const patienceMs = 1_000;
const retryFailedAfterMs = 1_000;
/** After a failure nobody waits for so long: auth is taken to be away. */
const noWaitAfterFailureMs = 5_000;
/** A poll that has not ended by then is given up, and another may begin. */
const givenUpAfterMs = 10_000;

/**
 * Tells whether a user's token issued at `iat` (seconds) is revoked, by auth's list kept in memory. Use polls it: one poll
 * at a time, in the background from an age of 15 s, waited for (1 s at most) from 45 s. While auth is away the last known
 * list goes on counting and nobody waits; with no list at all yet it is `unavailable`, as it is without keys.
 */
export function createRevocationList(fetchRevocations: () => Promise<Revocation[]>, now: () => number): (userId: number, iat: number) => Promise<boolean> {
  let list: { validFrom: Map<number, number>; asOfMs: number } | undefined;
  let last: { failure?: unknown; endedMs: number } = { endedMs: -Infinity };
  let poll: { ended: Promise<void>; patience: Promise<void> } | undefined;

  async function refresh(): Promise<void> {
    const asOfMs = now();
    try {
      const revocations = await within(givenUpAfterMs, fetchRevocations());
      list = { validFrom: new Map(revocations.map(({ userId, validFrom }) => [userId, validFrom])), asOfMs };
      last = { endedMs: now() };
    } catch (failure) {
      last = { failure, endedMs: now() };
    } finally {
      poll = undefined;
    }
  }

  function startPoll(): NonNullable<typeof poll> {
    const ended = refresh();
    return { ended, patience: within(patienceMs, ended).catch(() => undefined) };
  }

  return async (userId, iat) => {
    const ageMs = now() - (list?.asOfMs ?? -Infinity);
    const failedAgoMs = last.failure === undefined ? Infinity : now() - last.endedMs;
    if (ageMs >= pollAfterMs && failedAgoMs >= retryFailedAfterMs) poll ??= startPoll();
    if (!list) await poll?.ended;
    else if (ageMs >= waitAfterMs && failedAgoMs >= noWaitAfterFailureMs) await poll?.patience;
    if (!list) throw unavailable(last.failure);
    return iat < (list.validFrom.get(userId) ?? -Infinity);
  };
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('not within its time')), limitMs).unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
