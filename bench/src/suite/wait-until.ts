import { setTimeout as sleep } from 'node:timers/promises';

/** Asks every 100 ms until it is so. @throws with `what` when `timeoutMs` are over */
export async function waitUntil(what: string, isSo: () => Promise<boolean> | boolean, timeoutMs = 60_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await isSo()); await sleep(100)) {
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
  }
}
