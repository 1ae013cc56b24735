import type { Acteur } from '@mediai/kit/acteur';
import { AppError, forbidden, notFound } from '@mediai/kit/errors';

export const statuts = ['pending', 'confirmed', 'declined', 'cancelled'] as const;
export type Statut = (typeof statuts)[number];

export const modes = ['presentiel', 'distanciel'] as const;
export type Mode = (typeof modes)[number];

/** A patient's request for a time with a médecin, and its answer. `patient`, `medecin` and `fiche` are ids of other services. */
export type Appointment = {
  id: number;
  patient: number;
  /** Null while auth has told nothing of this user. */
  patientUsername: string | null;
  medecin: number | null;
  medecinUsername: string | null;
  fiche: number | null;
  etablissementId: number;
  requestedStart: Date;
  requestedEnd: Date;
  /** What the médecin agreed to; kept when it is cancelled afterwards. */
  confirmedStart: Date | null;
  confirmedEnd: Date | null;
  consultationMode: Mode;
  locationNote: string | null;
  status: Statut;
  messagePatient: string | null;
  messageMedecin: string | null;
  cancelMessage: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** Rises with each change. */
  version: number;
};

export type NewAppointment = Pick<
  Appointment,
  'patient' | 'medecin' | 'fiche' | 'etablissementId' | 'requestedStart' | 'requestedEnd' | 'consultationMode' | 'locationNote' | 'messagePatient'
>;

/** What an answer changes; what is absent stays. */
export type Changement = { status: Statut } & Partial<{
  medecin: number;
  confirmedStart: Date;
  confirmedEnd: Date;
  messageMedecin: string | null;
  cancelMessage: string | null;
}>;

export type ActionStatut = 'confirmer' | 'refuser' | 'annuler';
export type Action = ActionStatut | 'creer' | 'lister' | 'lire';
export type Verdict = 'oui' | 'role' | 'en_attente' | 'introuvable' | 'motif_requis' | 'autre_medecin';
type Qui = 'patient' | 'medecin' | 'admin' | 'service';

const transitions: Record<ActionStatut, Partial<Record<Statut, Statut>>> = {
  confirmer: { pending: 'confirmed' },
  refuser: { pending: 'declined' },
  annuler: { pending: 'cancelled', confirmed: 'cancelled' },
};

const refusals: Record<ActionStatut, string> = {
  confirmer: 'Seul un rendez-vous en attente peut être confirmé.',
  refuser: 'Seul un rendez-vous en attente peut être refusé.',
  annuler: 'Seul un rendez-vous en attente ou confirmé peut être annulé.',
};

/**
 * The status after an act: every transition of an appointment.
 * @throws AppError invalid `appointment.etat_invalide` where the act is not for this status
 */
export function transition(status: Statut, action: ActionStatut): Statut {
  const next = transitions[action][status];
  if (next === undefined) throw new AppError('invalid', 'appointment.etat_invalide', refusals[action]);
  return next;
}

/** In what quality someone acts: an admin is whoever has `is_staff`, whatever the role. */
export function quiAgit(acteur: Acteur): Qui {
  if (acteur.role === 'service') return 'service';
  return acteur.estAdmin ? 'admin' : acteur.role;
}

/**
 * Whether an actor may do something, with an appointment where one is given. The role is judged before the object.
 *
 * A patient sees and cancels their own. A médecin sees those of the établissement that are unassigned or their own (a
 * colleague's only with a reason), confirms and declines these, cancels their own. An admin sees and cancels those of
 * the établissement, and answers as a médecin only when the account is one. Anything else does not exist for them.
 */
export function may(acteur: Acteur, action: Action, appointment?: Pick<Appointment, 'patient' | 'medecin' | 'etablissementId'>): Verdict {
  const qui = quiAgit(acteur);
  const answers = action === 'confirmer' || action === 'refuser';
  if (qui === 'service' || (answers && acteur.role !== 'medecin')) return 'role';
  if (acteur.role === 'medecin' && !acteur.approuve && (qui === 'medecin' || answers)) return 'en_attente';
  if (appointment === undefined) return 'oui';
  if (qui === 'patient') return appointment.patient === acteur.id ? 'oui' : 'introuvable';
  if (appointment.etablissementId !== acteur.etablissementId) return 'introuvable';
  if (appointment.medecin === acteur.id) return 'oui';
  if (qui === 'admin' && !answers) return 'oui';
  if (appointment.medecin === null) return action === 'annuler' ? 'autre_medecin' : 'oui';
  return action === 'lire' ? 'motif_requis' : 'autre_medecin';
}

/** The error of a verdict that is not `oui`. */
export function refus(verdict: Exclude<Verdict, 'oui'>): AppError {
  switch (verdict) {
    case 'role':
      return forbidden();
    case 'en_attente':
      return forbidden('compte.en_attente', "Votre compte attend l'approbation d'un administrateur.");
    case 'introuvable':
      return notFound('appointment.introuvable', 'Rendez-vous introuvable.');
    case 'motif_requis':
      return forbidden('acces.motif_requis', 'Ce rendez-vous est suivi par un autre médecin : indiquez le motif de votre accès.');
    case 'autre_medecin':
      return forbidden('appointment.autre_medecin', 'Seul le médecin de ce rendez-vous peut faire cela.');
  }
}

/** @throws AppError the refusal, when the actor may not do this (with this appointment, where one is given) */
export function exiger(acteur: Acteur, action: Action, appointment?: Appointment): void {
  const verdict = may(acteur, action, appointment);
  if (verdict !== 'oui') throw refus(verdict);
}
