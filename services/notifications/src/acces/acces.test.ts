import { describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { exiger, may, type Action, type Verdict } from './acces.ts';

const acteur = (changes: Partial<Acteur>): Acteur => ({ id: 1, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: '', ...changes });
const service = (name: string): Acteur => acteur({ id: 0, role: 'service', service: name, etablissementId: 0 });
const ici = { etablissementId: 1 };
const ailleurs = { etablissementId: 2 };

describe('who may have what sent', () => {
  test.each<[string, Acteur, Record<'ici' | 'ailleurs' | 'code', Verdict>]>([
    ['auth', service('auth'), { ici: 'role', ailleurs: 'role', code: 'oui' }],
    ['consultation', service('consultation'), { ici: 'oui', ailleurs: 'oui', code: 'role' }],
    ['ia', service('ia'), { ici: 'role', ailleurs: 'role', code: 'role' }],
    ['appointments', service('appointments'), { ici: 'role', ailleurs: 'role', code: 'role' }],
    ['a service without a name', acteur({ id: 0, role: 'service', etablissementId: 0 }), { ici: 'role', ailleurs: 'role', code: 'role' }],
    ['a patient', acteur({}), { ici: 'role', ailleurs: 'role', code: 'role' }],
    ['a médecin', acteur({ role: 'medecin' }), { ici: 'oui', ailleurs: 'introuvable', code: 'role' }],
    ['a médecin who waits for approval', acteur({ role: 'medecin', approuve: false }), { ici: 'en_attente', ailleurs: 'en_attente', code: 'role' }],
    ['an admin', acteur({ estAdmin: true }), { ici: 'oui', ailleurs: 'introuvable', code: 'role' }],
    ['an admin who waits for approval as a médecin', acteur({ role: 'medecin', estAdmin: true, approuve: false }), { ici: 'oui', ailleurs: 'introuvable', code: 'role' }],
    ['a superuser', acteur({ estAdmin: true, estSuperuser: true }), { ici: 'oui', ailleurs: 'introuvable', code: 'role' }],
  ])('%s', (_, who, expected) => {
    expect({ ici: may(who, 'envoyer', ici), ailleurs: may(who, 'envoyer', ailleurs), code: may(who, 'envoyer_code') }).toEqual(expected);
  });

  test.each<[Action, Acteur, typeof ici | undefined, { kind: string; code?: string } | undefined]>([
    ['envoyer', acteur({ role: 'medecin' }), ici, undefined],
    ['envoyer', acteur({}), ailleurs, { kind: 'forbidden' }],
    ['envoyer', acteur({ role: 'medecin', approuve: false }), undefined, { kind: 'forbidden', code: 'compte.en_attente' }],
    ['envoyer', acteur({ role: 'medecin' }), ailleurs, { kind: 'not_found' }],
    ['envoyer_code', service('consultation'), undefined, { kind: 'forbidden' }],
  ])('%s: the refusal of %j', (action, who, objet, error) => {
    if (error) expect(() => exiger(who, action, objet)).toThrow(expect.objectContaining(error));
    else expect(() => exiger(who, action, objet)).not.toThrow();
  });
});
