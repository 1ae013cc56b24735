import type { Acteur } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { exiger, refus, transition, type ActionStatut, type Appointment, type Changement } from './appointment.ts';
import type { AppointmentStore, CleIdempotence, Compter, EvenementAppointment, Horloge } from './ports.ts';

export type Reponse = {
  acteur: Acteur;
  id: number;
  /** Version that the client read (If-Match). */
  versionAttendue?: number | undefined;
  idempotence?: CleIdempotence | undefined;
};

type Act = { action: ActionStatut; changement: Omit<Changement, 'status'>; evenement: EvenementAppointment; issue: string };
export type AnswerNeeds = { appointments: Pick<AppointmentStore, 'change'>; compter: Compter; clock: Horloge };

/**
 * What confirming, declining and cancelling have in common: the appointment is judged (existence, permission, version,
 * status) and changed in one transaction with its event, its audit row and the idempotency key.
 * @throws AppError forbidden, not_found, stale, invalid `appointment.etat_invalide`, conflict
 */
export function createAnswerAppointment({ appointments, compter, clock }: AnswerNeeds) {
  return async ({ acteur, id, versionAttendue, idempotence }: Reponse, { action, changement, evenement, issue }: Act): Promise<{ appointment: Appointment } | { rejouee: Uint8Array }> => {
    const ecriture = await appointments.change(
      id,
      (appointment) => {
        if (!appointment) throw refus('introuvable');
        exiger(acteur, action, appointment);
        if (versionAttendue !== undefined && versionAttendue !== appointment.version) throw new AppError('stale');
        const status = transition(appointment.status, action);
        return { changement: { ...changement, status }, evenement, acte: { acteur, action: `appointment.${action}` } };
      },
      { at: clock(), idempotence: idempotence && { ...idempotence, acteurId: acteur.id } },
    );
    if (typeof ecriture === 'string') compter(ecriture);
    if (ecriture === 'perdue') throw new AppError(versionAttendue === undefined ? 'conflict' : 'stale');
    if (ecriture === 'creneau_pris') throw new AppError('conflict', 'appointment.creneau_pris', 'Ce créneau chevauche un rendez-vous déjà confirmé.');
    if ('rejouee' in ecriture) return ecriture;
    compter(issue);
    return { appointment: ecriture.ecrit };
  };
}
