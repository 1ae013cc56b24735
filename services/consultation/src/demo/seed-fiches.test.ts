import { expect, it } from '@jest/globals';
import { fixedClock } from '@mediai/testing';
import { createMemoryFiches } from '../fiche/fiche-store.memory.ts';
import { createNumerosDossier } from '../fiche/numero-dossier.ts';
import { regles } from '../fiche/regles.ts';
import { createSeedFiches } from './seed-fiches.ts';

function createSeed() {
  const clock = fixedClock('2026-11-24T08:15:30+02:00').now;
  const fiches = createMemoryFiches({ clock });
  const seed = createSeedFiches({ fiches, numeros: createNumerosDossier({ prendreBloc: fiches.prendreBloc }), regles, clock });
  const toutes = async () => (await fiches.list({ mots: [], ordre: 'created_at', page: 1, pageSize: 100 })).fiches;
  return { fiches, seed, toutes };
}

it('writes a dozen fiches once, in different states and urgencies', async () => {
  const { seed, toutes } = createSeed();
  expect(await seed()).toBe(12);
  expect(await seed()).toBe(0);
  const fiches = await toutes();
  expect(fiches).toHaveLength(12);
  expect(new Set(fiches.map(({ numero_dossier }) => numero_dossier)).size).toBe(12);
  expect(new Set(fiches.map(({ status }) => status))).toEqual(new Set(['valide_medecin', 'rejete_medecin', 'analyse_terminee']));
  const urgence = (motif: string) => fiches.find(({ motif_consultation }) => motif_consultation?.startsWith(motif))?.urgence;
  expect([urgence('Convulsions'), urgence('Enceinte'), urgence('Douleur à la poitrine')]).toEqual(['rouge', 'rouge', 'rouge']);
  expect(urgence('Mal au bas du dos')).not.toBe('rouge');
});

it('asks no model and marks what looks like one as SIMULATION', async () => {
  const { seed, toutes, fiches } = createSeed();
  await seed();
  expect(new Set(fiches.evenements.map(({ evenement }) => evenement.type))).toEqual(new Set(['FicheEdited']));
  for (const { diagnostic_ia, analyse_en_cours } of await toutes()) {
    expect(analyse_en_cours).toBe(false);
    expect(diagnostic_ia === null || diagnostic_ia.startsWith('SIMULATION')).toBe(true);
  }
});
