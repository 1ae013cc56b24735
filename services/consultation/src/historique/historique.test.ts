import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { admin, ailleurs, autrePatient, confrere, createWorld, enAttente, medecin, patiente, service } from '../fiche/fixtures.memory.ts';

let world: ReturnType<typeof createWorld>;
let id: number;
beforeEach(async () => {
  world = createWorld();
  id = (await world.creer()).fiche.id;
});

const lister = async (acteur: Acteur, plus: object = {}) => (await world.listHistorique({ acteur, id, page: 1, pageSize: 20, ...plus })).changements;
const noms = async (acteur: Acteur) => (await lister(acteur)).map(({ action, champs }) => [action, champs.map(({ champ }) => champ)]);
const MEDECINS_SEULS = ['urgence_regles', 'urgence_ia', 'signes_alerte', 'news2', 'triage_version', 'signes_non_acquittes'];

describe('the history of a fiche', () => {
  it('tells médecins who changed what, when, with French labels and values, newest first', async () => {
    world.clock.advance(60_000);
    await world.updateFiche({ acteur: patiente, id, saisie: { pouls: 128 }, complet: false, textes: {} });
    await world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'Paludisme simple' } });
    const [edition, modification, creation] = await lister(medecin);
    expect(edition).toMatchObject({ version: 3, action: 'fiche.editer', acteurId: 2, username: 'user2', nom: 'Prénom2 Nom2', acteurRole: 'medecin' });
    expect(edition!.champs).toEqual([{ champ: 'diagnostic', libelle: 'Diagnostic', valeurs: { avant: null, apres: 'Paludisme simple' } }]);
    expect(modification).toMatchObject({ acteurId: 1, acteurRole: 'patient', le: new Date('2026-11-24T06:16:30Z') });
    expect(modification!.champs).toContainEqual({ champ: 'pouls', libelle: 'Pouls', valeurs: { avant: expect.any(Number), apres: 128 } });
    expect(creation).toMatchObject({ version: 1, action: 'fiche.creer', champs: [] });
  });

  it('gives a patient names and no value', async () => {
    await world.updateFiche({ acteur: patiente, id, saisie: { pouls: 180 }, complet: false, textes: {} });
    const [modification] = await lister(patiente);
    expect(modification!.champs.map(({ champ }) => champ)).toContain('pouls');
    expect(modification!.champs.every((champ) => !('valeurs' in champ))).toBe(true);
    expect(modification!.champs.filter(({ champ }) => MEDECINS_SEULS.includes(champ))).toEqual([]);
    expect((await lister(medecin))[0]!.champs.map(({ champ }) => champ)).toEqual(expect.arrayContaining(['signes_alerte', 'urgence_regles']));
  });

  it("names what an IA or a médecin wrote to the patient once it is published, and nothing of what came after", async () => {
    await world.analyser(id, { synthese: 'Première', urgenceIa: 'vert' });
    await world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'Paludisme' } });
    expect((await noms(patiente)).flatMap(([, champs]) => champs)).toEqual(['status']);
    await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] });
    const apres = await noms(patiente);
    expect(apres.slice(1, 3)).toEqual([['fiche.editer', ['diagnostic']], ['fiche.analyse_terminee', ['status']]]);
    expect(apres[0]).toEqual(['fiche.valider', expect.arrayContaining(['status', 'date_validation', 'medecin_validateur', 'diagnostic_ia'])]);
    await world.relancerFiche({ acteur: medecin, id });
    await world.analyser(id, { synthese: 'Seconde', urgenceIa: 'vert' });
    expect((await noms(patiente)).slice(0, 2)).toEqual([['fiche.analyse_terminee', []], ['fiche.relancer', []]]);
    expect((await lister(medecin))[0]!.champs).toContainEqual({ champ: 'diagnostic_ia', libelle: expect.any(String), valeurs: { avant: 'Première', apres: 'Seconde' } });
    expect((await lister(medecin)).flatMap(({ champs }) => champs.map(({ champ }) => champ))).not.toContain('diagnostic_ia_publie');
  });

  it('is an opening: noted, and for a colleague only with a reason', async () => {
    id = (await world.creer({}, { assignedMedecin: 3 })).fiche.id;
    world.fiches.actes.length = 0;
    await lister(patiente);
    await expect(lister(medecin)).rejects.toMatchObject({ code: 'acces.motif_requis' });
    await lister(medecin, { motif: 'Garde' });
    await lister(confrere);
    await lister(admin);
    expect(world.fiches.actes.map(({ acteur, action, issue = 'ok', raison }) => [acteur?.id, action, issue, raison])).toEqual([
      [2, 'fiche.lister_historique', 'refus', undefined], [2, 'fiche.acces_motive', 'ok', 'Garde'], [2, 'fiche.lister_historique', 'ok', 'Garde'],
      [3, 'fiche.lister_historique', 'ok', undefined], [5, 'fiche.lister_historique', 'ok', undefined],
    ]);
    for (const acteur of [autrePatient, ailleurs]) await expect(lister(acteur)).rejects.toMatchObject({ kind: 'not_found' });
    for (const acteur of [enAttente, service('ia')]) await expect(lister(acteur)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('says of a service its name, and of the unknown nothing', async () => {
    await world.analyser(id);
    await world.editDiagnostic({ acteur: admin, id, textes: { diagnostic: 'A' } });
    expect((await lister(medecin)).map(({ username, nom }) => [username, nom])).toEqual([['', ''], ['consultation', ''], ['user1', 'Prénom1 Nom1']]);
  });
});
