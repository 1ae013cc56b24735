import type { Metrics } from '@mediai/kit/metrics';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { iaMetrics } from '../metrics.ts';

/** Analyses that are not finished, by their partial index: those that wait, are under way, or were put off. */
export const ATTENTE = `SELECT count(*)::int AS analyses, coalesce(extract(epoch FROM now() - min(demandee_le)), 0)::float8 AS secondes
  FROM analyse_ia WHERE etat IN ('en_attente', 'en_cours')`;

/** Reads `ia_analyses_waiting` and `ia_oldest_waiting_seconds`. */
export function createLireAttente(prisma: PrismaClient, metrics: Metrics): () => Promise<void> {
  const { enAttente, plusAncienne } = metrics.once(iaMetrics);
  return async () => {
    const [attente] = await prisma.$queryRawUnsafe<{ analyses: number; secondes: number }[]>(ATTENTE);
    enAttente.set(attente?.analyses ?? 0);
    plusAncienne.set(Math.max(0, attente?.secondes ?? 0));
  };
}
