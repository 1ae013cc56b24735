import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { createWorld, medecin, patiente } from '../fiche/fixtures.memory.ts';
import { lireLabResult, textesDe, type LabResult, type SaisieLabResult } from './lab-result.ts';

const saisie: SaisieLabResult = { type_analyse: 'Goutte épaisse', valeur: '+++', unite: '', date_prelevement: '2026-11-23', laboratoire: 'INRB Lubumbashi' };
const fiche = { date_naissance: '1991-03-17' };
const neuf = { complet: true, jour: '2026-11-24' };

describe('a result of a laboratory', () => {
  it('is read whole when new, and as far as it was sent when changed', () => {
    expect(lireLabResult(saisie, fiche, neuf)).toEqual({ type_analyse: 'Goutte épaisse', valeur: '+++', unite: null, valeurs_normales: null, date_prelevement: '2026-11-23', laboratoire: 'INRB Lubumbashi', commentaire: null });
    expect(lireLabResult({ valeur: '++', commentaire: null }, fiche, { ...neuf, complet: false })).toEqual({ valeur: '++', commentaire: null });
    for (const date_prelevement of ['2026-11-24', '1991-03-17']) expect(lireLabResult({ ...saisie, date_prelevement }, fiche, neuf)).toMatchObject({ date_prelevement });
  });

  it.each([
    [{}, ['date_prelevement', 'type_analyse', 'valeur']], [{ ...saisie, valeur: ' ' }, ['valeur']], [{ ...saisie, date_prelevement: '2026-11-25' }, ['date_prelevement']], [{ ...saisie, date_prelevement: '1991-03-16' }, ['date_prelevement']],
    [{ ...saisie, date_prelevement: '2026-02-30' }, ['date_prelevement']], [{ ...saisie, date_prelevement: '23/11/2026 à 8 h' }, ['date_prelevement']], [{ ...saisie, type_analyse: 'x'.repeat(101), valeur: 'x'.repeat(51), unite: 'x'.repeat(21) }, ['type_analyse', 'unite', 'valeur']],
    [{ ...saisie, valeurs_normales: 'x'.repeat(101), laboratoire: 'x'.repeat(256), commentaire: 'x'.repeat(5001) }, ['commentaire', 'laboratoire', 'valeurs_normales']],
  ] as [SaisieLabResult, string[]][])('%j is refused by %j', (faux, champs) => {
    try {
      lireLabResult(faux, fiche, neuf);
      throw new Error('not refused');
    } catch (error) {
      expect(Object.keys((error as { fields: object }).fields).sort()).toEqual(champs);
    }
  });

  it('is read by triage but for what is held to be normal', () => {
    expect(textesDe({ type_analyse: 'Hémoglobine', valeur: '4,1', unite: 'g/dL', commentaire: 'Très pâle' })).toEqual(['Hémoglobine : 4,1 g/dL', 'Très pâle']);
    expect(textesDe({ type_analyse: 'TDR', valeur: 'positif', unite: null, commentaire: null })).toEqual(['TDR : positif']);
  });
});

describe('results of a fiche', () => {
  let world: ReturnType<typeof createWorld>;
  let id: number;
  beforeEach(async () => {
    world = createWorld();
    id = (await world.creer({ motif_consultation: 'Visite de contrôle, mal au dos depuis une semaine.', histoire_maladie: '', temperature: 36.8, febrile: 'Non', cephalees: false, pouls: 76, spo2: 98, frequence_respiratoire: 16, tension_arterielle: '12/8' })).fiche.id;
  });
  async function ajouter(acteur: Acteur, plus: SaisieLabResult = {}): Promise<LabResult> {
    const reponse = await world.createLabResult({ acteur, id, saisie: { ...saisie, ...plus } });
    if (!('vue' in reponse)) throw new Error('replayed');
    return reponse.vue;
  }

  it('raise its urgency at once when they are added or changed, and lower nothing', async () => {
    const { id: resultat } = await ajouter(medecin);
    expect(await world.relire(id)).toMatchObject({ version: 1 });
    await world.updateLabResult({ acteur: medecin, id: resultat, saisie: { commentaire: 'Patiente confuse et somnolente au prélèvement.' }, complet: false });
    expect(await world.relire(id)).toMatchObject({ version: 2, urgence: 'rouge', signes_alerte: expect.arrayContaining([expect.objectContaining({ code: 'conscience_alteree', champs: ['lab_results'] })]) });
    await world.updateLabResult({ acteur: medecin, id: resultat, saisie: { commentaire: '' }, complet: false });
    await world.deleteLabResult({ acteur: medecin, id: resultat });
    expect(await world.relire(id)).toMatchObject({ version: 2, urgence: 'rouge' });
    expect((await world.listLabResults({ acteur: patiente, ficheId: id, page: 1, pageSize: 20 })).count).toBe(0);
  });

  it('are not of tomorrow in the établissement, and a PUT names what it needs', async () => {
    world.clock.set('2026-11-24T23:30:00+02:00');
    await expect(ajouter(patiente, { date_prelevement: '2026-11-25' })).rejects.toMatchObject({ fields: { date_prelevement: [expect.stringContaining('futur')] } });
    world.clock.set('2026-11-25T00:10:00+02:00');
    const resultat = await ajouter(patiente, { date_prelevement: '2026-11-25' });
    await expect(world.updateLabResult({ acteur: patiente, id: resultat.id, saisie: { valeur: '1' }, complet: true })).rejects.toMatchObject({ fields: { type_analyse: [expect.any(String)], date_prelevement: [expect.any(String)] } });
  });

  it('are changed by who added them, or a médecin', async () => {
    const { id: resultat } = await ajouter(medecin);
    await expect(world.updateLabResult({ acteur: patiente, id: resultat, saisie: { valeur: '0' }, complet: false })).rejects.toMatchObject({ code: 'piece.pas_la_votre' });
    await expect(world.deleteLabResult({ acteur: patiente, id: resultat })).rejects.toMatchObject({ code: 'piece.pas_la_votre' });
    await expect(world.getLabResult({ acteur: patiente, id: 9999 })).rejects.toMatchObject({ code: 'resultat.introuvable' });
    expect(await world.getLabResult({ acteur: patiente, id: resultat })).toMatchObject({ valeur: '+++' });
  });
});
