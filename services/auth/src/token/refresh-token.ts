import { createHash, randomBytes } from 'node:crypto';

/** What decides about a refresh token that was found. */
export type RefreshTokenState = { expiresAt: Date; rotatedAt: Date | null; familyRevokedAt: Date | null; accountIsActive: boolean };

/**
 * `valid`; `grace`: exchanged moments ago, by the other tab; `reused`: exchanged before, so somebody else holds it
 * (RFC 9700 §4.14.2); `refused`: expired, revoked, or of a deactivated account.
 */
export type RefreshVerdict = 'valid' | 'grace' | 'reused' | 'refused';

/** Two tabs that refresh at once are honest. */
export const graceMs = 10_000;

/** Judges a refresh token at `now`. */
export function judgeRefreshToken({ expiresAt, rotatedAt, familyRevokedAt, accountIsActive }: RefreshTokenState, now: Date): RefreshVerdict {
  if (familyRevokedAt !== null || !accountIsActive) return 'refused';
  if (rotatedAt !== null && now.getTime() - rotatedAt.getTime() > graceMs) return 'reused';
  if (expiresAt.getTime() <= now.getTime()) return 'refused';
  return rotatedAt === null ? 'valid' : 'grace';
}

/** A new opaque token of 256 random bits, base64url. */
export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a refresh token. */
export function hashRefreshToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest());
}
