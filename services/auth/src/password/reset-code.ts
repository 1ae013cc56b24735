import { createHmac, hkdfSync, randomInt, timingSafeEqual } from 'node:crypto';

/** For how long a code counts, in minutes, and how many tries it bears. */
export const codeMinutes = 10;
export const maxTries = 5;

/** Codes that one account is sent within an hour. */
export const maxCodesPerHour = 3;

const digits = 8;

export type StoredCode = { hash: Uint8Array; expiresAt: Date; attempts: number; usedAt: Date | null };

export type ResetCodes = {
  newCode: () => string;
  /** What is kept of the code of a user (0: of nobody). */
  hashCode: (userId: number, code: string) => Uint8Array<ArrayBuffer>;
};

/** Codes of 8 digits, kept as HMAC-SHA-256 under a key derived from `secret`: 10^8 are soon tried, were they hashed without one. */
export function createResetCodes(secret: string): ResetCodes {
  const key = Buffer.from(hkdfSync('sha256', secret, 'mediai-auth', 'reset-code', 32));
  return {
    newCode: () => String(randomInt(10 ** digits)).padStart(digits, '0'),
    hashCode: (userId, code) => new Uint8Array(createHmac('sha256', key).update(`${userId}\n${code}`).digest()),
  };
}

/** As people type it: spaces and hyphens mean nothing. */
export function readCode(typed: string): string {
  return typed.slice(0, 64).replace(/[\s-]/g, '');
}

/** Whether the code that was kept is the one whose `hash` is given, and still counts at `now`. */
export function isRightCode({ hash: kept, expiresAt, attempts, usedAt }: StoredCode, hash: Uint8Array, now: Date): boolean {
  return timingSafeEqual(kept, hash) && usedAt === null && expiresAt > now && attempts < maxTries;
}
