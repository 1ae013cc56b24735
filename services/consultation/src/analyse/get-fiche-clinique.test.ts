import { expect, it } from '@jest/globals';
import { createWorld, service } from '../fiche/fixtures.memory.ts';
import { createGetFicheClinique } from './get-fiche-clinique.ts';

it('the rules run again before the models are asked: what became stricter raises, nothing lowers', async () => {
  const world = createWorld();
  const { fiche } = await world.creer();
  const stockee = await world.relire(fiche.id);
  const signe = { code: 'nouvelle', libelle: 'Règle plus stricte', niveau: 'rouge' as const, source: 'essai', champs: ['pouls'], valeur: null };
  const asked = (urgence: 'rouge' | 'vert') =>
    createGetFicheClinique({
      fiches: world.fiches,
      annuaire: { consentementIa: async () => 'presume' },
      regles: { trier: () => ({ urgence, signes_alerte: urgence === 'rouge' ? [signe] : [], signes_vitaux_manquants: [], valeurs_a_verifier: [], news2: null, triage_version: '9' }) },
      clock: () => new Date('2026-11-24T10:00:00Z'),
    })({ acteur: service('ia'), id: fiche.id });
  expect((await asked('rouge')).fiche).toMatchObject({ urgence_regles: 'rouge', signes_alerte: [{ code: 'nouvelle' }] });
  expect((await asked('vert')).fiche.urgence_regles).toBe(stockee.urgence_regles);
});
