import { AppError } from '@mediai/kit/errors';

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
