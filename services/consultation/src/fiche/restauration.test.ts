import { beforeEach, describe, expect, it } from '@jest/globals';
import { admin, adminAilleurs, confrere, createWorld, enAttente, medecin, patiente } from './fixtures.memory.ts';

let world: ReturnType<typeof createWorld>;
let id: number;
beforeEach(async () => {
  world = createWorld();
  id = (await world.creer()).fiche.id;
});
const notes = () => world.fiches.actes.map(({ acteur, action, issue = 'ok' }) => [acteur?.id, action, issue]);

describe('a deleted fiche', () => {
  it('is brought back by an admin of its établissement, and told to the others', async () => {
    await world.analyser(id);
    await world.deleteFiche({ acteur: patiente, id });
    await expect(world.getFiche({ acteur: patiente, id })).rejects.toMatchObject({ kind: 'not_found' });
    world.fiches.actes.length = 0;
    const reponse = await world.restoreFiche({ acteur: admin, id });
    expect(reponse).toMatchObject({ vue: { vue: 'medecin', fiche: { id, version: 4, status: 'analyse_terminee' } } });
    expect(await world.getFiche({ acteur: patiente, id })).toMatchObject({ fiche: { id } });
    expect(notes()).toEqual([[5, 'fiche.restaurer', 'ok']]);
    expect(world.fiches.evenements.at(-1)).toMatchObject({ evenement: { type: 'FicheRestored' }, fiche: { version: 4 } });
  });

  it('whose analysis its deletion had ended asks for a new one', async () => {
    await world.deleteFiche({ acteur: patiente, id });
    await world.restoreFiche({ acteur: admin, id });
    const { analyse_task_id: taskId, ...fiche } = await world.relire(id);
    expect(fiche).toMatchObject({ status: 'en_analyse', analyse_en_cours: true, analyse_version: 3, version: 3 });
    expect(world.fiches.evenements.slice(-2).map(({ evenement }) => evenement)).toEqual([{ type: 'FicheRestored' }, { type: 'AnalyseRequested', taskId }]);
    await world.analyser(id);
    expect(await world.relire(id)).toMatchObject({ status: 'analyse_terminee' });
  });

  it('is brought back by nobody else, and nothing is that is not deleted', async () => {
    await world.deleteFiche({ acteur: patiente, id });
    const { fiche: vivante } = await world.creer();
    world.fiches.actes.length = 0;
    for (const acteur of [patiente, medecin, confrere]) await expect(world.restoreFiche({ acteur, id })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(world.restoreFiche({ acteur: enAttente, id })).rejects.toMatchObject({ code: 'compte.en_attente' });
    expect(notes()).toEqual([]);
    await expect(world.restoreFiche({ acteur: adminAilleurs, id })).rejects.toMatchObject({ kind: 'not_found', code: 'fiche.introuvable' });
    expect(notes()).toEqual([[7, 'fiche.restaurer', 'refus']]);
    for (const absente of [vivante.id, 9999]) await expect(world.restoreFiche({ acteur: admin, id: absente })).rejects.toMatchObject({ kind: 'not_found', code: 'fiche.introuvable' });
  });

  it('is brought back once under a key', async () => {
    await world.deleteFiche({ acteur: patiente, id });
    const idempotence = { route: 'RestoreFiche', cle: 'k', corps: Buffer.from('1'), ecrire: () => Buffer.from('restaurée') };
    await world.restoreFiche({ acteur: admin, id, idempotence });
    expect(await world.restoreFiche({ acteur: admin, id, idempotence })).toEqual({ rejouee: Buffer.from('restaurée') });
    expect((await world.relire(id)).version).toBe(3);
  });
});

describe('assigning a fiche', () => {
  it('makes it that médecin’s, and nobody’s again', async () => {
    expect(await world.assignMedecin({ acteur: medecin, id, medecin: 3 })).toMatchObject({ vue: { fiche: { assigned_medecin: 3, version: 2 } } });
    await expect(world.getFiche({ acteur: medecin, id })).rejects.toMatchObject({ code: 'acces.motif_requis' });
    expect(world.fiches.evenements.at(-1)).toMatchObject({ evenement: { type: 'FicheEdited' }, fiche: { assigned_medecin: 3 } });
    expect(await world.assignMedecin({ acteur: confrere, id, medecin: null })).toMatchObject({ vue: { fiche: { assigned_medecin: null, version: 3 } } });
    expect(await world.getFiche({ acteur: medecin, id })).toMatchObject({ fiche: { id } });
  });

  it('again changes nothing, and is noted', async () => {
    await world.assignMedecin({ acteur: admin, id, medecin: 2 });
    world.fiches.actes.length = 0;
    expect(await world.assignMedecin({ acteur: admin, id, medecin: 2 })).toMatchObject({ vue: { fiche: { version: 2 } } });
    expect(notes()).toEqual([[5, 'fiche.assigner', 'ok']]);
  });

  it.each([['a patient', 11], ['a médecin who is not approved', 4], ['a médecin of another établissement', 6], ['nobody there is', 999]])('to %s finds no such médecin', async (_, autre) => {
    await expect(world.assignMedecin({ acteur: medecin, id, medecin: autre })).rejects.toMatchObject({ kind: 'not_found', code: 'medecin.introuvable' });
    expect((await world.relire(id)).version).toBe(1);
  });

  it('is for médecins and admins, on a version that they read', async () => {
    await expect(world.assignMedecin({ acteur: patiente, id, medecin: 999 })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(world.assignMedecin({ acteur: medecin, id, medecin: 3, versionAttendue: 9 })).rejects.toMatchObject({ kind: 'stale' });
  });
});
