import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withClient } from '@mediai/db/admin';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { countPlans, createTestDatabase, explain as explainText, ficheComplete, keepStatistics, multiplyRow, type Plan, type TestDatabase } from '@mediai/testing';
import { openDatabase } from '../database-store.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { ATTENTE } from './attente-store.ts';
import { nouvelleFiche } from './build-fiche.ts';
import { requeteCompte, requetePage } from './fiche-list-store.ts';
import { createFicheStore } from './fiche-store.ts';
import { patiente } from './fixtures.memory.ts';
import { createNumerosDossier } from './numero-dossier.ts';
import type { FiltreFiches } from './ports.ts';
import { regles } from './regles.ts';

/** Two établissements of 10 000 fiches: three in ten are unassigned, the rest belongs to médecins 10-34; one in a thousand is in analysis, one in a hundred is red, one in a thousand bears a rare name. */
const FICHES = 20_000;
const DEBUT = Date.UTC(2026, 0, 1);
const instant = (numero: number): Date => new Date(DEBUT + numero * 60_000);
const PAGE = 20;
const RARES = FICHES / 1000;
/** Fiches assigned to one médecin, at most. */
const MIENNES = FICHES / 2 / 25;

let base: TestDatabase;

beforeAll(async () => {
  base = await createTestDatabase('consultation');
  await keepStatistics(base.ownerUrl, 'fiche_consultation');
  await creer(1, instant(0));
  await multiplyRow(base.ownerUrl, {
    table: 'fiche_consultation', where: 'id = 1', count: FICHES,
    ecarts: {
      numero_dossier: `'CONS-20251130-' || lpad(g::text, 5, '0')`,
      etablissement_id: '1 + g % 2',
      user: '1000 + g / 40',
      assigned_medecin: 'CASE WHEN (g / 2) % 10 < 3 THEN NULL ELSE 10 + (g / 2) % 25 END',
      status: `CASE WHEN (g / 2) % 1000 = 7 THEN 'en_analyse' WHEN (g / 2) % 3 = 0 THEN 'analyse_terminee' WHEN (g / 2) % 3 = 1 THEN 'valide_medecin' ELSE 'rejete_medecin' END`,
      urgence: `CASE WHEN (g / 2) % 100 = 11 THEN 'rouge' WHEN (g / 2) % 10 = 1 THEN 'orange' WHEN (g / 2) % 2 = 0 THEN 'jaune' ELSE 'vert' END`,
      urgence_rang: `CASE WHEN (g / 2) % 100 = 11 THEN 3 WHEN (g / 2) % 10 = 1 THEN 2 WHEN (g / 2) % 2 = 0 THEN 1 ELSE 0 END`,
      created_at: `timestamptz '2026-01-01 00:00:00+00' + g * interval '1 minute'`,
      recherche: `CASE WHEN (g / 2) % 1000 = 3 THEN 'zizawanyemba' ELSE 'kabongo' END || ' mwamba grace cons-20251130-' || lpad(g::text, 5, '0') || ' fievre et frissons depuis trois jours'`,
    },
  });
}, 120_000);
afterAll(() => base.drop());

/** Creates fiches as the service does; its connections are closed afterwards, so that PostgreSQL has counted what they did. */
async function creer(combien: number, maintenant: Date): Promise<void> {
  const database = openDatabase(base.appUrl);
  const store = createFicheStore(database.db, { secret: '', clock: () => maintenant, committed: () => undefined });
  const numeros = createNumerosDossier({ prendreBloc: store.prendreBloc });
  const valeurs = lireFiche(ficheComplete(), { complet: true, defauts: true }).valeurs as FicheValeurs;
  for (let i = 0; i < combien; i++) {
    const circonstances = { numero: await numeros(maintenant), user: 1, assignedMedecin: null, etablissementId: 9, taskId: crypto.randomUUID(), maintenant, jour: '2025-12-31', heure: '08:00:00' };
    await store.create(nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), { acte: { acteur: patiente, action: 'fiche.creer' }, evenements: [] });
  }
  await database.close();
}

