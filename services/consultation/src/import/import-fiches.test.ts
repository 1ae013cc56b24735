import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { FicheImportedSchema } from '@mediai/contracts/consultation/v1/events';
import { withClient } from '@mediai/db/admin';
import { runImport } from '@mediai/import-django';
import { aConversation, aFiche, aMessage, aUser, aValidatedFiche, createOriginal, type Original } from '@mediai/import-django/original';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { openDatabase } from '../database-store.ts';
import { createFicheStore } from '../fiche/fiche-store.ts';
import { createNumerosDossier } from '../fiche/numero-dossier.ts';
import { regles } from '../fiche/regles.ts';
import { sansScanner } from '../fichier/clamd-client.ts';
import { createDepotMemory } from '../fichier/depot.memory.ts';
import { createFichiersRepris } from './fichiers-repris.ts';
import { compteursDe, createImportFiches, fichesFormes } from './import-fiches.ts';
import { openFicheImportStore } from './import-store.ts';

const dossier = mkdtempSync(join(tmpdir(), 'mediai-import-'));
let original: Original;
let database: TestDatabase;

/** Longer than the field, by a history that nobody may lose. */
const longsAntecedents = `Tuberculose traitée en 2019. ${'Hospitalisé pour paludisme grave. '.repeat(10)}Allergique à la quinine.`;

beforeAll(async () => {
  [original, database] = await Promise.all([createOriginal(), createTestDatabase('consultation')]);
  await original.insert('authentication_customuser', aUser(1), aUser(2, { role: 'medecin' }), aUser(3), aUser(4));
  await original.insert(
    'chat_ficheconsultation',
    ...Array.from({ length: 13 }, (_, at) => aValidatedFiche(at + 1)),
    aFiche(20, { status: 'en_analyse', diagnostic_ia: null, date_naissance: '2026-04-01' }),
    aFiche(21, { status: 'rejete_medecin', commentaire_rejet: 'Précisez depuis quand', medecin_validateur_id: 99, assigned_medecin_id: 3, user_id: 4 }),
    aFiche(22, { temperature: Number.NaN, pouls: 4_000, tension_arterielle: 'bonne', tabac: 'parfois', sexe: 'X', occupation: '', autres_antecedents: longsAntecedents }),
    aFiche(23, { date_naissance: '0001-01-01' }),
    aFiche(24, { etat: 'Moyen' }),
    aFiche(25, { created_at: '9999-12-31 00:00:00+00', date_consultation: '9999-12-31', date_validation: '-infinity' }),
    aFiche(26, { numero_dossier: 'CONS-20260302-001' }),
    aFiche(27, { numero_dossier: '' }),
    aFiche(28, { numero_dossier: 'DOSSIER 12/2024' }),
    aFiche(29, { numero_dossier: `CONS-20260302-${'9'.repeat(45)}` }),
    aFiche(30, { signature_medecin: 'signatures/kabongo.png', age: -4, date_naissance: '2999-01-01' }),
    aFiche(31, { status: 'archive' }),
    aFiche(32, { motif_consultation: 'x'.repeat(12_000), user_id: null, heure_debut: null, age: 300 }),
    aFiche(900, { user_id: 1_234, nom: 'N\u0301dala', numero_dossier: 'CONS-20251224-1000' }),
  );
  await original.insert(
    'chat_conversation', aConversation(1, { fiche_id: 1 }), aConversation(2, { fiche_id: 2 }), aConversation(3, { fiche_id: 3, user_id: 2 }), aConversation(4, { fiche_id: 2 }), aConversation(5, { fiche_id: 32, user_id: 2 }),
  );
  const tard = { timestamp: '2026-03-05 09:00:00+02' };
  await original.insert(
    'chat_messageia',
    aMessage(10, 1, 'user'), aMessage(11, 1, 'gpt4'), aMessage(12, 1, 'claude'), aMessage(13, 1, 'synthese'),
    aMessage(20, 2, 'user'), aMessage(21, 2, 'gpt4'), aMessage(22, 2, 'synthese'), aMessage(23, 4, 'claude', tard), aMessage(24, 4, 'synthese', tard),
    aMessage(30, 3, 'gpt4'), aMessage(31, 3, 'synthese'),
    aMessage(40, 5, 'gpt4'), aMessage(41, 5, 'claude'), aMessage(42, 5, 'gpt4'),
  );
  // What auth's import would have left out.
  writeFileSync(join(dossier, 'auth.json'), `{"ecarts":[\n${JSON.stringify({ table: 'authentication_customuser', id: 4, colonne: 'username', raison: 'x', effet: 'ligne' })}\n]}`);
});

