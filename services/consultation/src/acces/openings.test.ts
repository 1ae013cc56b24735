import { beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import { admin, adminAilleurs, ailleurs, autrePatient, confrere, createWorld, enAttente, medecin, patiente, service } from '../fiche/fixtures.memory.ts';
import type { Acteur } from '@mediai/kit/acteur';

let world: ReturnType<typeof createWorld>;
let id: number;
beforeEach(async () => {
  world = createWorld();
  id = (await world.creer()).fiche.id;
  world.fiches.actes.length = 0;
});

const notes = () => world.fiches.actes.map(({ acteur, action, issue = 'ok', raison }) => [acteur?.id ?? null, action, issue, ...(raison ? [raison] : [])]);
const page = { page: 1, pageSize: 20 };

describe('every act on a fiche leaves its row', () => {
  const actes: [string, () => Promise<unknown>, unknown[]][] = [
    ['creating', () => world.creer({}, { acteur: medecin }), [2, 'fiche.creer', 'ok']],
    ['reading', () => world.getFiche({ acteur: medecin, id }), [2, 'fiche.lire', 'ok']],
    ['opening what is under it', () => world.getAccesFiche({ acteur: medecin, id, ouverture: true }), [2, 'fiche.ouvrir', 'ok']],
    ["a patient's edit", () => world.updateFiche({ acteur: patiente, id, saisie: { pouls: 90 }, complet: false, textes: {} }), [1, 'fiche.modifier', 'ok']],
    ["a médecin's edit", () => world.updateFiche({ acteur: medecin, id, saisie: {}, complet: false, textes: { diagnostic: 'Angine' } }), [2, 'fiche.modifier', 'ok']],
    ["a médecin's edit of nothing, which answers the fiche", () => world.updateFiche({ acteur: medecin, id, saisie: {}, complet: false, textes: {} }), [2, 'fiche.modifier', 'ok']],
    ['editing the texts', () => world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'Angine' } }), [2, 'fiche.editer', 'ok']],
    ['validating', () => world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] }), [2, 'fiche.valider', 'ok']],
    ['rejecting', () => world.rejectFiche({ acteur: medecin, id, commentaire: 'À compléter' }), [2, 'fiche.rejeter', 'ok']],
    ['relaunching while an analysis runs', () => world.relancerFiche({ acteur: medecin, id }), [2, 'fiche.relancer', 'ok']],
    ['telling the patient', () => world.sendNotification({ canal: 'whatsapp', acteur: medecin, id, forceResend: false }), [2, 'fiche.envoyer', 'ok']],
    ['deleting', () => world.deleteFiche({ acteur: patiente, id }), [1, 'fiche.supprimer', 'ok']],
    ['giving its content to the models', () => world.getFicheClinique({ acteur: service('ia'), id }), [0, 'fiche.lire_clinique', 'ok']],
    ['giving its phone to notifications', () => world.getDestinataire({ acteur: service('notifications'), id }), [0, 'fiche.lire_destinataire', 'ok']],
    ["an admin's look at the openings", () => world.listAccesFiche({ acteur: admin, id, ...page }), [5, 'fiche.lister_acces', 'ok']],
    ['the end of an analysis', () => world.analyser(id), [null, 'fiche.analyse_terminee', 'ok']],
  ];
  it.each(actes)('%s', async (_, agir, attendu) => {
    await agir();
    expect(notes()).toEqual([attendu]);
  });

  it.each([
    ['their fiche', () => world.getFiche({ acteur: patiente, id })],
    ['what is under it', () => world.getAccesFiche({ acteur: patiente, id, ouverture: true })],
    ['its openings', () => world.listAccesFiche({ acteur: patiente, id, ...page })],
  ])('a patient who reads %s leaves none', async (_, lire) => {
    await lire();
    expect(notes()).toEqual([]);
  });

  it('a page of whole fiches is one of each, once an hour; of one\'s own it is none', async () => {
    const lister = (acteur: Acteur) => world.listFiches({ acteur, status: [], urgence: [], assignedOnly: false, search: '', ordering: '', ...page });
    const { fiche: seconde } = await world.creer({}, { acteur: autrePatient });
    world.fiches.actes.length = 0;
    await lister(patiente);
    await lister(ailleurs);
    expect(notes()).toEqual([]);
    await lister(medecin);
    world.clock.advance(59 * 60_000);
    await lister(medecin);
    expect(world.fiches.actes.map(({ ficheId, acteur, action }) => [ficheId, acteur?.id, action])).toEqual([[seconde.id, 2, 'fiche.lister'], [id, 2, 'fiche.lister']]);
    world.clock.advance(2 * 60_000);
    await lister(medecin);
    expect(notes()).toHaveLength(4);
  });

  it('a page of what is under fiches is one of each that may be seen without a reason', async () => {
    const { fiche: reservee } = await world.creer({}, { assignedMedecin: 3 });
    const { fiche: seconde } = await world.creer({}, { acteur: autrePatient });
    await world.getFiche({ acteur: medecin, id: reservee.id, motif: 'Garde' });
    world.fiches.actes.length = 0;
    const ids = [id, reservee.id, seconde.id, 9999, -1];
    expect(await world.getAccesPage(medecin, ids)).toEqual([id, seconde.id]);
    expect(world.fiches.actes.map(({ ficheId, action }) => [ficheId, action])).toEqual([[id, 'fiche.ouvrir'], [seconde.id, 'fiche.ouvrir']]);
    expect(await world.getAccesPage(patiente, ids)).toEqual([id, reservee.id]);
    expect(await world.getAccesPage(ailleurs, ids)).toEqual([]);
    expect(notes()).toHaveLength(2);
    for (const acteur of [enAttente, service('ia')]) await expect(world.getAccesPage(acteur, ids)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(world.getAccesPage(medecin, Array.from({ length: 101 }, (_, i) => i))).rejects.toMatchObject({ fields: { ids: [expect.any(String)] } });
  });

  it('a question of another service is no opening', async () => {
    await world.getAccesFiche({ acteur: medecin, id, ouverture: false });
    await expect(world.getAccesFiche({ acteur: ailleurs, id, ouverture: false })).rejects.toMatchObject({ kind: 'not_found' });
    expect(notes()).toEqual([]);
  });

  it('a reading that cannot be noted is not answered', async () => {
    const panner = async () => { throw new AppError('unavailable'); };
    const panne = createWorld({ journal: { ...world.journal, noter: panner, noterPage: panner } });
    const { fiche } = await panne.creer();
    await expect(panne.getFiche({ acteur: medecin, id: fiche.id })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(panne.getAccesFiche({ acteur: medecin, id: fiche.id, ouverture: true })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(panne.getFicheClinique({ acteur: service('ia'), id: fiche.id })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(panne.listFiches({ acteur: medecin, status: [], urgence: [], assignedOnly: false, search: '', ordering: '', ...page })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(panne.getAccesPage(medecin, [fiche.id])).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(panne.getFiche({ acteur: patiente, id: fiche.id })).resolves.toBeDefined();
  });

  it('a message that could not be handed on is noted as a failure', async () => {
    const panne = createWorld({ envoyer: async () => { throw new AppError('unavailable'); } });
    const { fiche } = await panne.creer();
    await expect(panne.sendNotification({ canal: 'whatsapp', acteur: medecin, id: fiche.id, forceResend: false })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(panne.fiches.actes.slice(1).map(({ action, issue }) => [action, issue])).toEqual([['fiche.envoyer', undefined], ['fiche.envoyer', 'echec']]);
  });
});

describe('a refused opening', () => {
  it.each([
    ['of another établissement', ailleurs],
    ["of another établissement's admin", adminAilleurs],
    ['of another patient', autrePatient],
  ] as [string, Acteur][])('%s is noted, where there is a fiche', async (_, acteur) => {
    await expect(world.getFiche({ acteur, id })).rejects.toMatchObject({ kind: 'not_found' });
    await expect(world.getFiche({ acteur, id: 9999 })).rejects.toMatchObject({ kind: 'not_found' });
    expect(notes()).toEqual([[acteur.id, 'fiche.lire', 'refus']]);
  });

  it('for want of a reason is noted, whatever was to be done', async () => {
    id = (await world.creer({}, { assignedMedecin: 3 })).fiche.id;
    world.fiches.actes.length = 0;
    await expect(world.getFiche({ acteur: medecin, id })).rejects.toMatchObject({ code: 'acces.motif_requis' });
    await expect(world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] })).rejects.toMatchObject({ code: 'acces.motif_requis' });
    await expect(world.sendNotification({ canal: 'whatsapp', acteur: medecin, id, forceResend: false })).rejects.toMatchObject({ code: 'acces.motif_requis' });
    await expect(world.getAccesFiche({ acteur: medecin, id, ouverture: true })).rejects.toMatchObject({ code: 'acces.motif_requis' });
    expect(notes()).toEqual([[2, 'fiche.lire', 'refus'], [2, 'fiche.valider', 'refus'], [2, 'fiche.envoyer', 'refus'], [2, 'fiche.ouvrir', 'refus']]);
  });

  it('by the role names no object, and is not noted', async () => {
    for (const acteur of [enAttente, service('appointments')]) await expect(world.getFiche({ acteur, id })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(world.validateFiche({ acteur: patiente, id, textes: {}, analyses: [] })).rejects.toMatchObject({ kind: 'forbidden' });
    expect(notes()).toEqual([]);
  });
});

describe("a reason for a colleague's fiche", () => {
  beforeEach(async () => {
    id = (await world.creer({}, { assignedMedecin: 3 })).fiche.id;
    world.fiches.actes.length = 0;
  });

  it('is given with any act, kept once, and stands beside all that it covers', async () => {
    await world.validateFiche({ acteur: medecin, id, motif: 'Garde', textes: {}, analyses: [] });
    await world.getFiche({ acteur: medecin, id });
    await world.getAccesFiche({ acteur: medecin, id, ouverture: true });
    await world.sendNotification({ canal: 'whatsapp', acteur: medecin, id, forceResend: false });
    expect(notes()).toEqual([
      [2, 'fiche.acces_motive', 'ok', 'Garde'], [2, 'fiche.valider', 'ok', 'Garde'], [2, 'fiche.lire', 'ok', 'Garde'], [2, 'fiche.ouvrir', 'ok', 'Garde'], [2, 'fiche.envoyer', 'ok', 'Garde'],
    ]);
  });

  it('is not prolonged by what it covers', async () => {
    await world.getFiche({ acteur: medecin, id, motif: 'Garde' });
    world.clock.advance(7 * 3600_000);
    await world.getFiche({ acteur: medecin, id });
    world.clock.advance(2 * 3600_000);
    await expect(world.getFiche({ acteur: medecin, id })).rejects.toMatchObject({ code: 'acces.motif_requis' });
  });

  it('given where none is needed is not kept', async () => {
    await world.getFiche({ acteur: confrere, id, motif: 'Curiosité' });
    expect(notes()).toEqual([[3, 'fiche.lire', 'ok']]);
  });

  it('given to a question of another service is kept', async () => {
    await world.getAccesFiche({ acteur: medecin, id, motif: 'Garde', ouverture: false });
    expect(notes()).toEqual([[2, 'fiche.acces_motive', 'ok', 'Garde']]);
  });
});

describe('the openings of a dossier', () => {
  const lister = async (acteur: Acteur, plus: object = {}) => (await world.listAccesFiche({ acteur, id, ...page, ...plus })).acces;

  it('are told to its patient: who, when, what and why, a conversation included, newest first', async () => {
    id = (await world.creer({}, { assignedMedecin: 3 })).fiche.id;
    await world.getFiche({ acteur: patiente, id });
    await expect(world.getFiche({ acteur: medecin, id })).rejects.toThrow();
    await world.getFiche({ acteur: medecin, id, motif: 'Garde' });
    world.clock.advance(60_000);
    await world.getAccesFiche({ acteur: confrere, id, ouverture: true });
    await world.getFiche({ acteur: admin, id });
    await world.getFicheClinique({ acteur: service('ia'), id });
    const acces = await lister(patiente);
    expect(acces.map(({ username, nom, acteurRole, action, raison }) => [username, nom, acteurRole, action, raison])).toEqual([
      ['ia', '', 'service:ia', 'fiche.lire_clinique', null],
      ['', '', 'admin', 'fiche.lire', null],
      ['user3', 'Prénom3 Nom3', 'medecin', 'fiche.ouvrir', null],
      ['user2', 'Prénom2 Nom2', 'medecin', 'fiche.lire', 'Garde'],
      ['user2', 'Prénom2 Nom2', 'medecin', 'fiche.acces_motive', 'Garde'],
    ]);
    expect(acces[2]!.le.getTime() - acces[3]!.le.getTime()).toBe(60_000);
  });

  it('are for the patient and the admins of the établissement alone', async () => {
    await world.getFiche({ acteur: medecin, id });
    expect(await lister(patiente)).toHaveLength(1);
    expect(await lister(admin)).toMatchObject([{ acteurId: 5, action: 'fiche.lister_acces' }, { acteurId: 2 }]);
    for (const acteur of [medecin, confrere, ailleurs]) await expect(lister(acteur)).rejects.toMatchObject({ kind: 'forbidden' });
    for (const acteur of [autrePatient, adminAilleurs]) await expect(lister(acteur)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(lister(enAttente)).rejects.toMatchObject({ code: 'compte.en_attente' });
    await expect(lister(service('ia'))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(lister(medecin, { id: 9999 })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('are paged, to the 10 000th', async () => {
    for (let i = 0; i < 5; i++) await world.getFiche({ acteur: medecin, id });
    expect(await lister(patiente, { page: 2, pageSize: 3 })).toHaveLength(2);
    expect(await world.listAccesFiche({ acteur: patiente, id, page: 0, pageSize: 0 })).toMatchObject({ count: 5, countExact: true });
    await expect(lister(patiente, { page: 101, pageSize: 100 })).rejects.toMatchObject({ code: 'pagination.trop_profonde' });
  });
});

describe('the exact dossier number of a fiche that needs a reason', () => {
  const chercher = async (acteur: Acteur, search: string) => world.listFiches({ acteur, status: [], urgence: [], assignedOnly: false, search, ordering: '', ...page });

  it("tells a médecin that it is there, and nobody else, and is in nobody's list", async () => {
    const { fiche } = await world.creer({}, { assignedMedecin: 3 });
    const attendue = { id: fiche.id, numero_dossier: fiche.numero_dossier };
    for (const search of [fiche.numero_dossier, ` ${fiche.numero_dossier.toLowerCase()} `]) expect(await chercher(medecin, search)).toMatchObject({ vues: [], count: 0, reservee: attendue });
    for (const acteur of [confrere, ailleurs, admin, adminAilleurs, patiente, autrePatient]) expect((await chercher(acteur, fiche.numero_dossier)).reservee).toBeUndefined();
    for (const search of ['CONS', fiche.numero_dossier.slice(0, -1), `${fiche.numero_dossier}0`, `${fiche.numero_dossier} fièvre`, 'CONS-20261124-001']) expect((await chercher(medecin, search)).reservee).toBeUndefined();
    await world.deleteFiche({ acteur: admin, id: fiche.id });
    expect((await chercher(medecin, fiche.numero_dossier)).reservee).toBeUndefined();
  });
});

describe("a médecin's own dossier", () => {
  beforeEach(async () => {
    id = (await world.creer({}, { assignedMedecin: 3 })).fiche.id;
    await world.updateFiche({ acteur: confrere, id, saisie: {}, complet: false, user: medecin.id, textes: { diagnostic: 'Secret de confrère' } });
    world.fiches.actes.length = 0;
  });

  it('that a colleague follows opens without a reason, unnoted, as to any patient, and is in the list', async () => {
    const lue = await world.getFiche({ acteur: medecin, id });
    expect(lue).toMatchObject({ vue: 'patient', fiche: { diagnostic: null } });
    const { vues } = await world.listFiches({ acteur: medecin, status: [], urgence: [], assignedOnly: false, search: '', ordering: '', ...page });
    expect(vues.find(({ fiche }) => fiche.id === id)).toMatchObject({ vue: 'patient', fiche: { diagnostic: null } });
    expect(world.fiches.actes.filter(({ ficheId }) => ficheId === id)).toEqual([]);
    expect((await world.listAccesFiche({ acteur: medecin, id, ...page })).acces).toEqual([]);
  });

  it('is edited and deleted as by any patient', async () => {
    const editee = await world.updateFiche({ acteur: medecin, id, saisie: { pouls: 91 }, complet: false, textes: { diagnostic: 'Rien du tout' } });
    expect('vue' in editee && editee.vue).toMatchObject({ vue: 'patient' });
    expect(await world.relire(id)).toMatchObject({ pouls: 91, diagnostic: 'Secret de confrère' });
    await world.validateFiche({ acteur: confrere, id, textes: {}, analyses: [] });
    await expect(world.deleteFiche({ acteur: medecin, id })).rejects.toMatchObject({ code: 'fiche.etat_invalide' });
  });
});
