import { describe, expect, it } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import { createWorld, medecin, patiente, service } from '../fiche/fixtures.memory.ts';
import type { Consentement } from '../fiche/ports.ts';
import { createGetFicheClinique } from './get-fiche-clinique.ts';

it('the rules run again before the models are asked: what became stricter raises, nothing lowers', async () => {
  const world = createWorld();
  const { fiche } = await world.creer();
  const stockee = await world.relire(fiche.id);
  const signe = { code: 'nouvelle', libelle: 'Règle plus stricte', niveau: 'rouge' as const, source: 'essai', champs: ['pouls'], valeur: null };
  const asked = (urgence: 'rouge' | 'vert') =>
    createGetFicheClinique({
      openFiche: async () => ({ fiche: stockee, acte: { acteur: service('ia'), action: 'fiche.lire_clinique' } }),
      noterLecture: async () => undefined,
      annuaire: world.annuaire,
      regles: { trier: () => ({ urgence, signes_alerte: urgence === 'rouge' ? [signe] : [], signes_vitaux_manquants: [], valeurs_a_verifier: [], news2: null, triage_version: '9' }) },
      clock: () => new Date('2026-11-24T10:00:00Z'),
    })({ acteur: service('ia'), id: fiche.id });
  expect((await asked('rouge')).fiche).toMatchObject({ urgence_regles: 'rouge', signes_alerte: [{ code: 'nouvelle' }] });
  expect((await asked('vert')).fiche.urgence_regles).toBe(stockee.urgence_regles);
});

describe('whether a model may be asked', () => {
  const cas: [string, Consentement | 'sans patient', boolean][] = [
    ['presume', 'absent', true],
    ['presume', 'accorde', true],
    ['presume', 'retire', false],
    ['presume', 'sans patient', true],
    ['explicite', 'absent', false],
    ['explicite', 'accorde', true],
    ['explicite', 'retire', false],
    ['explicite', 'sans patient', false],
    ['what is no setting', 'absent', false],
  ];
  it.each(cas)('consent %s, of its patient %s: %s', async (reglage, etat, permise) => {
    const world = createWorld();
    world.reglages.consentementIa = reglage;
    const { fiche } = await world.creer({}, { acteur: etat === 'sans patient' ? medecin : patiente });
    if (etat !== 'sans patient') world.consentements.set(patiente.id, etat);
    const { iaPermise, lignes } = await world.getFicheClinique({ acteur: service('ia'), id: fiche.id });
    expect({ iaPermise, lignes: lignes.length > 0 }).toEqual({ iaPermise: permise, lignes: permise });
    expect(world.fiches.actes.filter(({ action }) => action === 'fiche.lire_clinique')).toHaveLength(permise ? 1 : 0);
  });

  it('is asked each time: a withdrawal counts at once', async () => {
    const world = createWorld();
    const { fiche } = await world.creer();
    const permise = async () => (await world.getFicheClinique({ acteur: service('ia'), id: fiche.id })).iaPermise;
    expect(await permise()).toBe(true);
    world.consentements.set(patiente.id, 'retire');
    expect(await permise()).toBe(false);
  });

  it('is unknown while auth is away, and nothing is given', async () => {
    const sain = createWorld();
    const world = createWorld({ annuaire: { ...sain.annuaire, consentement: async () => { throw new AppError('unavailable'); } } });
    const { fiche } = await world.creer();
    await expect(world.getFicheClinique({ acteur: service('ia'), id: fiche.id })).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

it('a fiche without consent is usable: the médecin reads why, decides, and may relaunch once it is given', async () => {
  const world = createWorld();
  const { fiche: { id } } = await world.creer();
  const finSansConsentement = async () => {
    const { version, analyse_task_id } = await world.relire(id);
    await world.takeAnalyse({ eventId: crypto.randomUUID(), analyseId: 1, ficheId: id, ficheVersion: version, taskId: analyse_task_id ?? '', echec: 'ia.consentement_absent' });
  };
  await finSansConsentement();
  expect((await world.getFiche({ acteur: medecin, id })).fiche).toMatchObject({ status: 'analyse_terminee', diagnostic_ia: null, analyse_echec_code: 'ia.consentement_absent' });
  expect((await world.getFiche({ acteur: patiente, id })).fiche).toMatchObject({ status: 'analyse_terminee', analyse_echec_code: null });
  await world.relancerFiche({ acteur: medecin, id });
  expect(await world.relire(id)).toMatchObject({ status: 'en_analyse', analyse_echec_code: null });
  await finSansConsentement();
  await world.validateFiche({ acteur: medecin, id, textes: { diagnostic: 'Paludisme' }, analyses: [] });
  expect((await world.getFiche({ acteur: patiente, id })).fiche).toMatchObject({ status: 'valide_medecin', diagnostic: 'Paludisme', diagnostic_ia: null });
});
