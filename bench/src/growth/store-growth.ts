import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { ficheComplete } from '@mediai/testing';
import { openDatabase } from '../../../services/consultation/src/database-store.ts';
import { nouvelleFiche } from '../../../services/consultation/src/fiche/build-fiche.ts';
import { createFicheStore } from '../../../services/consultation/src/fiche/fiche-store.ts';
import type { FiltreFiches } from '../../../services/consultation/src/fiche/ports.ts';
import { regles } from '../../../services/consultation/src/fiche/regles.ts';
import { median } from '../load/latency.ts';
import type { Sized } from './databases.ts';
import { everywhere, firstMs, medecin, rare } from './fill-fiches.ts';

const [warm, runs, rounds] = [5, 20, 5];

type Store = ReturnType<typeof createFicheStore>;
/** What is asked of the store of fiches, by name. */
type Act = (store: Store, sized: Sized) => Promise<unknown>;

const filtre = (plus: Partial<FiltreFiches>): FiltreFiches => ({ etablissementId: 1, mots: [], ordre: '-created_at', page: 1, pageSize: 20, ...plus });
const list = (plus: Partial<FiltreFiches>): Act => (store) => store.list(filtre(plus));
const auBout = { ordre: '-created_at', rang: 0, created_at: new Date(firstMs + 400 * 60_000), id: 0 } as const;
const valeurs = lireFiche(ficheComplete(), { complet: true, defauts: true }).valeurs as FicheValeurs;

function create(store: Store): Promise<unknown> {
  const circonstances = { numero: crypto.randomUUID().slice(0, 20), user: 1, assignedMedecin: null, etablissementId: 1, taskId: crypto.randomUUID(), maintenant: new Date(), jour: '2026-11-24', heure: '08:00:00' };
  return store.create(nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), { acte: { acteur: null, action: 'fiche.creer' }, evenements: [{ type: 'FicheCreated', taskId: circonstances.taskId }] });
}

const acts: Readonly<Record<string, Act>> = {
  'admin, first page': list({}),
  'admin, cursor at the far end': list({ curseur: auBout }),
  'médecin, first page': list({ visibleDe: medecin }),
  'médecin, cursor at the far end': list({ visibleDe: medecin, curseur: auBout }),
  'médecin, two states, most urgent first': list({ visibleDe: medecin, status: ['en_analyse', 'analyse_terminee'], ordre: '-urgence' }),
  'médecin, page 50': list({ visibleDe: medecin, page: 50 }),
  'search, a rare name': list({ mots: [rare] }),
  'search, a word of every fiche': list({ mots: [everywhere] }),
  'search, a dossier number': (store, { size }) => store.list(filtre({ mots: [`n-${size - 2}`] })),
  get: (store, { ids }) => store.find(ids[0] ?? 0),
  create,
};

/** Milliseconds of each act of the store, by size: medians over some rounds, in each of which all sizes take their turn. */
export async function measureStore(all: readonly Sized[]): Promise<Record<string, number[]>> {
  const open = all.map((sized) => {
    const database = openDatabase(sized.url);
    return { sized, database, store: createFicheStore(database.db, { secret: '', clock: () => new Date(), committed: () => undefined }) };
  });
  const times: Record<string, number[][]> = Object.fromEntries(Object.keys(acts).map((name) => [name, all.map(() => [])]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, act] of Object.entries(acts)) {
      for (const [i, { sized, store }] of open.entries()) times[name]?.[i]?.push(...(await timesOf(() => act(store, sized))));
    }
  }
  for (const { database } of open) await database.close();
  return Object.fromEntries(Object.entries(times).map(([name, bySize]) => [name, bySize.map(median)]));
}

async function timesOf(run: () => Promise<unknown>): Promise<number[]> {
  for (let i = 0; i < warm; i += 1) await run();
  const times: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    const began = performance.now();
    await run();
    times.push(performance.now() - began);
  }
  return times;
}
