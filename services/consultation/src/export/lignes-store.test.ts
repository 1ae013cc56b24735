import { beforeAll, describe, expect, it } from '@jest/globals';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { ficheComplete } from '@mediai/testing';
import { useDatabase } from '../database.memory.ts';
import { nouvelleFiche } from '../fiche/build-fiche.ts';
import type { Fiche, NouvelleFiche } from '../fiche/fiche.ts';
import { createFicheStore } from '../fiche/fiche-store.ts';
import { patiente } from '../fiche/fixtures.memory.ts';
import { regles } from '../fiche/regles.ts';
import { colonnesExport } from '@mediai/fiche';
import { AUCUN_FILTRE, type FiltresExport } from './export.ts';
import { createLignesFiches } from './lignes-store.ts';
import type { LignesFiches } from './ports.ts';

const maintenant = new Date('2026-11-24T08:15:30Z');
const database = useDatabase();
let lignes: LignesFiches;
let numero = 0;

async function creer(changes: Partial<NouvelleFiche> = {}, mots: Record<string, unknown> = {}): Promise<Fiche> {
  const store = createFicheStore(database.db, { secret: 's', clock: () => maintenant, committed: () => undefined });
  const valeurs = lireFiche(ficheComplete(mots), { complet: true, defauts: true }).valeurs as FicheValeurs;
  const circonstances = { numero: `CONS-20261124-E${++numero}`, user: 1, assignedMedecin: null, etablissementId: 1, taskId: crypto.randomUUID(), maintenant, jour: '2026-11-24', heure: '08:15:30' };
  const creation = await store.create({ ...nouvelleFiche({ valeurs, aTrier: valeurs }, circonstances, regles.trier), ...changes }, { acte: { acteur: patiente, action: 'fiche.creer' }, evenements: [] });
  if (!('creee' in creation)) throw new Error('replayed');
  return creation.creee;
}

let fiches: Fiche[];
beforeAll(async () => {
  lignes = createLignesFiches(database.db);
  fiches = [
    await creer({}, { nom: 'Kabila', motif_consultation: 'Kabila tousse, +243970000001', sexe: 'M', age: 30 }),
    await creer({ status: 'valide_medecin', diagnostic_ia: 'Paludisme.', age: 60 }, { sexe: 'F' }),
    await creer({ date_consultation: '2026-01-01' }),
    await creer({ etablissement_id: 2 }),
  ];
  const supprimee = await creer();
  await database.db.ficheConsultation.update({ where: { id: supprimee.id }, data: { deleted_at: maintenant } });
});

const filtre = (filtres: Partial<FiltresExport> = {}, dateStart = '2026-01-01') => ({ etablissementId: 1, dateStart, dateEnd: '2026-11-24', filtres: { ...AUCUN_FILTRE, ...filtres } });
const ids = async (f = filtre(), personnelles = false) => (await lignes.lire(f, { apres: 0, borne: 2_147_483_647, limite: 100, personnelles })).ids;
const rangs = (...combien: number[]) => combien.map((i) => fiches[i]?.id);

describe('rows of fiches', () => {
  it("are the établissement's own of these days that are not deleted", async () => {
    expect(await ids()).toEqual(rangs(0, 1, 2));
    expect(await lignes.compter(filtre())).toEqual({ total: 3, borne: fiches[2]?.id });
    expect(await ids(filtre({}, '2026-01-02'))).toEqual(rangs(0, 1));
    expect(await lignes.compter(filtre({}, '2027-01-02'))).toEqual({ total: 0, borne: 0 });
  });

  it('are those that every filter takes', async () => {
    expect(await ids(filtre({ status: ['valide_medecin'] }))).toEqual(rangs(1));
    expect(await ids(filtre({ status: ['en_analyse'], sexe: 'M' }, '2026-01-02'))).toEqual(rangs(0));
    expect(await ids(filtre({ age_min: 31 }, '2026-01-02'))).toEqual(rangs(1));
    expect(await ids(filtre({ age_max: 30 }, '2026-01-02'))).toEqual(rangs(0));
  });

  it('are read on behind a place and up to another', async () => {
    const [premier, deuxieme] = rangs(0, 1);
    expect((await lignes.lire(filtre(), { apres: premier ?? 0, borne: deuxieme ?? 0, limite: 10, personnelles: false })).ids).toEqual([deuxieme]);
    expect((await lignes.lire(filtre(), { apres: 0, borne: 2_147_483_647, limite: 1, personnelles: false })).ids).toEqual([premier]);
  });

  it('hold no name and no phone without personal data, also of those typed into a text', async () => {
    const { lignes: lues } = await lignes.lire(filtre(), { apres: 0, borne: 2_147_483_647, limite: 1, personnelles: false });
    expect(JSON.stringify(lues)).not.toMatch(/Kabila|970000001/);
    const nommees = await lignes.lire(filtre(), { apres: 0, borne: 2_147_483_647, limite: 1, personnelles: true });
    expect(JSON.stringify(nommees.lignes)).toMatch(/Kabila/);
  });

  it('hold what the fiche holds', async () => {
    const colonnes = colonnesExport({ personnelles: true }).map(({ nom }) => nom);
    const { lignes: lues } = await lignes.lire(filtre(), { apres: 0, borne: 2_147_483_647, limite: 10, personnelles: true });
    const objets = lues.map((ligne) => Object.fromEntries(colonnes.map((nom, i) => [nom, ligne[i]])));
    expect(objets.map(({ id, numero_dossier, sexe, status, date_consultation, has_diagnostic_ia, has_diagnostic_medecin, created_at, nom, temperature }) =>
      ({ id, numero_dossier, sexe, status, date_consultation, has_diagnostic_ia, has_diagnostic_medecin, created_at, nom, temperature }))).toEqual(
      fiches.slice(0, 3).map((fiche) => ({
        id: fiche.id, numero_dossier: fiche.numero_dossier, sexe: fiche.sexe, status: fiche.status, date_consultation: fiche.date_consultation, has_diagnostic_ia: fiche.diagnostic_ia !== null,
        has_diagnostic_medecin: fiche.diagnostic !== null, created_at: fiche.created_at, nom: fiche.nom, temperature: fiche.temperature,
      })),
    );
  });
});
