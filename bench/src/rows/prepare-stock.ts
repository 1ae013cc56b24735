import { withClient } from '@mediai/db/admin';
import { ficheComplete, multiplyRow } from '@mediai/testing';
import type { Bench } from '../measurement.ts';
import { call } from '../suite/call.ts';
import { waitUntil } from '../suite/wait-until.ts';
import type { Row, Stock } from './row.ts';
import { slotAt } from './appointment-rows.ts';

/** Fiches that are really posted and analysed; the others are copies of the last. */
const posted = 6;
/** Page 50 of 20, and some more. */
const readable = 1_500;
const fileBytes = 100_000;

const idsOf = (url: string, sql: string, values: unknown[] = []): Promise<number[]> => withClient(url, async (client) => (await client.query<{ id: number }>(sql, values)).rows.map(({ id }) => id));

/** Fills the suite with what these rows ask for; again and again, where several measurements do. */
export async function prepareStock(bench: Bench, rows: readonly Row[]): Promise<Stock> {
  const patient = await bench.token('patient');
  const consumed = bench.quick ? 1_500 : 6_000;
  const ids: number[] = [];
  for (let n = 0; n < posted; n += 1) ids.push((await call<{ id: number }>(bench.gatewayUrl, 'POST', '/fiche-consultation/', { token: patient, body: ficheComplete() })).id);
  const database = bench.databaseUrl('consultation');
  await waitUntil('the analyses of the first fiches', async () => (await idsOf(database, "SELECT id FROM fiche_consultation WHERE id = ANY($1) AND status = 'analyse_terminee'", [ids])).length === posted, 120_000);
  const attachments = rows.some(({ name }) => name === 'file-download') ? await attachFiles(bench, ids) : [];
  const modele = ids.at(-1) ?? 0;
  await copyFiches(database, modele, consumed);
  const copies = (prefix: string): Promise<number[]> => idsOf(database, 'SELECT id FROM fiche_consultation WHERE numero_dossier LIKE $1 ORDER BY id', [`${prefix}-${modele}-%`]);
  const medecinId = (await call<{ id: number }>(bench.gatewayUrl, 'GET', '/auth/me/', { token: await bench.token('medecin') })).id;
  return {
    medecinId,
    fiches: [...ids, ...(await copies('LIRE'))],
    validables: await copies('VALIDER'),
    demandes: await askForAppointments(bench, medecinId, consumed),
    conversations: await conversationsOf(bench, ids),
    attachments,
  };
}

/** Copies to be read, a minute apart, one in 40 with a name to be searched for; and older ones to be validated. */
async function copyFiches(database: string, id: number, consumed: number): Promise<void> {
  const recherche = (prefix: string): string => `CASE WHEN g % 40 = 0 THEN 'zizawanyemba' ELSE 'kabongo' || (g % 997) END || ' mwamba grace ${prefix} fievre et toux depuis cinq jours'`;
  for (const [prefix, count, age] of [['LIRE', readable, '1 day'], ['VALIDER', consumed, '30 days']] as const) {
    await multiplyRow(database, {
      table: 'fiche_consultation', where: `id = ${id}`, count,
      ecarts: { numero_dossier: `'${prefix}-${id}-' || g`, created_at: `now() - interval '${age}' - g * interval '1 minute'`, recherche: recherche(prefix.toLowerCase()) },
    });
  }
}

async function askForAppointments(bench: Bench, medecin: number, count: number): Promise<number[]> {
  const { start, end } = slotAt(-1);
  const asked = await call<{ id: number }>(bench.gatewayUrl, 'POST', '/appointments/', { token: await bench.token('patient'), body: { medecin, requested_start: start, requested_end: end, consultation_mode: 'presentiel', message_patient: 'Contrôle' } });
  const database = bench.databaseUrl('appointments');
  await multiplyRow(database, { table: 'appointment', where: `id = ${asked.id}`, count, ecarts: { created_at: "now() - g * interval '1 minute'" } });
  return idsOf(database, 'SELECT id FROM appointment WHERE id > $1 ORDER BY id', [asked.id]);
}

async function conversationsOf(bench: Bench, fiches: number[]): Promise<number[]> {
  const token = await bench.token('medecin');
  const found = await Promise.all(fiches.map((fiche) => call<{ results: { id: number }[] }>(bench.gatewayUrl, 'GET', `/conversations/?fiche=${fiche}`, { token })));
  return found.flatMap(({ results }) => results.map(({ id }) => id));
}

async function attachFiles(bench: Bench, fiches: number[]): Promise<number[]> {
  const token = await bench.token('patient');
  const ids: number[] = [];
  for (const fiche of fiches) {
    const form = new FormData();
    form.set('fiche', String(fiche));
    form.set('file', new Blob([Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(fileBytes, 'x')])], { type: 'application/pdf' }), 'examen.pdf');
    ids.push((await call<{ id: number }>(bench.gatewayUrl, 'POST', '/attachments/', { token, body: form })).id);
  }
  return ids;
}
