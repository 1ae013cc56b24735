import { beforeAll, describe, expect, it } from '@jest/globals';
import { lireFiche, type FicheValeurs } from '@mediai/fiche';
import { ficheComplete, fixedClock } from '@mediai/testing';
import { useDatabase } from '../database.memory.ts';
import { nouvelleFiche } from '../fiche/build-fiche.ts';
import { createFicheStore } from '../fiche/fiche-store.ts';
import { createMemoryFiches } from '../fiche/fiche-store.memory.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { medecin, patiente } from '../fiche/fixtures.memory.ts';
import type { Effets, FicheStore } from '../fiche/ports.ts';
import { regles } from '../fiche/regles.ts';
import { appendCreations, createHistorique } from './changement-store.ts';
import type { Historique } from './list-historique.ts';

const clock = fixedClock('2026-11-24T08:15:30+02:00');
const options = { secret: 'a secret of tests only', clock: clock.now, committed: () => undefined };
const database = useDatabase();

let compteur = 0;
function nouvelle() {
  const valeurs = lireFiche(ficheComplete(), { complet: true, defauts: true }).valeurs as FicheValeurs;
  return nouvelleFiche({ valeurs, aTrier: valeurs }, { numero: `CONS-20261124-H${++compteur}`, user: 1, assignedMedecin: null, etablissementId: 1, taskId: crypto.randomUUID(), maintenant: clock.now(), jour: '2026-11-24', heure: '08:15:30' }, regles.trier);
}
const creation: Effets = { acte: { acteur: patiente, action: 'fiche.creer' }, evenements: [] };
const effets = (action: string, acteur: Effets['acte']['acteur'] = medecin): Effets => ({ acte: { acteur, action }, evenements: [] });
const page = { page: 1, pageSize: 20 };

describe.each([
  ['in memory', () => {
    const fiches = createMemoryFiches({ clock: clock.now });
    return { fiches, historique: fiches.historique };
  }],
  ['in PostgreSQL', () => ({ fiches: createFicheStore(database.db, options), historique: createHistorique(database.db) })],
] as [string, () => { fiches: FicheStore; historique: Historique }][])('the history of fiches %s', (_, ouvrir) => {
  let fiches: FicheStore;
  let historique: Historique;
  beforeAll(() => {
    ({ fiches, historique } = ouvrir());
  });

  async function creer(): Promise<Fiche> {
    const creee = await fiches.create(nouvelle(), creation);
    if (!('creee' in creee)) throw new Error('replayed');
    return creee.creee;
  }
  async function changer(fiche: Fiche, ...reste: Parameters<FicheStore['update']> extends [unknown, ...infer R] ? R : never): Promise<Fiche> {
    const ecriture = await fiches.update(fiche, ...reste);
    if (typeof ecriture === 'string' || 'rejouee' in ecriture) throw new Error('not written');
    return ecriture.ecrite;
  }

  it('is written with each change: who, when, what, from what to what', async () => {
    const creee = await creer();
    const editee = await changer(creee, { diagnostic: 'Paludisme', pouls: 120, date_validation: new Date('2026-11-24T07:00:00Z'), signes_non_acquittes: ['stridor'], analyse_en_cours: false }, effets('fiche.editer'));
    const supprimee = await changer(editee, {}, effets('fiche.supprimer', patiente), { suppression: 'faire' });
    await changer(supprimee, { analyse_task_id: crypto.randomUUID() }, effets('fiche.restaurer', null), { suppression: 'defaire' });
    const { changements, ...compte } = await historique.list({ ficheId: creee.id, ...page });
    expect(compte).toEqual({ count: 4, countExact: true });
    expect(changements.map(({ version, action, acteurId, acteurRole, le, champs, fiche }) => [fiche, version, action, acteurId, acteurRole, le.toISOString(), [...champs].sort()])).toEqual([
      [creee.id, 4, 'fiche.restaurer', null, 'service:consultation', '2026-11-24T06:15:30.000Z', []],
      [creee.id, 3, 'fiche.supprimer', 1, 'patient', '2026-11-24T06:15:30.000Z', []],
      [creee.id, 2, 'fiche.editer', 2, 'medecin', '2026-11-24T06:15:30.000Z', ['date_validation', 'diagnostic', 'pouls', 'signes_non_acquittes']],
      [creee.id, 1, 'fiche.creer', 1, 'patient', '2026-11-24T06:15:30.000Z', []],
    ]);
    expect(changements[3]).toMatchObject({ avant: null, apres: null });
    expect(changements[2]).toMatchObject({
      avant: { diagnostic: null, pouls: creee.pouls, date_validation: null, signes_non_acquittes: [] },
      apres: { diagnostic: 'Paludisme', pouls: 120, date_validation: '2026-11-24T07:00:00.000Z', signes_non_acquittes: ['stridor'] },
    });
  });

  it('holds nothing of a write that was lost, and reads by pages', async () => {
    let fiche = await creer();
    expect(await fiches.update({ ...fiche, version: 5 }, { diagnostic: 'A' }, effets('fiche.editer'))).toBe('perdue');
    for (const diagnostic of ['A', 'B', 'C']) fiche = await changer(fiche, { diagnostic }, effets('fiche.editer'));
    expect(await historique.list({ ficheId: fiche.id, page: 2, pageSize: 3 })).toMatchObject({ count: 4, changements: [{ version: 1 }] });
    expect(await historique.list({ ficheId: 2_000_000_000, ...page })).toEqual({ changements: [], count: 0, countExact: true });
  });

  it('keeps neither the key of a file nor a text twice', async () => {
    const fiche = await creer();
    await changer(fiche, { signature_medecin: 'signatures/abc', diagnostic_ia_publie: 'Synthèse' }, effets('fiche.valider'));
    const { changements: [ligne] } = await historique.list({ ficheId: fiche.id, ...page });
    expect(ligne).toMatchObject({ champs: ['signature_medecin', 'diagnostic_ia_publie'], avant: {}, apres: {} });
  });
});

describe('the history of fiches, in PostgreSQL alone', () => {
  it('can be added to and read, and never changed', async () => {
    await expect(database.db.$executeRaw`UPDATE fiche_changement SET action = 'rien'`).rejects.toThrow();
    await expect(database.db.$executeRaw`DELETE FROM fiche_changement`).rejects.toThrow();
  });

  it('of fiches taken over together is begun in one statement', async () => {
    const fiches = [1, 2].map((i) => ({ ...nouvelle(), id: 900_000 + i }));
    await appendCreations(database.db, fiches, { acteur: null, action: 'fiche.importer' });
    await appendCreations(database.db, [], { acteur: null, action: 'fiche.importer' });
    for (const { id } of fiches) expect((await createHistorique(database.db).list({ ficheId: id, ...page })).changements).toMatchObject([{ version: 1, action: 'fiche.importer', acteurRole: 'service:consultation', champs: [] }]);
  });
});
