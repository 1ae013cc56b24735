import { describe, expect, it } from '@jest/globals';
import { CHAMPS } from './champs.ts';
import { ageEnAnnees, estDate, lireFiche, verifierFiche } from './lire-fiche.ts';

/** The least that creates a fiche. */
const minimum = {
  nom: 'Kabongo', postnom: 'Mwamba', prenom: 'Grâce', date_naissance: '1992-09-20', telephone: '+243970000101', occupation: 'Vendeuse', avenue: 'Likasi 24', quartier: 'Makutano', commune: 'Lubumbashi',
  contact_nom: 'Ilunga', contact_telephone: '+243970000102', contact_adresse: 'Likasi 24', etat: 'Conservé', capacite_physique: 'Top', capacite_psychologique: 'Top', febrile: 'Non', tegument: 'Normal',
};
const creer = (plus: Record<string, unknown> = {}) => lireFiche({ ...minimum, ...plus }, { complet: true, defauts: true });
const modifier = (corps: Record<string, unknown>) => lireFiche(corps, { complet: false, defauts: false });

describe('reading a new fiche', () => {
  it('completes what was not sent by the defaults of the table', () => {
    const { valeurs, erreurs } = creer();
    expect(erreurs).toEqual({});
    expect(Object.keys(valeurs)).toHaveLength(CHAMPS.length);
    expect(valeurs).toMatchObject({ etat_civil: 'Célibataire', patient: true, proche: false, tabac: 'non', activite_physique: 'rarement', evenement_traumatique: 'non', cephalees: false, temperature: null, age: null });
  });

  it('names each required field that lacks', () => {
    const { erreurs } = lireFiche({}, { complet: true, defauts: true });
    expect(Object.keys(erreurs).sort()).toEqual(CHAMPS.filter((champ) => 'requis' in champ).map(({ nom }) => nom as string).sort());
    expect(erreurs['nom']).toEqual(['« Nom » est obligatoire.']);
  });

  it('refuses a required field that is empty or null', () => {
    expect(creer({ nom: '  ', prenom: null }).erreurs).toEqual({ nom: ['« Nom » ne peut être vide.'], prenom: ['« Prénom » : une valeur est attendue.'] });
  });
});

