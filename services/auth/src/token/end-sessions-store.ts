import type { Prisma } from '../generated/prisma/client.ts';

/** Why sessions ended, as kept in `refresh_family.revoked_reason`. */
export type EndReason = 'mot_de_passe' | 'compte';

/**
 * Ends every session of a user in the caller's transaction: refresh families revoked, access tokens issued until `at` worth
 * nothing. Returns the instant (a whole second) from which the user's tokens count; a token issued now carries it as `iat`.
 * The user's row is locked before the families, as by a refresh, so that none slips through.
 */
export async function endSessions(tx: Prisma.TransactionClient, userId: number, reason: EndReason, at: Date): Promise<Date> {
  const [row] = await tx.$queryRaw<{ tokens_valid_from: Date }[]>`
    UPDATE users SET tokens_valid_from = GREATEST(date_trunc('second', ${at}::timestamptz), tokens_valid_from) + interval '1 second' WHERE id = ${userId}
    RETURNING tokens_valid_from`;
  await tx.refreshFamily.updateMany({ where: { user_id: userId, revoked_at: null }, data: { revoked_at: at, revoked_reason: reason } });
  return row?.tokens_valid_from ?? at;
}
