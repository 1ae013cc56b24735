import { beforeEach, describe, expect, it } from '@jest/globals';
import { CHAMP_PAR_NOM, CHAMPS, lireFiche, type FicheValeurs } from '@mediai/fiche';
import { saisieMinimale, toutesLesSaisies } from '@mediai/fiche/saisies';
import { AppError } from '@mediai/kit/errors';
import { valeursNouvelles } from './build-fiche.ts';
import type { Reponse } from './change-fiche.ts';
import { createWorld, medecin, patiente, saisie } from './fixtures.memory.ts';
import { regles } from './regles.ts';

const AUJOURDHUI = '2026-11-24';
const maintenant = new Date('2026-11-24T06:15:30Z');
let world: ReturnType<typeof createWorld>;
beforeEach(() => {
  world = createWorld();
});

const vueDe = (reponse: Reponse) => {
  if (!('vue' in reponse)) throw new Error('replayed');
  return reponse.vue.fiche;
};
const modifier = async (id: number, saisie: Partial<FicheValeurs>, complet = false) => vueDe(await world.updateFiche({ acteur: patiente, id, saisie, complet, textes: {} }));
const refuse = (fields: Record<string, unknown>) => expect.objectContaining({ kind: 'invalid', code: 'fiche.invalide', fields });

describe('the age', () => {
  it.each([
    ['is counted to the day of the consultation', { date_naissance: '1992-11-24' }, 34],
    ['is not that of tomorrow', { date_naissance: '1992-11-25' }, 33],
    ['of a child born today is 0', { date_naissance: AUJOURDHUI }, 0],
    ['that was given a year too high is stored as counted', { date_naissance: '1992-11-25', age: 34 }, 33],
    ['that was given a year too low is stored as counted', { date_naissance: '1992-11-24', age: 33 }, 34],
  ])('%s', async (_, saisie, age) => {
    expect((await world.creer(saisie)).fiche.age).toBe(age);
  });

  it.each([['too high', 36], ['too low', 32], ['of a newborn', 0]])('that contradicts the birth date is refused: %s', async (_, age) => {
    await expect(world.creer({ date_naissance: '1992-09-20', age })).rejects.toEqual(refuse({ age: ['« Âge » ne correspond pas à la date de naissance : 34 ans le jour de la consultation.'] }));
  });

  it('follows a birth date that is mended alone, and is of the day of the consultation for ever', async () => {
    const { fiche: { id } } = await world.creer({ date_naissance: '1992-11-24' });
    world.clock.advance(400 * 86_400_000);
    expect((await modifier(id, { date_naissance: '1982-11-24' })).age).toBe(44);
    expect((await modifier(id, { date_naissance: '1982-11-24', age: 45 })).age).toBe(44);
    expect((await modifier(id, { age: 43 })).age).toBe(44);
    await expect(modifier(id, { age: 46 })).rejects.toEqual(refuse({ age: [expect.stringContaining('44 ans')] }));
    await expect(modifier(id, { date_naissance: '2027-01-01' })).rejects.toEqual(refuse({ date_naissance: ['« Date de naissance » ne peut suivre le jour de la consultation.'] }));
  });

  it('of a fiche that was taken over stays while neither it nor the birth date is changed', async () => {
    const { fiche: { id } } = await world.creer({ date_naissance: '1992-11-24' });
    await world.reprendre(id, { age: 60 });
    expect((await modifier(id, { pouls: 80 })).age).toBe(60);
    expect((await modifier(id, { date_naissance: '1992-11-24', age: 60 })).age).toBe(60);
    await expect(modifier(id, { age: 61 })).rejects.toEqual(refuse({ age: [expect.any(String)] }));
  });
});

