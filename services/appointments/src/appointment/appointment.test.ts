import { describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { may, statuts, transition, type Action, type ActionStatut, type Statut, type Verdict } from './appointment.ts';

const acteur = (changes: Partial<Acteur>): Acteur => ({ id: 1, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: '', ...changes });
const patient = acteur({ id: 1 });
const medecin = acteur({ id: 2, role: 'medecin' });
const admin = acteur({ id: 3, estAdmin: true });
const adminMedecin = acteur({ id: 4, role: 'medecin', estAdmin: true });
const enAttente = acteur({ id: 2, role: 'medecin', approuve: false });
const service = acteur({ id: 0, role: 'service', service: 'ia', etablissementId: 0 });

const unassigned = { patient: 1, medecin: null, etablissementId: 1 };
const own = { ...unassigned, medecin: 2 };
const colleagues = { ...unassigned, medecin: 9 };

describe('transitions', () => {
  const allowed: Record<ActionStatut, Partial<Record<Statut, Statut>>> = {
    confirmer: { pending: 'confirmed' },
    refuser: { pending: 'declined' },
    annuler: { pending: 'cancelled', confirmed: 'cancelled' },
  };
  const cases = (Object.keys(allowed) as ActionStatut[]).flatMap((action) => statuts.map((status) => [action, status, allowed[action][status]] as const));

  test.each(cases)('%s from %s', (action, status, expected) => {
    if (expected) expect(transition(status, action)).toBe(expected);
    else expect(() => transition(status, action)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'appointment.etat_invalide' }));
  });
});

describe('who may do what', () => {
  const cases: [string, Acteur, typeof own | typeof unassigned, Record<Exclude<Action, 'creer' | 'lister'>, Verdict>][] = [
    ['the patient', patient, own, { lire: 'oui', annuler: 'oui', confirmer: 'role', refuser: 'role' }],
    ['another patient', acteur({ id: 5 }), own, { lire: 'introuvable', annuler: 'introuvable', confirmer: 'role', refuser: 'role' }],
    ['the médecin', medecin, own, { lire: 'oui', annuler: 'oui', confirmer: 'oui', refuser: 'oui' }],
    ['a médecin, of an unassigned one', medecin, unassigned, { lire: 'oui', annuler: 'autre_medecin', confirmer: 'oui', refuser: 'oui' }],
    ["a médecin, of a colleague's", medecin, colleagues, { lire: 'motif_requis', annuler: 'autre_medecin', confirmer: 'autre_medecin', refuser: 'autre_medecin' }],
    ['a médecin of another établissement', acteur({ id: 2, role: 'medecin', etablissementId: 7 }), own, { lire: 'introuvable', annuler: 'introuvable', confirmer: 'introuvable', refuser: 'introuvable' }],
    ['a médecin not approved yet', enAttente, own, { lire: 'en_attente', annuler: 'en_attente', confirmer: 'en_attente', refuser: 'en_attente' }],
    ['an admin who is no médecin', admin, own, { lire: 'oui', annuler: 'oui', confirmer: 'role', refuser: 'role' }],
    ["an admin who is a médecin, of another's", adminMedecin, own, { lire: 'oui', annuler: 'oui', confirmer: 'autre_medecin', refuser: 'autre_medecin' }],
    ['an admin who is a médecin, of an unassigned one', adminMedecin, unassigned, { lire: 'oui', annuler: 'oui', confirmer: 'oui', refuser: 'oui' }],
    ['an admin of another établissement', acteur({ id: 3, estAdmin: true, etablissementId: 7 }), own, { lire: 'introuvable', annuler: 'introuvable', confirmer: 'role', refuser: 'role' }],
    ['a service', service, own, { lire: 'role', annuler: 'role', confirmer: 'role', refuser: 'role' }],
  ];

  test.each(cases)('%s', (_, who, appointment, expected) => {
    const found = Object.fromEntries(Object.keys(expected).map((action) => [action, may(who, action as Action, appointment)]));
    expect(found).toEqual(expected);
  });

  test('the role is judged before the object', () => {
    expect(may(patient, 'confirmer')).toBe('role');
    expect(may(enAttente, 'lister')).toBe('en_attente');
    expect(may(service, 'creer')).toBe('role');
    expect([patient, medecin, admin].map((who) => may(who, 'creer'))).toEqual(['oui', 'oui', 'oui']);
  });
});
