import { describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { exiger, may, mayDirectly, voitSansEtablissement, type Action, type Verdict } from './acces.ts';

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

describe('who may read and write what Twilio told', () => {
  const fiche = { etablissementId: 1, relatedFicheId: 12 };
  const sansFiche = { etablissementId: 1, relatedFicheId: null };
  const dePersonne = { etablissementId: null, relatedFicheId: null };
  const defaut = { estAdmin: true };

  test.each<[string, Acteur, Record<'lister' | 'fiche' | 'sansFiche' | 'ailleurs' | 'dePersonne' | 'creer' | 'inviter', Verdict>]>([
    ['a service', service('consultation'), { lister: 'role', fiche: 'role', sansFiche: 'role', ailleurs: 'role', dePersonne: 'role', creer: 'role', inviter: 'role' }],
    ['a patient', acteur({}), { lister: 'role', fiche: 'role', sansFiche: 'role', ailleurs: 'role', dePersonne: 'role', creer: 'role', inviter: 'oui' }],
    ['a médecin', acteur({ role: 'medecin' }), { lister: 'oui', fiche: 'oui', sansFiche: 'introuvable', ailleurs: 'introuvable', dePersonne: 'introuvable', creer: 'role', inviter: 'oui' }],
    ['a médecin who waits for approval', acteur({ role: 'medecin', approuve: false }), { lister: 'en_attente', fiche: 'en_attente', sansFiche: 'en_attente', ailleurs: 'en_attente', dePersonne: 'en_attente', creer: 'role', inviter: 'oui' }],
    ['an admin of the default établissement', acteur(defaut), { lister: 'oui', fiche: 'oui', sansFiche: 'oui', ailleurs: 'introuvable', dePersonne: 'oui', creer: 'oui', inviter: 'oui' }],
    ['an admin of another', acteur({ estAdmin: true, etablissementId: 2 }), { lister: 'oui', fiche: 'introuvable', sansFiche: 'introuvable', ailleurs: 'oui', dePersonne: 'introuvable', creer: 'oui', inviter: 'oui' }],
    ['a superuser of another', acteur({ estAdmin: true, estSuperuser: true, etablissementId: 2 }), { lister: 'oui', fiche: 'introuvable', sansFiche: 'introuvable', ailleurs: 'oui', dePersonne: 'oui', creer: 'oui', inviter: 'oui' }],
  ])('%s', (_, who, expected) => {
    const lire = (objet: Parameters<typeof mayDirectly>[2]): Verdict => mayDirectly(who, 'lire_webhook', objet);
    expect({
      lister: mayDirectly(who, 'lister_webhooks'), fiche: lire(fiche), sansFiche: lire(sansFiche), ailleurs: lire({ etablissementId: 2, relatedFicheId: 12 }), dePersonne: lire(dePersonne),
      creer: mayDirectly(who, 'creer_webhook'), inviter: mayDirectly(who, 'inviter'),
    }).toEqual(expected);
    expect(voitSansEtablissement(who)).toBe(expected.dePersonne === 'oui');
  });
});
