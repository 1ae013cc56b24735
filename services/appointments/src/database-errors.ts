import { setTimeout as sleep } from 'node:timers/promises';

const maxAttempts = 5;
const firstDelayMs = 10;
/** PostgreSQL, appendix A: serialization_failure, deadlock_detected; Prisma's name for both. */
const lostToAnother = new Set(['40001', '40P01', 'P2034', 'TransactionWriteConflict']);

/** Runs a transaction again, after a moment with jitter, when the database gave it up for another one's sake. */
export async function retrying<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === maxAttempts || !hasCode(error, lostToAnother)) throw error;
      await sleep(Math.random() * firstDelayMs * 2 ** attempt);
    }
  }
}

const exclusionViolation = new Set(['23P01']);

/** Did a write break an exclusion constraint (PostgreSQL 23P01)? */
export function isExclusionViolation(thrown: unknown): boolean {
  return hasCode(thrown, exclusionViolation);
}

/** Whether a driver's error, or one that it wraps, has one of these codes. */
function hasCode(thrown: unknown, codes: ReadonlySet<unknown>, depth = 0): boolean {
  if (typeof thrown !== 'object' || thrown === null || depth > 6) return false;
  const { code, originalCode, kind, cause, meta, driverAdapterError } = thrown as Record<string, unknown>;
  return codes.has(code) || codes.has(originalCode) || codes.has(kind) || [cause, meta, driverAdapterError].some((inner) => hasCode(inner, codes, depth + 1));
}