afterAll(async () => {
  await Promise.all([original.drop(), database.drop()]);
});

const query = async (sql: string, params: unknown[] = []): Promise<Record<string, unknown>[]> => (await withClient(database.ownerUrl, (client) => client.query(sql, params))).rows;
const fiche = async (id: number): Promise<Record<string, unknown> | undefined> => (await query('SELECT *, date_consultation::text AS jour FROM fiche_consultation WHERE id = $1', [id]))[0];

async function run(rapport: string, args: string[] = [], url = original.url, databaseUrl = database.appUrl, signal = new AbortController().signal, afterBatch = (): void => undefined) {
  const lines: string[] = [];
  const code = await runImport({
    service: 'consultation', argv: ['django', url, '--report', join(dossier, rapport), ...args], env: {}, formes: fichesFormes, signal,
    open: ({ etablissementId }) => {
      const store = openFicheImportStore(databaseUrl);
      const ecrire: typeof store.ecrire = (...rest) => store.ecrire(...rest).finally(afterBatch);
      const fichiers = createFichiersRepris({ fichiers: store.fichiers, depot: createDepotMemory(), scanner: sansScanner, media: null });
      return createImportFiches({ store: { ...store, ecrire }, regles, fichiers, etablissementId });
    },
    say: (line) => lines.push(line),
  });
  const report = JSON.parse(readFileSync(join(dossier, rapport), 'utf8')) as { ecarts: { id: number; colonne: string; raison: string; effet: string }[]; tables: Record<string, object>; adaptations: object[]; motifs: object[] };
  return { code, text: lines.join('\n'), report, faults: report.ecarts.map(({ id, colonne, effet }) => `${id} ${colonne}${effet === 'ligne' ? ' ligne' : ''}`).sort() };
}

const after = (): string[] => ['--after', join(dossier, 'auth.json')];
const misfits = [
  '20 date_naissance', '21 medecin_validateur_id', '21 user_id', '22 autres_antecedents', '22 occupation', '22 pouls', '22 sexe', '22 tabac', '22 temperature', '22 tension_arterielle', '23 date_naissance ligne', '24 etat ligne',
  '25 created_at', '25 date_consultation', '25 date_validation', '26 numero_dossier', '27 numero_dossier', '28 numero_dossier', '29 numero_dossier', '30 age', '30 date_naissance ligne', '31 status ligne',
  '32 age', '32 motif_consultation', '900 user_id',
].sort();

test('a dry run says everything, writes nothing, and tells no value', async () => {
  const { code, faults, report, text } = await run('dry.json', after());
  expect(code).toBe(1);
  expect(faults).toEqual(misfits);
  expect(report.tables['chat_ficheconsultation']).toEqual({ lues: 27, reprises: 23, deja: 0, ecartees: 4, reservees: 10 });
  for (const table of ['fiche_consultation', 'outbox', 'audit', 'imported_row', 'numero_dossier_bloc']) expect(await query(`SELECT 1 FROM ${table}`)).toEqual([]);
  for (const value of ['Tuberculose', 'bonne', 'parfois', 'Kabongo', 'CONS-', '4000', '+243']) expect(text + JSON.stringify(report)).not.toContain(value);
});

