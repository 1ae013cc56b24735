import { describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { actions, exiger, exigerTrouve, may, porteeListe, type Action, type Verdict } from './acces.ts';

const base = { estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: '' };
const acteurs = {
  patient: { ...base, id: 10, role: 'patient' },
  enAttente: { ...base, id: 11, role: 'medecin', approuve: false },
  medecin: { ...base, id: 12, role: 'medecin' },
  admin: { ...base, id: 13, role: 'patient', estAdmin: true },
  superuser: { ...base, id: 14, role: 'medecin', approuve: false, estAdmin: true, estSuperuser: true },
  service: { ...base, id: 0, role: 'service', etablissementId: 0, service: 'ia' },
} satisfies Record<string, Acteur>;

type Ligne = Record<keyof typeof acteurs, Verdict>;
const ligne = (patient: Verdict, enAttente: Verdict, medecin: Verdict, admin: Verdict, superuser: Verdict, service: Verdict): Ligne => ({ patient, enAttente, medecin, admin, superuser, service });

const personnes = ligne('oui', 'oui', 'oui', 'oui', 'oui', 'role');
const soignants = ligne('role', 'en_attente', 'oui', 'oui', 'oui', 'role');
const admins = ligne('role', 'role', 'role', 'oui', 'oui', 'role');
const superusers = ligne('role', 'role', 'role', 'role', 'oui', 'role');
const services = ligne('role', 'role', 'role', 'role', 'role', 'oui');

const roles: Record<Action, Ligne> = {
  'compte.mien': personnes, 'mot_de_passe.changer': personnes, 'session.fermer': personnes, 'compte.lire': personnes, 'compte.modifier': personnes,
  'compte.lister': admins, 'compte.creer': admins, 'compte.approuver': admins, 'compte.supprimer': admins, 'compte.deplacer': superusers, 'compte.promouvoir_superuser': superusers,
  'compte.consulter': services, 'compte_court.lister': soignants, 'compte_court.lire': soignants, 'patient.lister': soignants,
  'medecin.lister': personnes, 'medecin.lire': personnes, 'medecin.lire_contact': admins, 'revocation.lister': services,
  'etablissement.lire': ligne('role', 'role', 'role', 'oui', 'oui', 'oui'), 'etablissement.lister': admins, 'etablissement.creer': superusers, 'etablissement.modifier': admins, 'etablissement.supprimer': superusers,
  'consentement.lister': personnes, 'consentement.donner': personnes, 'consentement.retirer': personnes, 'consentement.consulter': services,
};

test.each(actions)('%s is for the roles of the table', (action) => {
  expect(Object.fromEntries(Object.entries(acteurs).map(([nom, acteur]) => [nom, may(acteur, action)]))).toEqual(roles[action]);
});

describe('an account', () => {
  const ici = { id: 99, etablissementId: 1 };
  const ailleurs = { id: 98, etablissementId: 2 };
  const chef = { id: 97, etablissementId: 1, isSuperuser: true };

  test.each([
    ['compte.lire', ici, ligne('introuvable', 'introuvable', 'introuvable', 'oui', 'oui', 'role')],
    ['compte.lire', ailleurs, ligne('introuvable', 'introuvable', 'introuvable', 'introuvable', 'oui', 'role')],
    ['compte.lire', chef, ligne('introuvable', 'introuvable', 'introuvable', 'oui', 'oui', 'role')],
    ['compte.modifier', ici, ligne('introuvable', 'introuvable', 'introuvable', 'oui', 'oui', 'role')],
    ['compte.modifier', chef, ligne('introuvable', 'introuvable', 'introuvable', 'superuser', 'oui', 'role')],
    ['compte.supprimer', chef, ligne('role', 'role', 'role', 'superuser', 'oui', 'role')],
    ['compte.supprimer', ailleurs, ligne('role', 'role', 'role', 'introuvable', 'oui', 'role')],
    ['compte.approuver', ailleurs, ligne('role', 'role', 'role', 'introuvable', 'oui', 'role')],
    ['compte_court.lire', ici, soignants],
    ['compte_court.lire', ailleurs, ligne('role', 'en_attente', 'introuvable', 'introuvable', 'oui', 'role')],
    ['medecin.lire', ici, personnes],
    ['medecin.lire', ailleurs, ligne('introuvable', 'introuvable', 'introuvable', 'introuvable', 'introuvable', 'role')],
    ['etablissement.modifier', { etablissementId: 1 }, admins],
    ['etablissement.lire', { etablissementId: 2 }, ligne('role', 'role', 'role', 'introuvable', 'oui', 'oui')],
  ] as const)('%s %j', (action, objet, expected) => {
    expect(Object.fromEntries(Object.entries(acteurs).map(([nom, acteur]) => [nom, may(acteur, action, objet)]))).toEqual(expected);
  });

  test("one's own is within reach, and never deleted by oneself", () => {
    for (const acteur of [acteurs.patient, acteurs.enAttente, acteurs.admin, acteurs.superuser]) {
      const soi = { id: acteur.id, etablissementId: 2, isSuperuser: acteur.estSuperuser };
      expect(may(acteur, 'compte.modifier', soi)).toBe('oui');
    }
    expect(may(acteurs.superuser, 'compte.supprimer', { id: 14, etablissementId: 1, isSuperuser: true })).toBe('soi_meme');
    expect(() => exiger(acteurs.admin, 'compte.supprimer', { id: 13, etablissementId: 1 })).toThrow(expect.objectContaining({ kind: 'invalid', code: 'compte.soi_meme' }));
  });

  test('missing and out of reach are one answer, a wrong role comes first', () => {
    const refusOf = (run: () => unknown): unknown => {
      try {
        run();
      } catch (error) {
        const { kind, code, detail } = error as Record<string, unknown>;
        return { kind, code, detail };
      }
      return undefined;
    };
    expect(refusOf(() => exigerTrouve(acteurs.admin, 'compte.lire', undefined))).toEqual(refusOf(() => exigerTrouve(acteurs.admin, 'compte.lire', ailleurs)));
    expect(refusOf(() => exigerTrouve(acteurs.patient, 'compte.supprimer', undefined))).toMatchObject({ kind: 'forbidden' });
    expect(exigerTrouve(acteurs.admin, 'compte.lire', ici)).toBe(ici);
  });

  test('lists reach as far as objects do', () => {
    expect(porteeListe(acteurs.admin, 'compte.lister')).toBe(1);
    expect(porteeListe(acteurs.superuser, 'compte.lister')).toBeUndefined();
    expect(porteeListe(acteurs.superuser, 'medecin.lister')).toBe(1);
  });
});