const filtre = (plus: Partial<FiltreFiches> = {}): FiltreFiches => ({ etablissementId: 1, mots: [], ordre: '-created_at', page: 1, pageSize: PAGE, ...plus });
const derriere = (numero: number, plus: Partial<FiltreFiches> = {}): FiltreFiches => filtre({ ...plus, curseur: { ordre: plus.ordre ?? '-created_at', rang: 1, created_at: instant(numero), id: numero } });

/** Runs a query and tells how many rows its scans read, by which ways. */
const explain = ({ text, values }: Prisma.Sql): Promise<Plan> => explainText(base.ownerUrl, text, values);

/** For each branch a page and one more; the page's rows whole. */
const pages = (branches: number): number => (branches + 1) * (PAGE + 1);

describe('a page reads its own rows and few others, at any depth', () => {
  it.each<[string, Partial<FiltreFiches>, number]>([
    ["an admin's list", {}, pages(1)],
    ["an admin's list, the oldest first", { ordre: 'created_at' }, pages(1)],
    ["an admin's list, the most urgent first", { ordre: '-urgence' }, pages(4)],
    ["an admin's list, the least urgent first", { ordre: 'urgence' }, pages(4)],
    ["an admin's list of a rare state, the most urgent first", { status: ['en_analyse'], ordre: '-urgence' }, pages(1)],
    ["an admin's list of a rare state", { status: ['en_analyse'] }, pages(1)],
    ["an admin's list of two states", { status: ['en_analyse', 'analyse_terminee'] }, pages(2)],
    ["an admin's list of a rare urgency", { urgence: ['rouge'] }, pages(4)],
    ["an admin's list of a rare urgency in a rare state", { urgence: ['rouge'], status: ['en_analyse'] }, pages(1)],
    ["a médecin's list", { visibleDe: 10 }, pages(3)],
    ["a médecin's list, the most urgent first", { visibleDe: 10, ordre: '-urgence' }, pages(12)],
    ["a médecin's list of two states, the most urgent first", { visibleDe: 10, status: ['en_analyse', 'analyse_terminee'], ordre: '-urgence' }, pages(6)],
    ["a médecin's list of a rare state", { visibleDe: 10, status: ['en_analyse'] }, pages(3)],
    ["a médecin's list of two states", { visibleDe: 10, status: ['en_analyse', 'valide_medecin'] }, pages(6)],
    ["a médecin's list of a rare urgency", { visibleDe: 10, urgence: ['rouge'] }, pages(12)],
    ["a médecin's list of a rare urgency in a rare state", { visibleDe: 10, urgence: ['rouge'], status: ['en_analyse'] }, pages(3)],
    ['what is assigned to a médecin', { visibleDe: 10, assigneeA: 10 }, pages(1)],
    ["the list of a médecin to whom nothing is assigned, where nothing else is free", { visibleDe: 999, assigneeA: 999 }, pages(1)],
    ["a patient's list", { user: 1_100, etablissementId: undefined }, pages(1)],
    ["a patient's list of a state", { user: 1_100, etablissementId: undefined, status: ['valide_medecin'] }, 40 + pages(1)],
    ['what was deleted', { supprimees: true }, pages(1)],
  ])('%s', async (_, plus, bord) => {
    for (const demande of [filtre(plus), ...[FICHES - 100, FICHES / 2, 200].map((numero) => derriere(numero, plus))]) {
      const { lues, entieres } = await explain(requetePage(demande));
      expect(entieres).toEqual([]);
      expect(lues).toBeLessThanOrEqual(bord);
    }
  });

  it('goes the same way behind the first page and at the far end', async () => {
    for (const plus of [{}, { visibleDe: 10 }, { ordre: '-urgence' } as const, { visibleDe: 10, status: ['valide_medecin'] } as const]) {
      const [debut, fin] = [await explain(requetePage(derriere(FICHES - 100, plus))), await explain(requetePage(derriere(400, plus)))];
      expect(fin.chemins).toEqual(debut.chemins);
      expect(Math.abs(fin.lues - debut.lues)).toBeLessThanOrEqual(pages(3) / 2);
    }
  });
});