describe('the birth date', () => {
  it.each([
    ['2026-11-25', '« Date de naissance » ne peut être dans le futur.'],
    ['1899-12-31', '« Date de naissance » : une date à partir du 01/01/1900 est attendue.'],
  ])('%s is refused', async (date_naissance, message) => {
    await expect(world.creer({ date_naissance })).rejects.toEqual(refuse({ date_naissance: [message] }));
  });

  it('is judged by the day of the établissement, not of Greenwich', () => {
    const soir = new Date('2026-11-24T22:30:00Z');
    const ne = { ...saisieMinimale, date_naissance: '2026-11-25' } as Partial<FicheValeurs>;
    expect(valeursNouvelles(ne, '2026-11-25', soir, regles).valeurs.age).toBe(0);
    expect(() => valeursNouvelles(ne, '2026-11-24', soir, regles)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });
});

describe('phones', () => {
  it.each([
    ['0970 000 101', '+243970000101'], ['+243970000101', '+243970000101'], ['00243 970 000 101', '+243970000101'], ['(097) 000-0101', '+243970000101'], ['+32 470 12 34 56', '+32470123456'], ['９７００００１０１', '+243970000101'],
  ])('%s is kept as typed, beside its E.164 form', async (telephone, e164) => {
    const { fiche } = await world.creer({ telephone, contact_telephone: telephone });
    expect(fiche).toMatchObject({ telephone, telephone_e164: e164, contact_telephone: telephone, contact_telephone_e164: e164 });
  });

  it.each(['chez la voisine', '12', '0000000000', '+243', '+999 123 456 789', '970000101 ou 0812345678'])('%s is refused by name, with an example', async (numero) => {
    await expect(world.creer({ telephone: numero, contact_telephone: numero })).rejects.toEqual(refuse({
      telephone: ['« Téléphone » : un numéro de téléphone valide est attendu (exemple : 0970 123 456 ou +243 970 123 456).'],
      contact_telephone: ['« Téléphone de la personne de contact » : un numéro de téléphone valide est attendu (exemple : 0970 123 456 ou +243 970 123 456).'],
    }));
  });

  it('of a fiche that was taken over hinder no edit, until another is typed', async () => {
    const { fiche: { id } } = await world.creer();
    await world.reprendre(id, { telephone: 'chez la voisine', telephone_e164: null });
    expect(await modifier(id, { pouls: 80 })).toMatchObject({ telephone: 'chez la voisine', telephone_e164: null });
    expect(await modifier(id, { telephone: 'chez la voisine', pouls: 82 })).toMatchObject({ pouls: 82, telephone_e164: null });
    await expect(modifier(id, { telephone: 'chez le voisin' })).rejects.toEqual(refuse({ telephone: [expect.any(String)] }));
    expect(await modifier(id, { telephone: '0812 345 678' })).toMatchObject({ telephone: '0812 345 678', telephone_e164: '+243812345678' });
  });
});

describe('refusals', () => {
  it('come in the order of the paper fiche, and the first of them is the detail', async () => {
    const faux = { ...saisie({ pouls: 4_000, telephone: 'aucun' }), postnom: null, etat: null };
    const erreur = await world.createFiche({ acteur: patiente, saisie: faux }).catch((error: unknown) => error as AppError);
    expect(erreur).toBeInstanceOf(AppError);
    expect(erreur).toMatchObject({ code: 'fiche.invalide', detail: '« Post-nom » : une valeur est attendue.' });
    expect(Object.keys((erreur as AppError).fields ?? {})).toEqual(['postnom', 'telephone', 'pouls', 'etat']);
  });

  it('a text of a médecin that holds nothing is emptied', async () => {
    const { fiche: { id } } = await world.creer();
    await world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: 'Paludisme', traitement: 'Repos' } });
    expect(vueDe(await world.editDiagnostic({ acteur: medecin, id, textes: { diagnostic: ' \n', traitement: '' } }))).toMatchObject({ diagnostic: null, traitement: null });
  });
});

/** What another rule of the service refuses, though it can be read: a measure that cannot be, a phone that nobody has. */
const jugesAilleurs = new Set(['temperature', 'spo2', 'poids', 'tension_arterielle', 'pouls', 'frequence_respiratoire', 'telephone', 'contact_telephone', 'age', 'date_naissance']);

describe.each(toutesLesSaisies())('%s at the service', (nom, champ, saisies) => {
  it.each(saisies.map((saisie) => [saisie.quoi, saisie] as const))('%s is stored as documented, or refused by name', (_, saisie) => {
    const corps = { ...saisieMinimale, [nom]: saisie.valeur } as Partial<FicheValeurs>;
    let valeurs: Record<string, unknown>;
    try {
      valeurs = valeursNouvelles(corps, AUJOURDHUI, maintenant, regles).valeurs;
    } catch (error) {
      expect(error).toMatchObject({ kind: 'invalid', code: 'fiche.invalide', detail: expect.stringContaining(`« ${champ.libelle} »`) });
      expect((error as AppError).fields).toEqual({ [nom]: [expect.stringContaining(`« ${champ.libelle} »`)] });
      expect(!('lu' in saisie) || jugesAilleurs.has(nom)).toBe(true);
      return;
    }
    expect(saisie).toHaveProperty('lu');
    const { valeurs: attendues } = lireFiche(corps as Record<string, unknown>, { complet: true, defauts: true });
    // 0 is a measure that was not made; the age is counted.
    const lu = nom === 'age' ? 34 : ['spo2', 'pouls', 'frequence_respiratoire'].includes(nom) && saisie.lu === 0 ? null : saisie.lu;
    expect(valeurs).toEqual({ ...attendues, age: valeurs['age'], [nom]: lu });
  });
});

it('every measure is judged by the table of plausibility alone', () => {
  const hors = lireFiche({ ...saisieMinimale, temperature: 386, spo2: 500, pouls: 9_999, poids: 3_250, frequence_respiratoire: 999 }, { complet: true, defauts: true });
  expect(hors.erreurs).toEqual({});
  expect(() => valeursNouvelles(hors.valeurs, AUJOURDHUI, maintenant, regles)).toThrow(expect.objectContaining({
    fields: Object.fromEntries(['temperature', 'spo2', 'poids', 'pouls', 'frequence_respiratoire'].map((nom) => [nom, [expect.stringContaining(`« ${CHAMP_PAR_NOM.get(nom)?.libelle} »`)]])),
  }));
  expect(CHAMPS).toHaveLength(100);
});
