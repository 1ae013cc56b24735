import { describe, expect, it } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { admin, adminAilleurs, ailleurs, autrePatient, confrere, enAttente, medecin, patiente, service } from '../fiche/fixtures.memory.ts';
import { ACTIONS, estPatient, exiger, may, visibles, type Action, type Objet, type Verdict } from './acces.ts';

const objets = {
  libre: { user: 1, assigned_medecin: null, etablissement_id: 1 },
  suivie: { user: 1, assigned_medecin: 2, etablissement_id: 1 },
  'sans patient': { user: null, assigned_medecin: null, etablissement_id: 1 },
  absente: null,
} satisfies Record<string, Objet | null>;
type NomObjet = keyof typeof objets;

const acteurs = {
  'its patient': patiente,
  'another patient': autrePatient,
  'the assigned médecin': medecin,
  'a colleague': confrere,
  'a médecin not approved yet': enAttente,
  'a médecin of another établissement': ailleurs,
  'the admin': admin,
  'an admin of another établissement': adminAilleurs,
  ia: service('ia'),
  notifications: service('notifications'),
  appointments: service('appointments'),
} satisfies Record<string, Acteur>;
type NomActeur = keyof typeof acteurs;

const O = 'oui', R = 'role', E = 'en_attente', X = 'introuvable', M = 'motif_requis';
/** The verdict without a fiche, then with each of `objets` in its order. */
type Ligne = readonly [Verdict, Verdict, Verdict, Verdict, Verdict];
const jamais: Ligne = [R, R, R, R, R];
const attente: Ligne = [E, E, E, E, E];
const rien: Ligne = [O, X, X, X, X];

const soin = {
  'the assigned médecin': [O, O, O, O, X],
  'a colleague': [O, O, M, O, X],
  'a médecin of another établissement': rien,
  'the admin': [O, O, O, O, X],
  'an admin of another établissement': rien,
} as const satisfies Partial<Record<NomActeur, Ligne>>;
const tous = { 'its patient': [O, O, O, X, X], 'another patient': rien, ...soin } as const satisfies Partial<Record<NomActeur, Ligne>>;
/** The role of a médecin does not give it: only who is the patient of the fiche may. */
const siens: Ligne = [O, R, R, R, R];
const patientOuAdmin = { ...tous, 'the assigned médecin': siens, 'a colleague': siens, 'a médecin of another établissement': siens } as const;

const attendus: Record<Action, Partial<Record<NomActeur, Ligne>>> = {
  creer: tous,
  lister: tous,
  lire: tous,
  ouvrir: tous,
  modifier: tous,
  supprimer: patientOuAdmin,
  lister_acces: patientOuAdmin,
  lister_historique: tous,
  lister_messages: tous,
  ecrire_message: tous,
  lister_references: tous,
  lire_reference: tous,
  ajouter_reference: tous,
  modifier_reference: tous,
  supprimer_reference: tous,
  lister_resultats: tous,
  lire_resultat: tous,
  ajouter_resultat: tous,
  modifier_resultat: tous,
  supprimer_resultat: tous,
  telecharger_resultat: tous,
  lister_attachments: tous,
  lire_attachment: tous,
  telecharger_attachment: tous,
  joindre: tous,
  modifier_attachment: tous,
  supprimer_attachment: tous,
  assigner: soin,
  restaurer: { 'the admin': [O, O, O, O, X], 'an admin of another établissement': rien },
  signer: soin,
  valider: soin,
  rejeter: soin,
  relancer: soin,
  editer: soin,
  envoyer: soin,
  exporter_pdf: tous,
  exporter_json: tous,
  revoquer_documents: soin,
  lire_clinique: { ia: [O, O, O, O, X] },
  recevoir_message: { notifications: [O, O, O, O, X] },
  lire_destinataire: { notifications: [O, O, O, O, X] },
};

const noms = Object.keys(acteurs) as NomActeur[];
const lignes = ACTIONS.flatMap((action) => noms.map((nom) => [nom, action, attendus[action][nom] ?? (nom === 'a médecin not approved yet' ? attente : jamais)] as const));

