import { withClient, withDatabase } from '@mediai/db/admin';
import type { Bench } from '../measurement.ts';
import { fillFiches } from './fill-fiches.ts';

const own = 'mediai_consultation';
const aside = 'mediai_consultation_aside';

/** A copy of consultation's database that holds so many fiches; `ids` are some that nobody has taken, of the first établissement, from all over the table. */
export type Sized = { size: number; name: string; url: string; ids: number[] };

const idsSql = "SELECT id FROM fiche_consultation WHERE etablissement_id = 1 AND assigned_medecin IS NULL AND numero_dossier LIKE 'N-%' ORDER BY hashint4(id) LIMIT 1000";

/**
 * Copies consultation's database once for each size and fills the copies. Consultation must be stopped.
 * @param model a fiche, of which all others are copies
 */
export async function makeSized(bench: Bench, sizes: readonly number[], model: number): Promise<Sized[]> {
  const made: Sized[] = [];
  for (const size of sizes) {
    const [name, began] = [`bench_growth_${size}`, performance.now()];
    await withClient(bench.postgresUrl, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${name}`);
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${own} OWNER mediai_consultation_owner`);
    });
    const url = withDatabase(bench.postgresUrl, name);
    await fillFiches(url, model, size);
    const ids = await withClient(url, async (client) => (await client.query<{ id: number }>(idsSql)).rows.map(({ id }) => id));
    made.push({ size, name, url, ids });
    bench.log(`growth: ${size} fiches in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  }
  return made;
}

export const dropSized = (bench: Bench, sized: readonly Sized[]): Promise<void> =>
  withClient(bench.postgresUrl, async (client) => {
    for (const { name } of sized) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });

const rename = (bench: Bench, from: string, to: string): Promise<void> => withClient(bench.postgresUrl, async (client) => void (await client.query(`ALTER DATABASE ${from} RENAME TO ${to}`)));

/** Runs `work` while consultation serves from a copy: the copy has the name of its database meanwhile. Consultation is stopped before and after. */
export async function servedFrom<T>(bench: Bench, { name }: Sized, work: () => Promise<T>): Promise<T> {
  await rename(bench, own, aside);
  await rename(bench, name, own);
  try {
    await bench.service('consultation', 'start');
    return await work();
  } finally {
    await bench.service('consultation', 'stop');
    await rename(bench, own, name);
    await rename(bench, aside, own);
  }
}
