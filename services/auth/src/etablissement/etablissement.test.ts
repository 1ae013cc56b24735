import { expect, test } from '@jest/globals';
import { createEnsureEtablissement } from './ensure-etablissement.ts';
import { createMemoryEtablissements } from './etablissement-store.memory.ts';

const demo = { isDemo: true, telephoneUrgence: null, consentementIa: 'presume' as const };

test('the first start makes the default établissement, later ones leave it as it is', async () => {
  const etablissements = createMemoryEtablissements();
  const ensure = createEnsureEtablissement({ etablissements, ...demo, telephoneUrgence: '112' });
  expect(await ensure()).toEqual({ id: 1, nom: 'Établissement par défaut', telephoneUrgence: '112', fuseau: 'Africa/Lubumbashi', consentementIa: 'presume', textes: {}, demo: true, version: 1 });
  await createEnsureEtablissement({ etablissements, ...demo, telephoneUrgence: '113' })();
  expect((await etablissements.find(1))?.telephoneUrgence).toBe('112');
  expect(etablissements.announced).toHaveLength(1);
});

test('an emergency number that was missing is filled, as a new version', async () => {
  const etablissements = createMemoryEtablissements();
  await createEnsureEtablissement({ etablissements, ...demo })();
  expect(await createEnsureEtablissement({ etablissements, ...demo, telephoneUrgence: '112' })()).toMatchObject({ telephoneUrgence: '112', version: 2 });
});

test('production is refused on a demonstration database, and demonstrations on a real one', async () => {
  const etablissements = createMemoryEtablissements();
  await createEnsureEtablissement({ etablissements, ...demo })();
  await expect(createEnsureEtablissement({ etablissements, ...demo, isDemo: false })()).rejects.toThrow('production');
  const real = createMemoryEtablissements();
  await createEnsureEtablissement({ etablissements: real, ...demo, isDemo: false })();
  await expect(createEnsureEtablissement({ etablissements: real, ...demo })()).rejects.toThrow('demo');
});