describe('a page that is asked again is not planned again', () => {
  it.each<[string, Partial<FiltreFiches>]>([
    ["an admin's list", {}],
    ["an admin's list, page 50", { page: 50 }],
    ["a médecin's list", { visibleDe: 10 }],
    ["a médecin's list, page 50", { visibleDe: 10, page: 50 }],
    ["a médecin's list of two states, the most urgent first", { visibleDe: 10, status: ['en_analyse', 'analyse_terminee'], ordre: '-urgence' }],
    ["a patient's list", { user: 1_100, etablissementId: undefined }],
  ])('%s', async (_, plus) => {
    for (const demande of [filtre(plus), ...(plus.page ? [] : [derriere(FICHES / 2, plus)])]) {
      const { text, values } = requetePage(demande);
      expect(await countPlans(base.appUrl, text, values, 12)).toBe(5);
    }
  });
});

/** What is found, in the index and in the table, for each of a médecin's three branches. A short word is looked for twice, and crossed with what is theirs. */
const trouvailles = 3 * 2 * RARES + PAGE + 1;

describe('a search reads what it finds', () => {
  it.each<[string, string[], number]>([
    ['a rare name', ['zizawa'], trouvailles],
    ['a dossier number', ['cons-20251130-15001'], 10],
    ['two words of which one is rare', ['fievre', 'zizawa'], trouvailles],
    ['a short rare beginning', ['zi'], 2 * trouvailles + MIENNES],
  ])('%s', async (_, mots, bord) => {
    for (const plus of [{ mots }, { mots, visibleDe: 10 }]) {
      const { lues, entieres, chemins } = await explain(requetePage(filtre(plus)));
      expect(entieres).toEqual([]);
      expect(chemins.join()).toContain('fiche_consultation_recherche_trgm');
      expect(lues).toBeLessThanOrEqual(bord);
    }
  });

  it('a word of every fiche is found without looking at all of them', async () => {
    const { lues, entieres } = await explain(requetePage(filtre({ mots: ['fievre'], visibleDe: 10 })));
    expect(entieres).toEqual([]);
    expect(lues).toBeLessThanOrEqual(pages(3));
  });
});

it('a count stops one beyond the depth of pages', async () => {
  const { lues } = await explain(requeteCompte({ ...filtre(), etablissementId: undefined }));
  expect(lues).toBe(10_001);
});

it('how many wait is counted by those that wait alone', async () => {
  await withClient(base.ownerUrl, (client) => client.query("UPDATE fiche_consultation SET status = 'valide_medecin' WHERE status = 'analyse_terminee' AND id % 100 <> 0"));
  await withClient(base.ownerUrl, (client) => client.query('VACUUM ANALYZE fiche_consultation'));
  const { rows } = await withClient(base.ownerUrl, (client) => client.query<{ status: string; fiches: number }>(ATTENTE));
  const { lues, entieres, chemins } = await explainText(base.ownerUrl, ATTENTE);
  expect({ entieres, chemins }).toEqual({ entieres: [], chemins: ['fiche_consultation_attente_partial'] });
  expect(lues).toBe(rows.reduce((somme, { fiches }) => somme + fiches, 0));
});

it('creating fiches and taking their numbers scans no table of fiches', async () => {
  const balayages = (): Promise<number> => withClient(base.ownerUrl, async (client) => Number((await client.query("SELECT seq_scan FROM pg_stat_user_tables WHERE relname IN ('fiche_consultation', 'numero_dossier_bloc') ORDER BY relname LIMIT 1")).rows[0].seq_scan));
  const avant = await balayages();
  await creer(50, instant(FICHES));
  expect(await balayages()).toBe(avant);
});
