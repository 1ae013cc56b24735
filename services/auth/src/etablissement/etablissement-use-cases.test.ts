import { describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { serviceActeur } from '../account/fixtures.memory.ts';
import { createCreateEtablissement, createDeleteEtablissement, createUpdateEtablissement } from './change-etablissement.ts';
import type { EtablissementForm } from './etablissement-form.ts';
import { createMemoryEtablissements } from './etablissement-store.memory.ts';
import type { Etablissement } from './etablissement.ts';
import { createGetEtablissement, createListEtablissements } from './get-etablissement.ts';

const patient: Acteur = { id: 10, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: '' };
const medecin: Acteur = { ...patient, id: 11, role: 'medecin' };
const admin: Acteur = { ...patient, id: 12, estAdmin: true };
const superuser: Acteur = { ...admin, id: 13, estSuperuser: true };
const page = { page: 1, pageSize: 20 };

async function setUp() {
  const used = new Set([1]);
  const etablissements = createMemoryEtablissements((id) => used.has(id));
  await etablissements.ensure({ id: 1, nom: 'Établissement par défaut', telephoneUrgence: '112', fuseau: 'Africa/Lubumbashi', consentementIa: 'presume', demo: true });
  const create = createCreateEtablissement({ etablissements, isDemo: true, consentementIa: 'explicite' });
  return {
    etablissements,
    used,
    create: async (acteur: Acteur, form: EtablissementForm): Promise<Etablissement> => {
      const outcome = await create(acteur, form);
      if ('replayed' in outcome) throw new Error('No key was given.');
      return outcome.done;
    },
    createOnce: create,
    update: createUpdateEtablissement({ etablissements }),
    remove: createDeleteEtablissement({ etablissements, clock: () => new Date(0) }),
    get: createGetEtablissement({ etablissements }),
    list: createListEtablissements({ etablissements }),
  };
}

async function errorOf(call: Promise<unknown>): Promise<AppError> {
  const error = await call.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

test('a superuser makes one, with what the suite takes where nothing is said; it is announced and audited', async () => {
  const { etablissements, create } = await setUp();
  const made = await create(superuser, { nom: ' Clinique Élan ' });
  expect(made).toEqual({ id: 2, nom: 'Clinique Élan', telephoneUrgence: null, fuseau: 'Africa/Lubumbashi', consentementIa: 'explicite', textes: {}, demo: true, version: 1 });
  expect(etablissements.announced.at(-1)).toEqual(made);
  expect(etablissements.actes).toEqual([{ acteurId: 13, acteurRole: 'admin', action: 'etablissement.creation', objetType: 'etablissement', objetId: '2', etablissementId: 2, issue: 'ok' }]);
});

test('under one idempotency key one is made', async () => {
  const { createOnce, list } = await setUp();
  const key = { acteurId: 13, route: 'CreateEtablissement', cle: 'k', corps: Buffer.from('a'), ecrire: ({ id }: Etablissement) => Buffer.from(String(id)) };
  await createOnce(superuser, { nom: 'Un' }, key);
  expect(await createOnce(superuser, { nom: 'Un' }, key)).toEqual({ replayed: Buffer.from('2') });
  expect((await list(superuser, page)).count).toBe(2);
});

test('everyone else makes, changes and deletes none; an admin changes the own', async () => {
  const { create, update, remove, list, get } = await setUp();
  await create(superuser, { nom: 'Autre' });
  for (const acteur of [patient, medecin, { ...medecin, approuve: false }, serviceActeur]) {
    for (const call of [create(acteur, {}), update(acteur, 1, { nom: '' }), update(acteur, 99, {}), remove(acteur, 2), list(acteur, page)]) expect(await errorOf(call)).toMatchObject({ kind: 'forbidden', code: 'acces.refuse' });
  }
  for (const call of [create(admin, { nom: 'x' }), remove(admin, 1), remove(admin, 99)]) expect(await errorOf(call)).toMatchObject({ kind: 'forbidden' });
  for (const call of [update(admin, 2, { nom: 'x' }), get(admin, 2), update(admin, 99, {}), update(superuser, 99, {}), get(superuser, 99), remove(superuser, 99)]) {
    expect(await errorOf(call)).toMatchObject({ kind: 'not_found', code: 'etablissement.introuvable' });
  }
  expect(await update(admin, 1, { nom: 'Chez nous' })).toMatchObject({ nom: 'Chez nous', version: 2 });
  expect((await list(admin, page)).etablissements.map(({ id }) => id)).toEqual([1]);
  expect((await list(superuser, page)).etablissements.map(({ id }) => id)).toEqual([1, 2]);
});

test('its settings are read by services, its admins and superusers', async () => {
  const { get } = await setUp();
  for (const acteur of [serviceActeur, admin, superuser]) expect(await get(acteur, 1)).toMatchObject({ id: 1 });
  for (const acteur of [patient, medecin]) expect(await errorOf(get(acteur, 1))).toMatchObject({ kind: 'forbidden' });
});

describe('a change', () => {
  test('leaves what is not said, removes what is said to be empty, replaces texts as a whole', async () => {
    const { etablissements, update } = await setUp();
    await update(superuser, 1, { textes: { textes: { accueil: 'Bienvenue', rappel: 'x' } } });
    const changed = await update(superuser, 1, { telephoneUrgence: '', textes: { textes: { accueil: 'Karibu' } }, fuseau: 'Europe/Brussels', consentementIa: 'explicite' });
    expect(changed).toEqual({ id: 1, nom: 'Établissement par défaut', telephoneUrgence: null, fuseau: 'Europe/Brussels', consentementIa: 'explicite', textes: { accueil: 'Karibu' }, demo: true, version: 3 });
    expect(etablissements.actes.map(({ action }) => action)).toEqual(['etablissement.modification', 'etablissement.modification']);
  });

  test('that is none is no new version', async () => {
    const { etablissements, update } = await setUp();
    expect(await update(admin, 1, { nom: 'Établissement par défaut', telephoneUrgence: '112' })).toMatchObject({ version: 1 });
    expect(etablissements.actes).toEqual([]);
  });

  test.each([['112', '112'], ['0812 345 678', '+243812345678'], ['+243 812 345 678', '+243812345678']])('keeps the number %s as %s', async (typed, kept) => {
    const { update } = await setUp();
    expect((await update(admin, 1, { telephoneUrgence: typed })).telephoneUrgence).toBe(kept);
  });

  test.each<[string, EtablissementForm]>([
    ['nom', { nom: ' ' }], ['nom', { nom: 'a'.repeat(201) }], ['nom', { nom: 'a\0' }], ['nom', { nom: '\ud800' }],
    ['telephone_urgence', { telephoneUrgence: '1' }], ['telephone_urgence', { telephoneUrgence: "112'; --" }], ['telephone_urgence', { telephoneUrgence: '1\0' }],
    ['fuseau', { fuseau: '' }], ['fuseau', { fuseau: 'Lubumbashi' }], ['fuseau', { fuseau: '+02:00' }], ['fuseau', { fuseau: 'Africa/Lubumbashi\0' }], ['fuseau', { fuseau: 'A'.repeat(100) }],
    ['consentement_ia', { consentementIa: '' }], ['consentement_ia', { consentementIa: 'PRESUME' }],
    ['textes', { textes: { textes: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`t${index}`, ''])) } }], ['textes', { textes: { textes: { ['a'.repeat(41)]: '' } } }],
    ['textes', { textes: { textes: { '': 'x' } } }], ['textes', { textes: { textes: { a: 'x'.repeat(2001) } } }], ['textes', { textes: { textes: { a: '\0' } } }],
    ['textes', { textes: { textes: JSON.parse('{"__proto__":"x"}') as Record<string, string> } }],
  ])('with a faulty %s is refused by name: %j', async (field, form) => {
    const { etablissements, update } = await setUp();
    const error = await errorOf(update(admin, 1, form));
    expect(error).toMatchObject({ kind: 'invalid', code: 'etablissement.invalide' });
    expect(Object.keys(error.fields ?? {})).toEqual([field]);
    expect(etablissements.announced).toHaveLength(1);
  });
});

test('one is deleted when nobody belongs to it, the default one never', async () => {
  const { etablissements, used, create, remove, get } = await setUp();
  const { id } = await create(superuser, { nom: 'Passager' });
  used.add(id);
  expect(await errorOf(remove(superuser, id))).toMatchObject({ kind: 'conflict', code: 'etablissement.utilise' });
  used.delete(id);
  await remove(superuser, id);
  expect(await errorOf(get(superuser, id))).toMatchObject({ kind: 'not_found' });
  expect(etablissements.actes.at(-1)).toMatchObject({ action: 'etablissement.suppression', objetId: String(id) });
  used.delete(1);
  expect(await errorOf(remove(superuser, 1))).toMatchObject({ kind: 'conflict', code: 'etablissement.utilise' });
});
