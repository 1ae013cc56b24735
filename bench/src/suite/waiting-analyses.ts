import { withClient } from '@mediai/db/admin';
import type { Bench } from '../measurement.ts';
import { waitUntil } from './wait-until.ts';

/** Fiches that have been posted and whose analysis has not ended; those of floor and hop, which have no events, never have one. */
export const waitingAnalyses = (bench: Bench): Promise<number> =>
  withClient(bench.databaseUrl('consultation'), async (client) => (await client.query<{ n: number }>('SELECT count(*)::int AS n FROM fiche_consultation WHERE analyse_en_cours')).rows[0]?.n ?? 0);

/** Waits for the models' last answer. Returns milliseconds. */
export async function untilAnalysed(bench: Bench): Promise<number> {
  const began = performance.now();
  await waitUntil('the last analysis', async () => (await waitingAnalyses(bench)) === 0, 900_000);
  return performance.now() - began;
}
