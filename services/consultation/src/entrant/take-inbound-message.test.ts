import { beforeEach, describe, expect, it } from '@jest/globals';
import { admin, autrePatient, createWorld, medecin, patiente, service } from '../fiche/fixtures.memory.ts';
import type { MessageEntrant } from './take-inbound-message.ts';

const telephone = '+243970000101';
const calme = { motif_consultation: 'Visite de contrôle, mal au dos depuis une semaine.', histoire_maladie: '', temperature: 36.8, febrile: 'Non', cephalees: false, pouls: 76, spo2: 98, frequence_respiratoire: 16, tension_arterielle: '12/8' };

let world: ReturnType<typeof createWorld>;
beforeEach(() => {
  world = createWorld();
});

const prendre = (changes: Partial<MessageEntrant> = {}) => world.takeInboundMessage({ acteur: service('notifications'), telephone, contenu: 'Bonjour docteur', sourceId: 'SM1', etablissementId: null, ...changes });
const creer = async (changes: Record<string, unknown> = {}, options: Parameters<typeof world.creer>[1] = {}) => (await world.creer({ ...calme, telephone, ...changes }, options)).fiche.id;

describe('a message that came in', () => {
  it('goes to the latest fiche of its phone, in the name of its patient, once', async () => {
    await creer();
    const id = await creer();
    const recu = await prendre();
    expect(recu).toMatchObject({ ficheId: id, etablissementId: 1, message: { author: 1 } });
    expect(await prendre({ contenu: 'Autre chose' })).toMatchObject({ ficheId: id, message: { id: recu.message?.id } });
    expect((await world.listFicheMessages({ acteur: medecin, id })).map(({ author, content }) => [author, content])).toEqual([[1, 'Bonjour docteur']]);
    expect(world.fiches.actes.at(-2)).toMatchObject({ action: 'fiche.recevoir_message' });
  });

  it('is read by triage as any message of the patient', async () => {
    const id = await creer();
    await prendre({ contenu: "je veux mourir, j'ai pris tous les comprimés" });
    expect(await world.relire(id)).toMatchObject({ urgence: 'rouge', urgence_regles: 'rouge' });
  });

  it('of a phone that only an account has goes to the latest fiche of that user', async () => {
    const id = await creer({ telephone: '+243970000999' });
    world.destinations.users.set(1, { phone: '+243810000001', isActive: true });
    expect(await prendre({ telephone: '+243810000001' })).toMatchObject({ ficheId: id });
  });

  it('of a fiche whose patient has no account is no message; where it would go is told', async () => {
    const id = await creer({}, { acteur: medecin });
    expect(await prendre()).toEqual({ ficheId: id, etablissementId: 1, message: null });
    expect(await world.listFicheMessages({ acteur: medecin, id })).toEqual([]);
  });

  it('is read by triage also where the patient has no account, once', async () => {
    const id = await creer({}, { acteur: medecin });
    const contenu = "je veux mourir, j'ai pris tous les comprimés";
    expect(await prendre({ contenu })).toEqual({ ficheId: id, etablissementId: 1, message: null });
    const elevee = await world.relire(id);
    expect(elevee).toMatchObject({ urgence: 'rouge', urgence_regles: 'rouge' });
    expect([world.fiches.actes.at(-1), world.fiches.evenements.at(-1)?.evenement]).toMatchObject([{ action: 'fiche.recevoir_message' }, { type: 'FicheEdited' }]);
    await prendre({ contenu });
    expect(await world.relire(id)).toEqual(elevee);
  });

  it('of a phone that nobody has, whose fiche was deleted, or within another établissement is nobody\'s', async () => {
    await expect(prendre()).rejects.toMatchObject({ kind: 'not_found' });
    const id = await creer();
    await expect(prendre({ etablissementId: 2 })).rejects.toMatchObject({ kind: 'not_found' });
    await world.deleteFiche({ acteur: admin, id });
    await expect(prendre({ etablissementId: 1 })).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('that nothing can keep is refused', async () => {
    await creer();
    for (const changes of [{ contenu: '  ' }, { contenu: 'a\0b' }, { contenu: 'x'.repeat(5001) }, { sourceId: '' }, { sourceId: 'é' }]) await expect(prendre(changes)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is brought by notifications alone', async () => {
    await creer();
    for (const acteur of [patiente, autrePatient, medecin, admin, service('ia'), service('appointments')]) await expect(prendre({ acteur })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('is judged again where its fiche changed meanwhile, and given up after five attempts', async () => {
    const id = await creer();
    const { create } = world.messages;
    let courses = 0;
    const courir = (fois: number): void => {
      world.messages.create = async (fiche, ...reste) => {
        if (courses++ < fois) await world.updateFiche({ acteur: medecin, id, saisie: { pouls: 70 + courses }, complet: false, textes: {} });
        return create(fiche, ...reste);
      };
    };
    courir(2);
    expect((await prendre()).message).not.toBeNull();
    courses = 0;
    courir(99);
    await expect(prendre({ sourceId: 'SM2' })).rejects.toMatchObject({ kind: 'conflict' });
  });
});