describe('applied', () => {
  let applied: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    applied = await run('apply.json', [...after(), '--apply']);
  });

  test('it does what the dry run said', () => {
    expect(applied).toMatchObject({ code: 1, faults: misfits });
  });

  test('every field of the original is kept under its id', async () => {
    const source = (await original.client.query('SELECT * FROM chat_ficheconsultation WHERE id = 1')).rows[0] as Record<string, unknown>;
    const ici = await fiche(1);
    const other = Object.keys(source).filter((nom) => nom in (ici ?? {}) && !['diagnostic_ia', 'heure_debut'].includes(nom) && String(ici?.[nom]) !== String(source[nom] === '' ? null : source[nom]));
    expect(other).toEqual([]);
    expect(ici).toMatchObject({
      user: 1, medecin_validateur: 2, assigned_medecin: null, heure_debut: '10:15:42', heure_fin: '11:00:00', status: 'valide_medecin', date_validation: new Date('2026-03-03T09:00:00Z'),
      created_at: new Date('2026-03-02T08:15:42.120Z'), version: 1, etablissement_id: 1, diagnostic: 'Paludisme simple', analyse_en_cours: false, observations_importantes: null,
    });
  });

  test('the rules have run on each, by the age of then', async () => {
    const rows = await query('SELECT urgence, urgence_rang, triage_version FROM fiche_consultation WHERE id <= 13');
    expect(rows.every(({ triage_version }) => typeof triage_version === 'string' && triage_version !== '')).toBe(true);
    expect(new Set(rows.map(({ urgence }) => urgence)).size).toBeGreaterThan(1);
  });

  test('what an IA wrote holds no HTML, and its patient reads what was there when it was validated', async () => {
    expect(await fiche(1)).toMatchObject({ diagnostic_ia: expect.stringContaining('&lt;b&gt;'), diagnostic_ia_publie: expect.stringContaining('&lt;b&gt;'), analyses_publiees: [11], derniere_analyse: 11 });
    expect(await fiche(2)).toMatchObject({ analyses_publiees: [21], derniere_analyse: 23, diagnostic_ia_publie: null });
    expect(await fiche(3)).toMatchObject({ analyses_publiees: [], derniere_analyse: null, diagnostic_ia_publie: expect.any(String) });
    expect(await fiche(32)).toMatchObject({ analyses_publiees: [], derniere_analyse: 42, diagnostic_ia_publie: null });
  });

  test('one that waited for its analysis waits no more: a médecin sees why, and can act', async () => {
    expect(await fiche(20)).toMatchObject({ status: 'analyse_terminee', analyse_en_cours: false, analyse_echec_code: 'ia.non_analysee_import', analyse_differee_le: null, diagnostic_ia: null });
    const { db, close } = openDatabase(database.appUrl);
    const store = createFicheStore(db, { secret: 's'.repeat(32), clock: () => new Date(), committed: () => undefined });
    expect(await store.analysesSansResultat(new Date(), 50)).toEqual([]);
    expect(await store.demanderDifferees(new Date(), 50)).toBe(0);
    expect((await store.find(20))?.numero_dossier).toBe('CONS-20260302-020');
    await close();
  });

  test('what did not fit is left out, and clinical text is never lost', async () => {
    expect(await fiche(21)).toMatchObject({ user: null, medecin_validateur: null, assigned_medecin: 3, status: 'rejete_medecin', commentaire_rejet: 'Précisez depuis quand' });
    const retenue = await fiche(22);
    expect(retenue).toMatchObject({ temperature: null, pouls: null, tension_arterielle: null, tabac: 'non', sexe: null, occupation: '', autres_antecedents: longsAntecedents.slice(0, 255) });
    expect(retenue?.['observations_importantes']).toContain('Allergique à la quinine.');
    expect(retenue?.['observations_importantes']).toContain('telle que saisie : bonne');
    expect(await query('SELECT id FROM fiche_consultation WHERE id IN (23, 24, 30, 31)')).toEqual([]);
    expect((await fiche(32))?.['motif_consultation']).toHaveLength(10_000);
    expect((await fiche(32))?.['age']).toEqual(expect.any(Number));
    expect(await fiche(900)).toMatchObject({ user: null, nom: 'N\u0301dala' });
  });

  test('dossier numbers are kept, one to a fiche, and none is given again', async () => {
    const numeros = new Map((await query('SELECT id, numero_dossier FROM fiche_consultation')).map(({ id, numero_dossier }) => [id, numero_dossier]));
    expect([1, 26, 27, 28, 29].map((id) => numeros.get(id))).toEqual(['CONS-20260302-001', 'IMPORT-26', 'IMPORT-27', 'DOSSIER 12/2024', 'IMPORT-29']);
    expect(await query('SELECT jour::text, dernier FROM numero_dossier_bloc ORDER BY jour')).toEqual([{ jour: '2025-12-24', dernier: 1_000 }, { jour: '2026-03-02', dernier: 32 }]);
    const { db, close } = openDatabase(database.appUrl);
    const { prendreBloc } = createFicheStore(db, { secret: 's'.repeat(32), clock: () => new Date(), committed: () => undefined });
    expect(await createNumerosDossier({ prendreBloc })(new Date('2026-03-02T10:00:00Z'))).toBe('CONS-20260302-033');
    await close();
  });

  test('other services are told of a state and asked for nothing', async () => {
    const rows = await query('SELECT type, topic, key, payload FROM outbox ORDER BY id');
    expect(rows).toHaveLength(23);
    expect(new Set(rows.map(({ type }) => type))).toEqual(new Set(['mediai.consultation.v1.FicheImported']));
    expect(fromBinary(FicheImportedSchema, rows[0]?.['payload'] as Buffer).fiche).toMatchObject({ id: 1, userId: 1, etablissementId: 1, status: 'valide_medecin', version: 1, publishedAnalyseIds: [11], deleted: false });
  });

  test('new fiches get ids above', async () => {
    expect(await query("SELECT nextval('fiche_consultation_id_seq')")).toEqual([{ nextval: '901' }]);
  });

  test('the audit tells it, without values', async () => {
    expect(await query("SELECT objet_type, objet_id, raison FROM audit WHERE action = 'import.django' ORDER BY id")).toEqual([
      { objet_type: 'chat_ficheconsultation', objet_id: '1-900', raison: 'lignes reprises : 23' },
      { objet_type: 'chat_ficheconsultation', objet_id: '', raison: 'lues : 27, reprises : 23, déjà reprises : 0, écartées : 4, avec réserve : 10' },
    ]);
  });

  test('again it doubles nothing; a row mended in the meantime follows', async () => {
    await original.client.query("UPDATE chat_ficheconsultation SET etat = 'Altéré' WHERE id = 24");
    const { faults, report } = await run('again.json', [...after(), '--apply']);
    expect(faults).toEqual(misfits.filter((fault) => !fault.startsWith('24 ')));
    expect(report.tables['chat_ficheconsultation']).toMatchObject({ reprises: 1, deja: 23 });
    expect(await query('SELECT count(*)::int AS n FROM outbox')).toEqual([{ n: 24 }]);
  });

  test('a fiche that was made here keeps its id and its number', async () => {
    await query("UPDATE fiche_consultation SET id = 950, numero_dossier = 'CONS-20260310-001' WHERE id = 13");
    await query("DELETE FROM imported_row WHERE id = 13");
    await original.insert('chat_ficheconsultation', aFiche(950, { numero_dossier: 'CONS-20260310-002' }), aFiche(951, { numero_dossier: 'CONS-20260310-001' }));
    const { report } = await run('taken.json', [...after(), '--apply']);
    expect(report.ecarts.filter(({ id }) => id > 900)).toMatchObject([{ id: 950, colonne: 'id', raison: 'identifiant déjà pris', effet: 'ligne' }, { id: 951, colonne: 'numero_dossier', effet: 'colonne' }]);
    expect(await fiche(951)).toMatchObject({ numero_dossier: 'IMPORT-951' });
  });
});

