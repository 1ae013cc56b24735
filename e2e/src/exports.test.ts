import { describe, expect, it } from '@jest/globals';
import { multiplyRow } from '@mediai/testing';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { readSheet } from 'read-excel-file/node';
import { createCompte, createEtablissement, must, type Compte } from './accounts.ts';
import { call, loginSuperuser, until } from './client.ts';
import { createFiche, type Fiche } from './fiche.ts';
import { gatewayUrl, killService, suiteState } from './suite.ts';

const EXPORTS = '/api/v1/exports/';
const MIENNES = '/api/v1/mes-donnees/';
const EFFACEMENTS = '/api/v1/effacements/';
/** Today as it may be in Lubumbashi too. */
const hier = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const aujourdhui = new Date(Date.now() + 2 * 3_600_000).toISOString().slice(0, 10);

interface Job {
  readonly id: number;
  readonly status: string;
  readonly progress: number;
  readonly records_count: number | null;
  readonly file_path: string | null;
}

async function download(path: string, token: string): Promise<{ status: number; disposition: string | null; octets: Buffer }> {
  const response = await fetch(`${gatewayUrl()}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, disposition: response.headers.get('content-disposition'), octets: Buffer.from(await response.arrayBuffer()) };
}

const lire = (path: string, id: number, token: string): Promise<Job> => must<Job>('GET', `${path}${id}/`, token);
const fini = (path: string, id: number, token: string): Promise<Job> => until(`export ${id}`, () => lire(path, id, token), ({ status }) => status === 'completed');

/** An établissement of one's own, with an admin and a patient who has two fiches. */
async function createLieu(): Promise<{ admin: Compte; patient: Compte; fiches: Fiche[] }> {
  const superuser = await loginSuperuser();
  const etablissement = await createEtablissement(superuser, { consentement_ia: 'explicite' });
  const [admin, patient] = await Promise.all([createCompte(superuser, { role: 'medecin', admin: true, etablissement }), createCompte(superuser, { role: 'patient', etablissement })]);
  const fiches = [await createFiche(patient.token, { telephone: patient.phone, motif_consultation: '=SOMME(A1) de la fièvre' }), await createFiche(patient.token, { telephone: patient.phone })];
  return { admin, patient, fiches };
}

async function exporter(admin: Compte, plus: Record<string, unknown>): Promise<Buffer> {
  const { id } = await must<Job>('POST', EXPORTS, admin.token, { date_start: hier, date_end: aujourdhui, ...plus });
  const { file_path: nom } = await fini(EXPORTS, id, admin.token);
  const { status, disposition, octets } = await download(`${EXPORTS}${id}/download/`, admin.token);
  expect([status, disposition?.includes(`filename="${nom}"`)]).toEqual([200, true]);
  return octets;
}

describe('exports', () => {
  it('of every format hold the fiches of the établissement and can be read', async () => {
    const { admin, fiches } = await createLieu();
    const attendues = fiches.map(({ id, numero_dossier: numero, motif_consultation: motif }) => [id, numero, motif]);
    const csv = parse(await exporter(admin, {}), { bom: true, columns: true }) as Record<string, string>[];
    expect(csv.map(({ id, numero_dossier, motif_consultation }) => [Number(id), numero_dossier, motif_consultation?.replace(/^'=/, '=')])).toEqual(attendues);
    expect(csv[0]?.['motif_consultation']).toBe("'=SOMME(A1) de la fièvre");
    const json = JSON.parse((await exporter(admin, { export_format: 'json', include_personal_data: true })).toString()) as Record<string, unknown>[];
    expect(json).toMatchObject(fiches.map(({ id, nom, prenom, telephone }) => ({ id, nom, prenom, telephone })));
    const parquet = await exporter(admin, { export_format: 'parquet' });
    const lues = await parquetReadObjects({ file: parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.length) as ArrayBuffer });
    expect(lues.map((ligne) => [ligne['id'], ligne['numero_dossier'], ligne['motif_consultation']])).toEqual(attendues);
    const [entete = [], ...lignes] = await readSheet(await exporter(admin, { export_format: 'excel' }));
    expect(lignes.map((ligne) => ligne[entete.indexOf('id')])).toEqual(fiches.map(({ id }) => id));
    expect(entete).not.toContain('nom');
  });

  it('whose process is killed in the middle go on where they were: every row once, progress never falls', async () => {
    const { admin, fiches } = await createLieu();
    const { services } = await suiteState();
    const combien = 150_000;
    await multiplyRow(services.consultation.databaseUrl, { table: 'fiche_consultation', where: `id = ${fiches[0]?.id}`, count: combien, ecarts: { numero_dossier: `'X-${fiches[0]?.id}-' || g` } });
    const { id } = await must<Job>('POST', EXPORTS, admin.token, { date_start: hier, date_end: aujourdhui });
    const avant = await until('some progress', () => lire(EXPORTS, id, admin.token), ({ progress }) => progress > 5, 30_000);
    expect(avant.status).toBe('running');
    await killService('consultation');
    let plusHaut = avant.progress;
    const fin = await until('the end', async () => {
      const job = await lire(EXPORTS, id, admin.token);
      expect(job.progress).toBeGreaterThanOrEqual(plusHaut);
      plusHaut = job.progress;
      return job;
    }, ({ status }) => status === 'completed', 110_000);
    expect(fin).toMatchObject({ progress: 100, records_count: combien + 2 });
    const lignes = parse((await download(`${EXPORTS}${id}/download/`, admin.token)).octets, { bom: true, columns: true }) as Record<string, string>[];
    expect(new Set(lignes.map((ligne) => ligne['id'])).size).toBe(combien + 2);
    expect(lignes).toHaveLength(combien + 2);
  }, 180_000);
});

describe("one's own data", () => {
  it('are had as a file by the person alone, without what no médecin has published', async () => {
    const { admin, patient, fiches } = await createLieu();
    const { id } = await must<Job>('POST', `${MIENNES}export/`, patient.token);
    await fini(`${MIENNES}export/`, id, patient.token);
    const { octets } = await download(`${MIENNES}export/${id}/download/`, patient.token);
    const donnees = JSON.parse(octets.toString()) as { compte: { username: string }; fiches: { id: number; diagnostic_ia: unknown; acces: unknown[] }[] };
    expect(donnees.compte.username).toBe(patient.username);
    expect(donnees.fiches.map((fiche) => [fiche.id, fiche.diagnostic_ia])).toEqual(fiches.map((fiche) => [fiche.id, null]));
    expect((await call('GET', `${MIENNES}export/${id}/`, { token: admin.token })).status).toBe(404);
  });

  it('are erased when an admin accepts: no login, no fiche, and nobody is told by message', async () => {
    const { admin, patient, fiches } = await createLieu();
    const asked = await must<{ id: number; statut: string }>('POST', `${MIENNES}effacement/`, patient.token, { motif: 'Je pars.' });
    expect(asked.statut).toBe('en_attente');
    expect((await call('POST', `${MIENNES}effacement/`, { token: patient.token })).status).toBe(409);
    const { results } = await must<{ results: { id: number; user: number }[] }>('GET', `${EFFACEMENTS}?statut=en_attente`, admin.token);
    expect(results).toMatchObject([{ id: asked.id, user: patient.id }]);
    expect(await must('POST', `${EFFACEMENTS}${asked.id}/accept/`, admin.token)).toMatchObject({ statut: 'effacee', fiches: 2, user_name: '' });
    expect((await call('POST', '/api/v1/auth/token/', { body: { username: patient.username, password: patient.password } })).status).toBe(401);
    for (const { id } of fiches) expect((await call('GET', `/api/v1/fiche-consultation/${id}/`, { token: admin.token })).status).toBe(404);
    expect((await call('POST', `${EFFACEMENTS}${asked.id}/reject/`, { token: admin.token, body: { motif: 'non' } })).status).toBe(409);
  });
});
