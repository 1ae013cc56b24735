import { createHash } from 'node:crypto';
import { AppError } from '@mediai/kit/errors';
import { networkOf } from '@mediai/kit/network';
import { usernameKey } from '../account/account.ts';

/** What is counted: hashes, so that a password typed in the place of a username is not kept. */
export type GuessKeys = { pair: string; adresse: string };

export type Attempts = { failures: number; lastAt: Date; blockedUntil: Date | null };

/** Failures that cost nothing: per account and address, and per address (a clinic shares one). */
export const freeFailures = { pair: 5, adresse: 50 };

const firstWaitSeconds = 10;
const longestWaitSeconds = 15 * 60;
const forgottenAfterMs = 60 * 60_000;

/** What is guessed, or asked for too often, about an account: its password, a code to be sent, a code that was. Each is counted by itself. */
export type Guess = 'pair' | 'demande' | 'code';

/** The keys of a guess about the account called `username`, from `adresse`: of IPv6 its network, where each guess could have an address of its own. */
export function guessKeys(username: string, adresse: string, guess: Guess = 'pair'): GuessKeys {
  const network = networkOf(adresse);
  return { pair: sha256(`${guess}\n${usernameKey(username)}\n${network}`), adresse: sha256(`adresse\n${network}`) };
}

/** 429 with the seconds to wait. */
export function tooManyGuesses(retryAfterSeconds: number): AppError {
  return new AppError('exhausted', 'auth.trop_d_essais', `Trop de tentatives : réessayez dans ${retryAfterSeconds} secondes.`, { retryAfterSeconds });
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
