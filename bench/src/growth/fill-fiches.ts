import { withClient } from '@mediai/db/admin';
import { multiplyRow } from '@mediai/testing';

/** Name that few fiches hold, and one that all do. */
export const rare = 'zizawa';
export const everywhere = 'fievre';
/** The first of 25 médecins, and of the patients: 40 fiches each. */
export const medecin = 500;
const patient = 1_000;
/** Fiches are a minute apart from here on. */
export const firstMs = Date.UTC(2020, 0, 1);

const ecarts = {
  numero_dossier: "'N-' || g",
  etablissement_id: '1 + g % 2',
  user: `${patient} + g / 40`,
  assigned_medecin: `CASE WHEN (g / 2) % 10 < 3 THEN NULL ELSE ${medecin} + (g / 2) % 25 END`,
  status: `(ARRAY['analyse_terminee', 'valide_medecin', 'rejete_medecin'])[1 + (g / 2) % 3]`,
  created_at: `timestamptz '${new Date(firstMs).toISOString()}' + g * interval '1 minute'`,
  recherche: `CASE WHEN g < 100 AND g % 4 = 0 THEN '${rare}nyemba' ELSE 'kabongo' || (g % 997) END || ' mwamba grace n-' || g || ' ${everywhere} et frissons depuis trois jours'`,
};

/**
 * Fills a database of consultation with copies of one fiche, half of them in each of two établissements, 24 with a rare
 * name; their people are known, so that auth is not asked for names. Indexes are made anew afterwards (a tenth of the time), statistics gathered, everything written out.
 * @param url the superuser's
 * @param model id of the fiche that is copied
 */
export async function fillFiches(url: string, model: number, count: number): Promise<void> {
  const { rows: indexes } = await withClient(url, (client) =>
    client.query<{ indexname: string; indexdef: string }>("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'fiche_consultation' AND indexdef NOT LIKE 'CREATE UNIQUE%'"));
  await withClient(url, async (client) => {
    for (const { indexname } of indexes) await client.query(`DROP INDEX "${indexname}"`);
  });
  await multiplyRow(url, { table: 'fiche_consultation', where: `id = ${model}`, count, ecarts });
  const anybody = 'id = (SELECT min(id) FROM user_projection)';
  await multiplyRow(url, { table: 'user_projection', where: anybody, count: 25, ecarts: { id: `${medecin - 1} + g` } });
  await multiplyRow(url, { table: 'user_projection', where: anybody, count: Math.ceil(count / 40) + 1, ecarts: { id: `${patient - 1} + g` } });
  await withClient(url, async (client) => {
    await client.query("SET maintenance_work_mem = '512MB'");
    for (const { indexdef } of indexes) await client.query(indexdef);
    for (const command of ['VACUUM ANALYZE fiche_consultation', 'CHECKPOINT']) await client.query(command);
  });
}
