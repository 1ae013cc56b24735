/**
 * What a page of fiches costs as the table grows: at 10 000, 200 000 and 1 000 000 fiches, at the head of the list and
 * at its far end, by search, for an admin and for a médecin. `BENCH_FICHES=10000,200000` for other sizes.
 */
import { multiplyRow, createTestDatabase, ficheComplete } from '@mediai/testing';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { openDatabase } from '../../services/consultation/src/database-store.ts';
import { nouvelleFiche } from '../../services/consultation/src/fiche/build-fiche.ts';
import { createFicheStore } from '../../services/consultation/src/fiche/fiche-store.ts';
import type { FiltreFiches } from '../../services/consultation/src/fiche/ports.ts';
import { regles } from '../../services/consultation/src/fiche/regles.ts';
import { markdownTable } from './report/markdown-table.ts';
import { medianMs } from './timing.ts';

const sizes = (process.env['BENCH_FICHES'] ?? '10000,200000,1000000').split(',').map(Number);
const depart = Date.UTC(2020, 0, 1);
const filtre = (plus: Partial<FiltreFiches>): FiltreFiches => ({ etablissementId: 1, mots: [], ordre: '-created_at', page: 1, pageSize: 20, ...plus });

const base = await createTestDatabase('consultation');
const database = openDatabase(base.appUrl);
const store = createFicheStore(database.db, { secret: '', clock: () => new Date(), committed: () => undefined });
const valeurs = lireFiche(ficheComplete(), { complet: true, defauts: true }).valeurs as FicheValeurs;
let crees = 0;

async function creer(): Promise<void> {
  const circonstances = { numero: `BENCH-${++crees}`, user: 1, assignedMedecin: null, etablissementId: 9, taskId: crypto.randomUUID(), maintenant: new Date(), jour: '2026-11-24', heure: '08:00:00' };
  await store.create(nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), { acte: { acteur: null, action: 'fiche.creer' }, evenements: [{ type: 'FicheCreated', taskId: circonstances.taskId }] });
}

/** Fiches from `de` to `a`, a minute apart, half of them in each of two établissements; the words of a few are rare. */
const remplir = (de: number, a: number): Promise<void> =>
  multiplyRow(base.ownerUrl, {
    table: 'fiche_consultation', where: "numero_dossier = 'BENCH-1'", count: a - de,
    ecarts: {
      numero_dossier: `'N-' || (g + ${de})`,
      etablissement_id: '1 + g % 2',
      user: '1000 + g / 40',
      assigned_medecin: 'CASE WHEN (g / 2) % 10 < 3 THEN NULL ELSE 10 + (g / 2) % 25 END',
      status: `(ARRAY['en_analyse', 'analyse_terminee', 'valide_medecin', 'rejete_medecin'])[1 + (g / 2) % 4]`,
      created_at: `timestamptz '2020-01-01 00:00:00+00' + (g + ${de}) * interval '1 minute'`,
      recherche: `CASE WHEN (g + ${de}) < 100 AND g % 4 = 0 THEN 'zizawanyemba' ELSE 'kabongo' || (g % 997) END || ' mwamba grace n-' || (g + ${de}) || ' fievre et frissons depuis trois jours'`,
    },
  });

const auBout = { rang: 0, created_at: new Date(depart + 400 * 60_000), id: 0 };
const mesures: Record<string, (taille: number) => Partial<FiltreFiches>> = {
  'admin, first page': () => ({}),
  'admin, cursor at the far end': () => ({ curseur: { ordre: '-created_at', ...auBout } }),
  'médecin, first page': () => ({ visibleDe: 10 }),
  'médecin, cursor at the far end': () => ({ visibleDe: 10, curseur: { ordre: '-created_at', ...auBout } }),
  'médecin, two states, most urgent first': () => ({ visibleDe: 10, status: ['en_analyse', 'analyse_terminee'], ordre: '-urgence' }),
  'médecin, page 50': () => ({ visibleDe: 10, page: 50 }),
  'search, a rare name': () => ({ mots: ['zizawa'] }),
  'search, a word of every fiche': () => ({ mots: ['fievre'] }),
  'search, a dossier number': (taille) => ({ mots: [`n-${taille - 1}`] }),
};

const resultats = new Map<string, number[]>();
const noter = (nom: string, ms: number): void => void resultats.set(nom, [...(resultats.get(nom) ?? []), ms]);
await creer();
let remplies = 0;
for (const taille of sizes) {
  await remplir(remplies, taille);
  remplies = taille;
  for (const [nom, plus] of Object.entries(mesures)) noter(nom, await medianMs(() => store.list(filtre(plus(taille)))));
  noter('get', await medianMs(() => store.find(taille - 5)));
  noter('create', await medianMs(creer));
  console.log(`… measured at ${taille} fiches`);
}
await database.close();
await base.drop();

const lignes = [...resultats].map(([nom, ms]) => [nom, ...ms.map((une) => `${une.toFixed(2)} ms`), ...ms.slice(1).map((une) => `${(une / (ms[0] ?? 1)).toFixed(2)} x`)]);
console.log(`\n${markdownTable(['of the store', ...sizes.map(String), ...sizes.slice(1).map((taille) => `${taille} / ${sizes[0]}`)], lignes)}`);
