import { describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { exiger, may, visibles, type Action, type Objet, type Verdict } from './acces.ts';

const acteur = (changes: Partial<Acteur>): Acteur => ({ id: 1, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: '', ...changes });
const patient = acteur({ id: 1 });
const medecin = acteur({ id: 2, role: 'medecin' });
const admin = acteur({ id: 3, estAdmin: true });
const adminMedecin = acteur({ id: 4, role: 'medecin', estAdmin: true });
const enAttente = acteur({ id: 2, role: 'medecin', approuve: false });
const service = acteur({ id: 0, role: 'service', service: 'ia', etablissementId: 0 });

const unassigned: Objet = { patient: 1, medecin: null, etablissementId: 1 };
const own = { ...unassigned, medecin: 2 };
const colleagues = { ...unassigned, medecin: 9 };

describe('who may do what', () => {
  const cases: [string, Acteur, Objet, Record<Exclude<Action, 'creer' | 'lister'>, Verdict>][] = [
    ['the patient', patient, own, { lire: 'oui', annuler: 'oui', confirmer: 'role', refuser: 'role' }],
    ['another patient', acteur({ id: 5 }), own, { lire: 'introuvable', annuler: 'introuvable', confirmer: 'role', refuser: 'role' }],
    ['the médecin', medecin, own, { lire: 'oui', annuler: 'oui', confirmer: 'oui', refuser: 'oui' }],
    ['a médecin, of an unassigned one', medecin, unassigned, { lire: 'oui', annuler: 'autre_medecin', confirmer: 'oui', refuser: 'oui' }],
    ["a médecin, of a colleague's", medecin, colleagues, { lire: 'motif_requis', annuler: 'autre_medecin', confirmer: 'autre_medecin', refuser: 'autre_medecin' }],
    ["a médecin, as the patient of a colleague's", acteur({ id: 1, role: 'medecin' }), colleagues, { lire: 'oui', annuler: 'oui', confirmer: 'autre_medecin', refuser: 'autre_medecin' }],
    ['a médecin of another établissement', acteur({ id: 2, role: 'medecin', etablissementId: 7 }), own, { lire: 'introuvable', annuler: 'introuvable', confirmer: 'introuvable', refuser: 'introuvable' }],
    ['a médecin not approved yet', enAttente, own, { lire: 'en_attente', annuler: 'en_attente', confirmer: 'en_attente', refuser: 'en_attente' }],
    ['an admin who is no médecin', admin, own, { lire: 'oui', annuler: 'oui', confirmer: 'role', refuser: 'role' }],
    ["an admin who is a médecin, of another's", adminMedecin, own, { lire: 'oui', annuler: 'oui', confirmer: 'autre_medecin', refuser: 'autre_medecin' }],
    ['an admin who is a médecin, of an unassigned one', adminMedecin, unassigned, { lire: 'oui', annuler: 'oui', confirmer: 'oui', refuser: 'oui' }],
    ['an admin who is a médecin not approved yet', acteur({ id: 4, role: 'medecin', estAdmin: true, approuve: false }), unassigned, { lire: 'oui', annuler: 'oui', confirmer: 'en_attente', refuser: 'en_attente' }],
    ['an admin of another établissement', acteur({ id: 3, estAdmin: true, etablissementId: 7 }), own, { lire: 'introuvable', annuler: 'introuvable', confirmer: 'role', refuser: 'role' }],
    ['an admin of another établissement, as its patient', acteur({ id: 1, estAdmin: true, etablissementId: 7 }), own, { lire: 'oui', annuler: 'oui', confirmer: 'role', refuser: 'role' }],
    ['a superuser of another établissement', acteur({ id: 3, estAdmin: true, estSuperuser: true, etablissementId: 7 }), own, { lire: 'introuvable', annuler: 'introuvable', confirmer: 'role', refuser: 'role' }],
    ['a service', service, own, { lire: 'role', annuler: 'role', confirmer: 'role', refuser: 'role' }],
  ];

  test.each(cases)('%s', (_, who, appointment, expected) => {
    const found = Object.fromEntries(Object.keys(expected).map((action) => [action, may(who, action as Action, appointment)]));
    expect(found).toEqual(expected);
  });

  test.each<[string, Acteur, Record<'creer' | 'lister', Verdict>]>([
    ['a patient', patient, { creer: 'oui', lister: 'oui' }],
    ['a médecin', medecin, { creer: 'oui', lister: 'oui' }],
    ['an admin', admin, { creer: 'oui', lister: 'oui' }],
    ['a médecin not approved yet', enAttente, { creer: 'en_attente', lister: 'en_attente' }],
    ['a service', service, { creer: 'role', lister: 'role' }],
  ])('%s, without an object', (_, who, expected) => {
    expect({ creer: may(who, 'creer'), lister: may(who, 'lister') }).toEqual(expected);
  });

  test('the role is judged before the object', () => {
    expect(may(patient, 'confirmer')).toBe('role');
    expect(may(enAttente, 'annuler')).toBe('en_attente');
  });

  test.each<[Action, Acteur, Objet, object]>([
    ['lire', acteur({ id: 5 }), own, { kind: 'not_found', code: 'appointment.introuvable' }],
    ['lire', medecin, colleagues, { kind: 'forbidden', code: 'acces.motif_requis' }],
    ['confirmer', medecin, colleagues, { kind: 'forbidden', code: 'appointment.autre_medecin' }],
    ['confirmer', patient, own, { kind: 'forbidden', code: 'acces.refuse' }],
    ['annuler', enAttente, own, { kind: 'forbidden', code: 'compte.en_attente' }],
  ])('%s is refused with its code', (action, who, objet, error) => {
    expect(() => exiger(who, action, objet)).toThrow(expect.objectContaining(error));
  });
});

test.each<[string, Acteur, object]>([
  ['a patient', patient, { patient: 1 }],
  ['a médecin', medecin, { etablissementId: 1, visibleDe: 2 }],
  ['an admin, whatever the role', adminMedecin, { etablissementId: 1 }],
])('the lists of %s', (_, who, expected) => {
  expect(visibles(who)).toEqual(expected);
});
