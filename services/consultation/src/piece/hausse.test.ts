import { describe, expect, it } from '@jest/globals';
import { createWorld, medecin, patiente, service } from '../fiche/fixtures.memory.ts';
import { regles } from '../fiche/regles.ts';
import { hausseDe } from './hausse.ts';

const calme = { motif_consultation: 'Visite de contrôle, mal au dos depuis une semaine.', histoire_maladie: 'Début il y a une semaine.', temperature: 36.8, febrile: 'Non', cephalees: false, pouls: 76, spo2: 98, frequence_respiratoire: 16, tension_arterielle: '12/8' };

describe('what a text raises of its fiche', () => {
  const lire = async (texte: string, source: 'messages' | 'lab_results' = 'messages') => {
    const world = createWorld();
    const { fiche: { id } } = await world.creer(calme);
    const fiche = await world.relire(id);
    return { fiche, hausse: hausseDe(fiche, { textes: [texte], source }, regles.trier, world.clock.now()) };
  };

  it('is its urgency and its signs, at once', async () => {
    const { fiche, hausse } = await lire("je veux mourir, j'ai pris tous les comprimés");
    expect(fiche.urgence).not.toBe('rouge');
    expect(hausse).toMatchObject({ urgence: 'rouge', urgence_regles: 'rouge', triage_version: expect.any(String) });
    expect(hausse!.signes_alerte![0]).toMatchObject({ code: 'idees_suicidaires', niveau: 'rouge', champs: ['messages'] });
    for (const signe of fiche.signes_alerte) expect(hausse!.signes_alerte).toContain(signe);
  });

  it.each(['Merci docteur, je vais mieux.', 'Je ne veux pas mourir.', 'Mon frère a des convulsions.'])('is nothing where nothing rises: %s', async (texte) => {
    expect((await lire(texte)).hausse).toBeNull();
  });

  it('of a laboratory is what it found, under its own name, and abbreviations are no foreign language', async () => {
    expect((await lire('Commentaire du biologiste : patiente confuse, somnolente au prélèvement.', 'lab_results')).hausse!.signes_alerte).toContainEqual(expect.objectContaining({ code: 'conscience_alteree', champs: ['lab_results'] }));
    expect((await lire('NFS GB VGM CCMH TCMH PLQ LYM MON EOS', 'lab_results')).hausse).toBeNull();
    expect((await lire('NFS GB VGM CCMH TCMH PLQ LYM MON EOS')).hausse!.signes_alerte).toContainEqual(expect.objectContaining({ code: 'texte_non_analysable' }));
  });
});

describe('what was raised', () => {
  it('stays after an edit of the fiche, and is what the models are told', async () => {
    const world = createWorld();
    const { fiche: { id } } = await world.creer(calme);
    await world.createFicheMessage({ acteur: patiente, id, content: 'Je convulse depuis ce matin' });
    await world.updateFiche({ acteur: patiente, id, saisie: { pouls: 80 }, complet: false, textes: {} });
    expect(await world.relire(id)).toMatchObject({ urgence: 'rouge', urgence_regles: 'rouge', signes_alerte: expect.arrayContaining([expect.objectContaining({ code: 'convulsions', champs: ['messages'] })]) });
    await world.validateFiche({ acteur: medecin, id, textes: {}, analyses: [] });
    expect((await world.relire(id)).signes_non_acquittes).toContain('convulsions');
    expect((await world.getFicheClinique({ acteur: service('ia'), id })).fiche.signes_alerte).toContainEqual(expect.objectContaining({ code: 'convulsions' }));
  });
});
