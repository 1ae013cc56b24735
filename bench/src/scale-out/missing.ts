import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@mediai/db/admin';
import type { Bench } from '../measurement.ts';

/** A create that was asked for: the text that marks it, and the id where it was acknowledged. */
export type Created = { marker: string; id: number | undefined };

/** Waits for the analyses of all fiches that were created, then counts what is not as it was acknowledged. */
export async function missing(bench: Bench, created: readonly Created[]) {
  const rows = () => withClient(bench.databaseUrl('consultation'), async (client) =>
    (await client.query<{ id: number; marker: string; waits: boolean }>("SELECT id, substring(motif_consultation FROM '\\(([0-9a-f-]{36})\\)$') AS marker, analyse_en_cours OR status = 'en_analyse' AS waits FROM fiche_consultation WHERE motif_consultation LIKE 'Fièvre depuis trois jours (%'")).rows);
  // An analysis whose worker died is taken up again when its lease has run out; what has not ended then is counted.
  for (const endMs = Date.now() + 300_000; (await rows()).some(({ waits }) => waits) && Date.now() < endMs; ) await sleep(500);
  const found = Map.groupBy(await rows(), ({ marker }) => marker);
  const good = created.filter(({ id }) => id !== undefined);
  const failed = created.filter(({ id }) => id === undefined);
  return {
    acknowledged: good.length,
    absent: good.filter(({ marker, id }) => !found.get(marker)?.some((row) => row.id === id)).length,
    twice: created.filter(({ marker }) => (found.get(marker)?.length ?? 0) > 1).length,
    unfinished: good.filter(({ marker }) => found.get(marker)?.some(({ waits }) => waits)).length,
    failed: failed.length,
    failedButThere: failed.filter(({ marker }) => found.has(marker)).length,
  };
}
