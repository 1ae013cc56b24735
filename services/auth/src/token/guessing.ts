import { createHash } from 'node:crypto';
import { usernameKey } from '../account/account.ts';

/** What is counted: hashes, so that a password typed in the place of a username is not kept. */
export type GuessKeys = { pair: string; adresse: string };

export type Attempts = { failures: number; lastAt: Date; blockedUntil: Date | null };

/** Failures that cost nothing: per account and address, and per address (a clinic shares one). */
export const freeFailures = { pair: 5, adresse: 50 };

const firstWaitSeconds = 10;
const longestWaitSeconds = 15 * 60;
const forgottenAfterMs = 60 * 60_000;

/** The keys of a login as `username` from `adresse`. */
export function guessKeys(username: string, adresse: string): GuessKeys {
  return { pair: sha256(`pair\n${usernameKey(username)}\n${adresse}`), adresse: sha256(`adresse\n${adresse}`) };
}

/** Seconds until another attempt is allowed; 0 when it is now. */
export function waitSeconds(attempts: Attempts | undefined, now: Date): number {
  return Math.max(0, Math.ceil(((attempts?.blockedUntil?.getTime() ?? 0) - now.getTime()) / 1000));
}

/** Counts an attempt: from the `free`th on each doubles the wait, from 10 s to 15 min. An hour without any starts anew. */
export function countAttempt(before: Attempts | undefined, free: number, now: Date): Attempts {
  const remembered = before !== undefined && now.getTime() - before.lastAt.getTime() < forgottenAfterMs;
  const failures = Math.min((remembered ? before.failures : 0) + 1, 10_000);
  const wait = failures < free ? 0 : Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** Math.min(failures - free, 20));
  return { failures, lastAt: now, blockedUntil: wait === 0 ? null : new Date(now.getTime() + wait * 1000) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
