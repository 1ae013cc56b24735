import type { PrismaClient } from '../generated/prisma/client.ts';
import type { ConsultationMetrics } from '../metrics.ts';

/** States in which a fiche waits for a médecin: also without an analysis they may decide. */
const STATUTS = ['en_analyse', 'analyse_terminee'] as const;

/** By their partial index. */
export const ATTENTE = `SELECT status, count(*)::int AS fiches FROM fiche_consultation
  WHERE status IN ('en_analyse', 'analyse_terminee') AND deleted_at IS NULL GROUP BY status`;

/** Reads `fiches_waiting`. */
export function createLireAttente(db: PrismaClient, { fichesWaiting }: Pick<ConsultationMetrics, 'fichesWaiting'>): () => Promise<void> {
  return async () => {
    const lues = await db.$queryRawUnsafe<{ status: string; fiches: number }[]>(ATTENTE);
    for (const status of STATUTS) fichesWaiting.set({ status }, lues.find((ligne) => ligne.status === status)?.fiches ?? 0);
  };
}
