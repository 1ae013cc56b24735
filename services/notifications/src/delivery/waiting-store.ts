import type { PrismaClient } from '../generated/prisma/client.ts';
import type { NotificationsMetrics } from '../metrics.ts';

/** By the partial index that the workers take them by. */
export const waitingSql = "SELECT count(*)::int AS waiting FROM delivery WHERE etat IN ('en_attente', 'en_cours', 'inconnu')";

/** Reads `deliveries_waiting`. */
export function createReadWaiting(db: PrismaClient, { deliveriesWaiting }: Pick<NotificationsMetrics, 'deliveriesWaiting'>): () => Promise<void> {
  return async () => {
    const [row] = await db.$queryRawUnsafe<{ waiting: number }[]>(waitingSql);
    deliveriesWaiting.set(row?.waiting ?? 0);
  };
}
