import { compteEnAttente, quiAgit, type Acteur } from '@mediai/kit/acteur';
import { forbidden, notFound, type AppError } from '@mediai/kit/errors';
import type { ActionStatut, Appointment } from '../appointment/appointment.ts';

export type Action = ActionStatut | 'creer' | 'lister' | 'lire';
export type Verdict = 'oui' | 'role' | 'en_attente' | 'introuvable' | 'motif_requis' | 'autre_medecin';
/** What of an appointment decides who may do what with it. */
export type Objet = Pick<Appointment, 'patient' | 'medecin' | 'etablissementId'>;

/** Whether an appointment is this actor's own, as its patient. */
export const estSien = (acteur: Pick<Acteur, 'id' | 'role'>, { patient }: Pick<Objet, 'patient'>): boolean => acteur.role !== 'service' && patient === acteur.id;

/**
 * Whether an actor may do something, with an appointment where one is given. The role is judged before the object.
 *
 * Whoever is its patient reads and cancels it. A médecin sees those of the établissement that are unassigned or their
 * own (a colleague's only with a reason), confirms and declines these, cancels their own. An admin sees and cancels those
 * of the établissement, and answers as a médecin only when the account is one. Anything else does not exist for them.
 */
export function may(acteur: Acteur, action: Action, appointment?: Objet): Verdict {
  const qui = quiAgit(acteur);
  const answers = action === 'confirmer' || action === 'refuser';
  if (acteur.role === 'service' || (answers && acteur.role !== 'medecin')) return 'role';
  if (acteur.role === 'medecin' && !acteur.approuve && (qui === 'medecin' || answers)) return 'en_attente';
  if (appointment === undefined) return 'oui';
  if (!answers && estSien(acteur, appointment)) return 'oui';
  if (qui === 'patient' || appointment.etablissementId !== acteur.etablissementId) return 'introuvable';
  if (appointment.medecin === acteur.id) return 'oui';
  if (qui === 'admin' && !answers) return 'oui';
  if (appointment.medecin === null) return action === 'annuler' ? 'autre_medecin' : 'oui';
  return action === 'lire' ? 'motif_requis' : 'autre_medecin';
}

/** The appointments in an actor's lists: the reach of `lire` without a reason, as a filter. */
export function visibles(acteur: Acteur): { patient?: number; etablissementId?: number; visibleDe?: number } {
  const { id, etablissementId } = acteur;
  const qui = quiAgit(acteur);
  if (qui === 'admin') return { etablissementId };
  return qui === 'medecin' ? { etablissementId, visibleDe: id } : { patient: id };
}

/** The error of a verdict that is not `oui`. */
export function refus(verdict: Exclude<Verdict, 'oui'>): AppError {
  switch (verdict) {
    case 'role':
      return forbidden();
    case 'en_attente':
      return compteEnAttente();
    case 'introuvable':
      return notFound('appointment.introuvable', 'Rendez-vous introuvable.');
    case 'motif_requis':
      return forbidden('acces.motif_requis', 'Ce rendez-vous est suivi par un autre médecin : indiquez le motif de votre accès.');
    case 'autre_medecin':
      return forbidden('appointment.autre_medecin', 'Seul le médecin de ce rendez-vous peut faire cela.');
  }
}

/** @throws AppError the refusal, when the actor may not do this (with this appointment, where one is given) */
export function exiger(acteur: Acteur, action: Action, appointment?: Objet): void {
  const verdict = may(acteur, action, appointment);
  if (verdict !== 'oui') throw refus(verdict);
}

/** How long a reason covers an appointment for the médecin who gave it. */
export const motifValableMs = 8 * 3600 * 1000;
