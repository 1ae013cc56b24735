import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { admin, ailleurs, autrePatient, confrere, createWorld, enAttente, medecin, patiente, service } from '../fiche/fixtures.memory.ts';
import { CONTENT_MAX, lireContent, MESSAGES_MAX } from './message.ts';

let world: ReturnType<typeof createWorld>;
let id: number;
beforeEach(async () => {
  world = createWorld();
  id = (await world.creer()).fiche.id;
  world.fiches.actes.length = 0;
});
const ecrire = (acteur: Acteur, content: string, plus: object = {}) => world.createFicheMessage({ acteur, id, content, ...plus });
const lister = (acteur: Acteur, plus: object = {}) => world.listFicheMessages({ acteur, id, ...plus });
const notes = () => world.fiches.actes.map(({ acteur, action, issue = 'ok', raison }) => [acteur?.id, action, issue, ...(raison ? [raison] : [])]);

describe('a message', () => {
  it('is trimmed, not blank, of 5000 characters at most, and of what can be kept', () => {
    expect(lireContent('  Bonjour\n')).toBe('Bonjour');
    expect([...lireContent('🤒'.repeat(CONTENT_MAX))]).toHaveLength(CONTENT_MAX);
    for (const faux of ['', ' \n\t', 'x'.repeat(CONTENT_MAX + 1), 'a\0b', '\ud800']) expect(() => lireContent(faux)).toThrow(expect.objectContaining({ kind: 'invalid', fields: { content: [expect.any(String)] } }));
  });

  it('passes between patient and médecins, with their names asked for at once', async () => {
    await ecrire(patiente, 'Bonjour docteur, la toux continue.');
    await ecrire(medecin, 'Bonjour, depuis combien de jours ?');
    expect(await ecrire(admin, 'Je suis la fiche.')).toMatchObject({ vue: { author: 5, username: '', nom: '' } });
    const demandes: number[][] = [];
    const nommer = world.annuaire.nommer;
    world.annuaire.nommer = async (ids) => {
      demandes.push([...ids]);
      return nommer(ids);
    };
    expect((await lister(patiente)).map(({ author, username, nom, content }) => [author, username, nom, content])).toEqual([
      [1, 'user1', 'Prénom1 Nom1', 'Bonjour docteur, la toux continue.'], [2, 'user2', 'Prénom2 Nom2', 'Bonjour, depuis combien de jours ?'], [5, '', '', 'Je suis la fiche.'],
    ]);
    expect(demandes).toEqual([[1, 2, 5]]);
  });

  it('is an act on the fiche and its reading an opening, for a colleague with a reason', async () => {
    await ecrire(patiente, 'Bonjour');
    await lister(patiente);
    await lister(medecin);
    expect(notes()).toEqual([[1, 'fiche.ecrire_message', 'ok'], [2, 'fiche.lister_messages', 'ok']]);
    id = (await world.creer({}, { assignedMedecin: 3 })).fiche.id;
    world.fiches.actes.length = 0;
    await expect(ecrire(medecin, 'Bonjour')).rejects.toMatchObject({ code: 'acces.motif_requis' });
    await ecrire(medecin, 'Bonjour', { motif: 'Garde' });
    await ecrire(confrere, 'Bonjour');
    expect(notes()).toEqual([[2, 'fiche.ecrire_message', 'refus'], [2, 'fiche.acces_motive', 'ok', 'Garde'], [2, 'fiche.ecrire_message', 'ok', 'Garde'], [3, 'fiche.ecrire_message', 'ok']]);
  });

  it('is nobody else’s to read or write', async () => {
    for (const acteur of [autrePatient, ailleurs]) {
      await expect(lister(acteur)).rejects.toMatchObject({ kind: 'not_found' });
      await expect(ecrire(acteur, 'Bonjour')).rejects.toMatchObject({ kind: 'not_found' });
    }
    for (const acteur of [enAttente, service('ia')]) await expect(ecrire(acteur, 'Bonjour')).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(ecrire(autrePatient, '')).rejects.toMatchObject({ kind: 'invalid' });
    await expect(ecrire(enAttente, '')).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('of the patient is read by triage in the same write, of a médecin it is not', async () => {
    const calme = { motif_consultation: 'Visite de contrôle, mal au dos depuis une semaine.', histoire_maladie: '', temperature: 36.8, febrile: 'Non', cephalees: false, pouls: 76, spo2: 98, frequence_respiratoire: 16, tension_arterielle: '12/8' };
    id = (await world.creer(calme)).fiche.id;
    const avant = await world.relire(id);
    await ecrire(medecin, 'Avez-vous des convulsions, voulez-vous mourir ? Tentative de suicide ?');
    await ecrire(patiente, 'Non docteur, merci.');
    expect(await world.relire(id)).toEqual(avant);
    expect(await ecrire(patiente, "je veux mourir, j'ai pris tous les comprimés")).toMatchObject({ vue: { urgence: 'rouge', orientation: expect.stringContaining('pas seul') } });
    expect(await world.relire(id)).toMatchObject({ urgence: 'rouge', urgence_regles: 'rouge', version: avant.version + 1 });
    expect(world.fiches.evenements.at(-1)).toMatchObject({ evenement: { type: 'FicheEdited' }, fiche: { id } });
    expect((await world.getFiche({ acteur: patiente, id })).orientation).toContain('pas seul');
    expect((await world.listHistorique({ acteur: medecin, id, page: 1, pageSize: 20 })).changements[0]).toMatchObject({ action: 'fiche.ecrire_message', acteurId: 1 });
  });

  it('is judged again on the fiche as it stands, where that changed meanwhile, and given up after five attempts', async () => {
    const { create } = world.messages;
    let courses = 0;
    const courir = (fois: number) => {
      world.messages.create = async (fiche, ...reste) => {
        if (courses++ < fois) await world.updateFiche({ acteur: medecin, id, saisie: { pouls: 70 + courses }, complet: false, textes: {} });
        return create(fiche, ...reste);
      };
    };
    courir(2);
    await ecrire(patiente, 'Bonjour');
    expect(courses).toBe(3);
    courses = 0;
    courir(99);
    await expect(ecrire(patiente, 'Bonjour encore')).rejects.toMatchObject({ kind: 'conflict', code: 'fiche.conflit' });
    expect(courses).toBe(5);
    expect(await world.messages.list(id)).toHaveLength(1);
  });

  it('is refused where 2000 are there', async () => {
    world.messages.create = async (...[, , , limite]) => (limite === MESSAGES_MAX ? 'pleine' : 'perdue');
    await expect(ecrire(patiente, 'Bonjour')).rejects.toMatchObject({ kind: 'invalid', code: 'message.trop_nombreux', fields: { non_field_errors: [expect.stringContaining('2000')] } });
  });
});