describe('who may do what: actor x action x fiche', () => {
  it.each(lignes)('%s, %s', (nom, action, attendue) => {
    const fiches = [undefined, ...(Object.keys(objets) as NomObjet[]).map((objet) => objets[objet])];
    expect(fiches.map((fiche) => may(acteurs[nom], action, fiche))).toEqual(attendue);
  });

  it('an admin is whoever has is_staff, whatever the role; a superuser without it is none', () => {
    expect(may({ ...patiente, estAdmin: true }, 'valider', objets.suivie)).toBe('oui');
    expect(may({ ...enAttente, estAdmin: true }, 'lire', objets.suivie)).toBe('oui');
    expect(may({ ...patiente, estSuperuser: true }, 'valider', objets.suivie)).toBe('role');
    expect(may({ ...admin, estSuperuser: true }, 'lire', { ...objets.libre, etablissement_id: 2 })).toBe('introuvable');
  });

  it('a token of a service gives nothing of what its flags would', () => {
    expect(may({ ...service('gateway'), estAdmin: true, etablissementId: 1 }, 'lire', objets.libre)).toBe('role');
    expect(may({ ...service('ia'), id: 1 }, 'lire', objets.libre)).toBe('role');
  });

  it('refuses with the status of the contract', () => {
    expect(() => exiger(patiente, 'valider')).toThrow(expect.objectContaining({ kind: 'forbidden' }));
    expect(() => exiger(enAttente, 'lire')).toThrow(expect.objectContaining({ kind: 'forbidden', code: 'compte.en_attente' }));
    expect(() => exiger(confrere, 'lire', objets.suivie)).toThrow(expect.objectContaining({ kind: 'forbidden', code: 'acces.motif_requis' }));
    const [absente, autrui] = [null, objets.libre].map((fiche) => {
      try {
        return exiger(autrePatient, 'lire', fiche);
      } catch (error) {
        return error;
      }
    });
    expect(absente).toMatchObject({ kind: 'not_found', code: 'fiche.introuvable' });
    expect(autrui).toEqual(absente);
  });
});

describe('who is the patient of a fiche, whatever their function', () => {
  const sienne = (plus: Partial<Objet> = {}): Objet => ({ user: 3, assigned_medecin: 2, etablissement_id: 1, ...plus });

  it('reads it without a reason, wherever it is, as its patient', () => {
    for (const fiche of [sienne(), sienne({ etablissement_id: 2 })]) {
      expect(may(confrere, 'lire', fiche)).toBe('oui');
      expect(may(confrere, 'lister_acces', fiche)).toBe('oui');
      expect(may(confrere, 'supprimer', fiche)).toBe('oui');
      expect(estPatient(confrere, fiche)).toBe(true);
    }
    expect(may(admin, 'lire', sienne({ user: 5, etablissement_id: 2 }))).toBe('oui');
    expect(estPatient(admin, sienne({ user: 5, etablissement_id: 2 }))).toBe(true);
  });

  it('decides nothing on it that their function would not let them decide', () => {
    expect(may(confrere, 'valider', sienne())).toBe('motif_requis');
    expect(may(admin, 'valider', sienne({ user: 5, etablissement_id: 2 }))).toBe('introuvable');
  });

  it('reads it as any other where it is in their care', () => {
    expect(estPatient(confrere, sienne({ assigned_medecin: null }))).toBe(false);
    expect(estPatient(admin, sienne({ user: 5 }))).toBe(false);
    expect(estPatient(patiente, objets.libre)).toBe(true);
  });

  it('is nobody while their account waits', () => {
    expect(may(enAttente, 'lire', sienne({ user: 4 }))).toBe('en_attente');
  });
});

it('lists hold what may be read without a reason, in the own établissement', () => {
  expect(visibles(patiente)).toEqual({ user: 1 });
  expect(visibles(medecin)).toEqual({ etablissementId: 1, visibleDe: 2 });
  expect(visibles(admin)).toEqual({ etablissementId: 1 });
});
