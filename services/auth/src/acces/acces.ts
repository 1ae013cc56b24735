import { compteEnAttente, type Acteur } from '@mediai/kit/acteur';
import { forbidden, invalid, notFound, type AppError } from '@mediai/kit/errors';

/** In what quality someone acts. `en_attente`: a médecin whom no admin has approved; an admin is whoever has `is_staff`, whatever the role. */
export type Qui = 'patient' | 'medecin' | 'en_attente' | 'admin' | 'superuser' | 'service';

/** What an action is done to; an établissement itself is `{ etablissementId }`. */
export type Objet = { etablissementId: number; /** The account, or the account that owns it. */ id?: number; isSuperuser?: boolean };

export type Verdict = 'oui' | 'role' | 'en_attente' | 'introuvable' | 'superuser' | 'soi_meme';

const personnes: readonly Qui[] = ['patient', 'medecin', 'en_attente', 'admin', 'superuser'];
const soignants: readonly Qui[] = ['medecin', 'admin', 'superuser'];
const admins: readonly Qui[] = ['admin', 'superuser'];
const superusers: readonly Qui[] = ['superuser'];
const services: readonly Qui[] = ['service'];

/**
 * Who may do what. `portee`: what someone reaches who is no admin, beside what an admin reaches (all of the own
 * établissement) and a superuser (everything): nothing but what is their own (`soi`), or the own établissement.
 * `partout: false` keeps superusers to their own établissement as well.
 */
const regles = {
  // One's own account and sessions.
  'compte.mien': { qui: personnes, portee: 'soi' },
  'mot_de_passe.changer': { qui: personnes, portee: 'soi' },
  'session.fermer': { qui: personnes, portee: 'soi' },
  // Accounts.
  'compte.lire': { qui: personnes, portee: 'soi' },
  'compte.modifier': { qui: personnes, portee: 'soi', sauf: ['superuser'] },
  'compte.lister': { qui: admins, portee: 'etablissement' },
  'compte.creer': { qui: admins, portee: 'etablissement' },
  'compte.approuver': { qui: admins, portee: 'etablissement' },
  'compte.supprimer': { qui: admins, portee: 'etablissement', sauf: ['superuser', 'soi_meme'] },
  'compte.deplacer': { qui: superusers, portee: 'etablissement' },
  'compte.promouvoir_superuser': { qui: superusers, portee: 'etablissement' },
  'compte.consulter': { qui: services, portee: 'etablissement' },
  'compte_court.lister': { qui: soignants, portee: 'etablissement' },
  'compte_court.lire': { qui: soignants, portee: 'etablissement' },
  'patient.lister': { qui: soignants, portee: 'etablissement' },
  'medecin.lister': { qui: personnes, portee: 'etablissement', partout: false },
  'medecin.lire': { qui: personnes, portee: 'etablissement', partout: false },
  'medecin.lire_contact': { qui: admins, portee: 'etablissement', partout: false },
  'revocation.lister': { qui: services, portee: 'etablissement' },
  // Établissements.
  'etablissement.lire': { qui: [...admins, ...services], portee: 'etablissement' },
  'etablissement.lister': { qui: admins, portee: 'etablissement' },
  'etablissement.creer': { qui: superusers, portee: 'etablissement' },
  'etablissement.modifier': { qui: admins, portee: 'etablissement' },
  'etablissement.supprimer': { qui: superusers, portee: 'etablissement' },
  // Consents.
  'consentement.lister': { qui: personnes, portee: 'soi' },
  'consentement.donner': { qui: personnes, portee: 'soi' },
  'consentement.retirer': { qui: personnes, portee: 'soi' },
  'consentement.consulter': { qui: services, portee: 'etablissement' },
} as const satisfies Record<string, Regle>;

type Regle = { qui: readonly Qui[]; portee: 'soi' | 'etablissement'; partout?: boolean; sauf?: readonly ('superuser' | 'soi_meme')[] };

export type Action = keyof typeof regles;

/** Every action of the table. */
export const actions = Object.keys(regles) as Action[];

/** In what quality an actor acts. */
export function quiAgit({ role, estAdmin, estSuperuser, approuve }: Acteur): Qui {
  if (role === 'service') return 'service';
  if (estSuperuser) return 'superuser';
  if (estAdmin) return 'admin';
  return role === 'medecin' && !approuve ? 'en_attente' : role;
}

/**
 * Whether an actor may do something, to an object where one is given; the role is judged before the object. An object out of
 * reach is `introuvable`, as a missing one is.
 */
export function may(acteur: Acteur, action: Action, objet?: Objet): Verdict {
  const regle: Regle = regles[action];
  const qui = quiAgit(acteur);
  if (!regle.qui.includes(qui)) return qui === 'en_attente' && regle.qui.includes('medecin') ? 'en_attente' : 'role';
  if (!objet) return 'oui';
  const soi = objet.id === acteur.id && qui !== 'service';
  if (!soi && !reaches(acteur, qui, regle, objet)) return 'introuvable';
  if (soi) return regle.sauf?.includes('soi_meme') ? 'soi_meme' : 'oui';
  return objet.isSuperuser && qui !== 'superuser' && regle.sauf?.includes('superuser') ? 'superuser' : 'oui';
}

function reaches({ etablissementId }: Acteur, qui: Qui, { portee, partout = true }: Regle, objet: Objet): boolean {
  if (partout && (qui === 'service' || qui === 'superuser')) return true;
  if (portee === 'soi' && qui !== 'admin') return false;
  return objet.etablissementId === etablissementId;
}

/** The same reach as a filter of lists: the établissement to which they are kept, undefined for all. */
export function porteeListe(acteur: Acteur, action: Action): number | undefined {
  const regle: Regle = regles[action];
  const qui = quiAgit(acteur);
  return (qui === 'superuser' || qui === 'service') && regle.partout !== false ? undefined : acteur.etablissementId;
}

/** The error of a verdict that is not `oui`. */
export function refus(verdict: Exclude<Verdict, 'oui'>, action: Action): AppError {
  switch (verdict) {
    case 'role':
      return forbidden();
    case 'en_attente':
      return compteEnAttente();
    case 'superuser':
      return forbidden('compte.superuser', 'Seul un superutilisateur peut agir sur ce compte.');
    case 'soi_meme':
      return invalid({ non_field_errors: ['Vous ne pouvez pas supprimer votre propre compte.'] }, 'compte.soi_meme');
    case 'introuvable':
      return introuvable(action);
  }
}

/** @throws AppError when the actor may not do this, or not to this object */
export function exiger(acteur: Acteur, action: Action, objet?: Objet): void {
  const verdict = may(acteur, action, objet);
  if (verdict !== 'oui') throw refus(verdict, action);
}

/** What was looked for, when the actor may do this to it. @throws AppError `not_found` when nothing was found, and as `exiger` */
export function exigerTrouve<O extends Objet>(acteur: Acteur, action: Action, objet: O | undefined): O {
  exiger(acteur, action, objet);
  if (!objet) throw introuvable(action);
  return objet;
}

/** 404 of what an action is done to; missing and out of reach are the same. */
export function introuvable(action: Action): AppError {
  if (action.startsWith('etablissement.')) return notFound('etablissement.introuvable', 'Établissement introuvable.');
  if (action.startsWith('medecin.')) return notFound('medecin.introuvable', 'Médecin introuvable.');
  return notFound('compte.introuvable', 'Compte introuvable.');
}
