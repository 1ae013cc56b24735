import type { PrismaClient } from '../generated/prisma/client.ts';
import type { AppointmentsMetrics } from '../metrics.ts';

/** By their partial index. */
export const ATTENTE = "SELECT count(*)::int AS demandes FROM appointment WHERE status = 'pending' AND deleted_at IS NULL";

/** Reads `appointments_waiting`. */
export function createLireAttente(db: PrismaClient, { appointmentsWaiting }: Pick<AppointmentsMetrics, 'appointmentsWaiting'>): () => Promise<void> {
  return async () => {
    const [attente] = await db.$queryRawUnsafe<{ demandes: number }[]>(ATTENTE);
    appointmentsWaiting.set(attente?.demandes ?? 0);
  };
}
