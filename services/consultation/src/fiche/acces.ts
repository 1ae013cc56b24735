import type { Acteur } from '@mediai/kit/acteur';
import { type AppError, forbidden, notFound } from '@mediai/kit/errors';
import type { Fiche } from './fiche.ts';

export type Action = 'creer' | 'lister' | 'lire' | 'modifier' | 'supprimer' | 'valider' | 'rejeter' | 'relancer' | 'editer' | 'envoyer';
export type Verdict = 'oui' | 'role' | 'en_attente' | 'introuvable' | 'motif_requis';
type Qui = 'patient' | 'medecin' | 'admin';

const TOUS: readonly Qui[] = ['patient', 'medecin', 'admin'];
const SOIGNANTS: readonly Qui[] = ['medecin', 'admin'];
const PERMIS: Record<Action, readonly Qui[]> = {
  creer: TOUS,
  lister: TOUS,
  lire: TOUS,
  modifier: TOUS,
  supprimer: ['patient', 'admin'],
  valider: SOIGNANTS,
  rejeter: SOIGNANTS,
  relancer: SOIGNANTS,
  editer: SOIGNANTS,
  envoyer: SOIGNANTS,
};

/** In what quality someone acts: an admin is whoever has `is_staff`, whatever the role. */
export function quiAgit(acteur: Acteur): Qui | 'service' {
  if (acteur.role === 'service') return 'service';
  return acteur.estAdmin ? 'admin' : acteur.role;
}

/**
 * Whether an actor may do something, with a fiche where one is given. The role is judged before the object.
 *
 * A patient sees what is theirs; a médecin the fiches of the établissement that are unassigned or assigned to them
 * (another's only with a reason); an admin the établissement. Anything else does not exist for them.
 */
export function may(acteur: Acteur, action: Action, fiche?: Pick<Fiche, 'user' | 'assigned_medecin' | 'etablissement_id'>): Verdict {
  const qui = quiAgit(acteur);
  if (qui === 'service') return 'role';
  if (qui === 'medecin' && !acteur.approuve) return 'en_attente';
  if (!PERMIS[action].includes(qui)) return 'role';
  if (fiche === undefined) return 'oui';
  if (qui === 'patient') return fiche.user === acteur.id ? 'oui' : 'introuvable';
  if (fiche.etablissement_id !== acteur.etablissementId) return 'introuvable';
  if (qui === 'medecin' && fiche.assigned_medecin !== null && fiche.assigned_medecin !== acteur.id) return 'motif_requis';
  return 'oui';
}

/** The error of a verdict that is not `oui`. */
export function refus(verdict: Exclude<Verdict, 'oui'>): AppError {
  switch (verdict) {
    case 'role':
      return forbidden();
    case 'en_attente':
      return forbidden('compte.en_attente', "Votre compte attend l'approbation d'un administrateur.");
    case 'introuvable':
      return ficheIntrouvable();
    case 'motif_requis':
      return forbidden('acces.motif_requis', 'Cette fiche est suivie par un autre médecin : indiquez le motif de votre accès.');
  }
}

/** 404; missing and not yours to see are the same. */
export const ficheIntrouvable = (): AppError => notFound('fiche.introuvable', 'Fiche introuvable.');

/** @throws AppError forbidden when the actor's role may not do this at all */
export function exigerRole(acteur: Acteur, action: Action): void {
  const verdict = may(acteur, action);
  if (verdict !== 'oui') throw refus(verdict);
}

/** How long a reason covers a fiche for the médecin who gave it. */
export const MOTIF_VALABLE_MS = 8 * 3600 * 1000;