describe('what existing clients send', () => {
  it.each([
    ['a comma decimal', { temperature: '38,5' }, { temperature: 38.5 }],
    ['a number as a computer counts it', { temperature: 38.333333333333336, poids: '62,50000000000001' }, { temperature: 38.333333333333336, poids: 62.50000000000001 }],
    ['a float where whole numbers are kept', { spo2: 97.5, pouls: '88.4' }, { spo2: 98, pouls: 88 }],
    ['an empty optional text or choice', { motif_consultation: '', sexe: '', tension_arterielle: ' ' }, { motif_consultation: null, sexe: null, tension_arterielle: null }],
    ['an empty choice that has a default', { tabac: '', etat_civil: null }, { tabac: 'non', etat_civil: 'Célibataire' }],
    ['ticks as words and numbers', { proche: 'true', soignant: 1, medecin: 'non', autre: 0 }, { proche: true, soignant: true, medecin: false, autre: false }],
    ['the older spelling of a choice', { etat_civil: 'Veuf/Veuve' }, { etat_civil: 'Veuf(ve)' }],
    ['the fifth choice', { etat_civil: 'Union libre' }, { etat_civil: 'Union libre' }],
    ['a hypothesis under its older name', { hypothese_patient: 'Malaria' }, { hypothese_patient_medecin: 'Malaria' }],
    ['a hypothesis under its older name beside an empty one', { hypothese_patient: 'Malaria', hypothese_patient_medecin: ' ' }, { hypothese_patient_medecin: 'Malaria' }],
    ['a hypothesis under both names', { hypothese_patient: 'Malaria', hypothese_patient_medecin: 'Grippe' }, { hypothese_patient_medecin: 'Grippe' }],
    ['important observations', { observations_importantes: 'Boit bien' }, { observations_importantes: 'Boit bien' }],
  ])('%s is read', (_, corps, attendu) => {
    const { valeurs, erreurs } = creer(corps);
    expect(erreurs).toEqual({});
    expect(valeurs).toMatchObject(attendu);
  });

  it('unknown fields and the status are ignored', () => {
    expect(creer({ statut: 'valide_medecin', status: 'valide_medecin', n_importe: 1 }).valeurs).not.toHaveProperty('status');
  });

  it.each([
    ['a number that is none', { temperature: 'chaud' }, 'temperature', '« Température » : un nombre est attendu.'],
    ['a number beyond all measure', { pouls: 99999999999 }, 'pouls', '« Pouls » : un nombre entier est attendu.'],
    ['a day that does not exist', { date_naissance: '2023-02-29' }, 'date_naissance', '« Date de naissance » : une date valide est attendue, au format AAAA-MM-JJ.'],
    ['a choice that is none', { sexe: 'X' }, 'sexe', "« Sexe » : « X » n'est pas un choix valide."],
    ['a choice that every object has', { sexe: '__proto__' }, 'sexe', "« Sexe » : « __proto__ » n'est pas un choix valide."],
    ['a choice that is an object', { sexe: { toString: 1 } }, 'sexe', '« Sexe » : un texte est attendu.'],
    ['a tick that is none', { proche: 'peut-être' }, 'proche', '« Rempli par un proche » : vrai ou faux est attendu.'],
    ['a text that is too long', { nom: 'x'.repeat(101) }, 'nom', '« Nom » ne peut dépasser 100 caractères.'],
    ['an object for a text', { nom: { a: 1 } }, 'nom', '« Nom » : un texte est attendu.'],
    ['a NUL', { nom: 'a\0b' }, 'nom', '« Nom » contient des caractères non valides.'],
    ['half a character', { motif_consultation: 'a\ud800' }, 'motif_consultation', '« Motif de consultation » contient des caractères non valides.'],
  ])('%s is refused by name', (_, corps, champ, message) => {
    expect(creer(corps).erreurs).toEqual({ [champ]: [message] });
  });

  it('characters are counted as people count them', () => {
    expect(creer({ nom: '😀'.repeat(100) }).erreurs).toEqual({});
  });
});

it('an edit holds what was sent, and null for what was emptied', () => {
  expect(modifier({ pouls: 90, motif_consultation: '' })).toEqual({ valeurs: { pouls: 90, motif_consultation: null }, erreurs: {} });
});

describe('checking where the rule lives', () => {
  it('finds again what reading would refuse', () => {
    expect(verifierFiche({ sexe: 'X', nom: 'x'.repeat(101) }, '2026-11-24')).toEqual({ sexe: [expect.any(String)], nom: [expect.any(String)] });
  });

  it('refuses a birth in the future and an age that nobody has', () => {
    expect(verifierFiche({ date_naissance: '2026-11-25', age: 151 }, '2026-11-24')).toEqual({ date_naissance: ['« Date de naissance » ne peut être dans le futur.'], age: ['« Âge » : un nombre entre 0 et 150 est attendu.'] });
    expect(verifierFiche({ date_naissance: '2026-11-24', age: 0 }, '2026-11-24')).toEqual({});
  });

  it.each([
    ['1900-01-01', '2026-11-24', null],
    ['1899-12-31', '2026-11-24', '« Date de naissance » : une date à partir du 01/01/1900 est attendue.'],
    ['1910-11-24', '2040-11-24', null],
    ['1910-11-23', '2040-11-24', '« Date de naissance » : une date à partir du 24/11/1910 est attendue.'],
  ])('who was born on %s is asked about on %s: %s', (date_naissance, jour, message) => {
    expect(verifierFiche({ date_naissance }, jour)).toEqual(message === null ? {} : { date_naissance: [message] });
  });
});

it('knows which days exist', () => {
  expect(['2024-02-29', '1992-12-31'].every(estDate)).toBe(true);
  expect(['2023-02-29', '2023-13-01', '23-01-01', '0001-01-01', '2023-1-1'].some(estDate)).toBe(false);
});

it('counts completed years', () => {
  expect(ageEnAnnees('1992-11-25', '2026-11-24')).toBe(33);
  expect(ageEnAnnees('1992-11-24', '2026-11-24')).toBe(34);
});