test('killed half way and run again it goes on; ids above what there is room for are told', async () => {
  const [many, empty] = await Promise.all([createOriginal('bigidentity'), createTestDatabase('consultation')]);
  try {
    await many.insert('authentication_customuser', aUser(1), aUser(2, { role: 'medecin' }));
    await many.client.query("CREATE INDEX ON chat_ficheconsultation (user_id)");
    for (let id = 1; id <= 250; id++) await many.insert('chat_ficheconsultation', aFiche(id, { heure_debut: null }));
    await many.insert('chat_ficheconsultation', aFiche(9_000_000_000_000, { numero_dossier: 'CONS-20260302-999' }));
    const stop = new AbortController();
    const count = async (): Promise<unknown> => (await withClient(empty.ownerUrl, (client) => client.query('SELECT (SELECT count(*)::int FROM fiche_consultation) AS fiches, (SELECT count(*)::int FROM outbox) AS evenements'))).rows[0];
    expect((await run('killed.json', ['--apply'], many.url, empty.appUrl, stop.signal, () => stop.abort())).code).toBe(2);
    expect(await count()).toEqual({ fiches: 100, evenements: 100 });
    const { code, report } = await run('resumed.json', ['--apply'], many.url, empty.appUrl);
    expect(code).toBe(1);
    expect(report.ecarts).toMatchObject([{ colonne: 'id', raison: 'identifiant hors limites', effet: 'ligne' }]);
    expect(await count()).toEqual({ fiches: 250, evenements: 250 });
  } finally {
    await Promise.all([many.drop(), empty.drop()]);
  }
});

test.each([
  [['CONS-20260302-007', 'CONS-20260302-1200', 'CONS-20260301-002'], [{ jour: '2026-03-01', dernier: 2 }, { jour: '2026-03-02', dernier: 1_200 }]],
  [['CONS-20261399-007', 'IMPORT-3', 'CONS-20260302-9999999', 'n’importe'], []],
])('the counters of %j', (numeros, attendus) => {
  expect(compteursDe(numeros.map((numero_dossier) => ({ numero_dossier })))).toEqual(attendus);
});
