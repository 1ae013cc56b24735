import type { PrismaClient } from '../generated/prisma/client.ts';
import type { AuthMetrics } from '../metrics.ts';
import { longestAccessSeconds } from './access-token.ts';

/** By the index of what revokes. */
export const activeSql = 'SELECT count(*)::int AS active FROM users WHERE tokens_valid_from >= $1::timestamptz';

/** Reads `revocations_active`: as many as `createFindRevocations` finds. */
export function createReadActive(db: PrismaClient, { revocationsActive }: Pick<AuthMetrics, 'revocationsActive'>, clock: () => Date): () => Promise<void> {
  return async () => {
    const [row] = await db.$queryRawUnsafe<{ active: number }[]>(activeSql, new Date(clock().getTime() - longestAccessSeconds * 1_000));
    revocationsActive.set(row?.active ?? 0);
  };
}
