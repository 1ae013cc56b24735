import type { Acteur } from '@mediai/kit/acteur';
import { AppError } from '@mediai/kit/errors';
import { may, refus } from '../acces/acces.ts';
import { transition, type ActionStatut, type Appointment, type Changement } from './appointment.ts';
import type { AppointmentStore, CleIdempotence, Compter, EvenementAppointment, Horloge } from './ports.ts';

export type Reponse = {
  acteur: Acteur;
  id: number;
  /** Version that the client read (If-Match). */
  versionAttendue?: number | undefined;
  idempotence?: CleIdempotence | undefined;
};

type Act = { action: ActionStatut; changement: Omit<Changement, 'status'>; evenement: EvenementAppointment; issue: string };
export type AnswerNeeds = { appointments: Pick<AppointmentStore, 'change' | 'noter'>; compter: Compter; clock: Horloge };

/**
 * What confirming, declining and cancelling have in common: the appointment is judged (existence, permission, version,
 * status) and changed in one transaction with its event, its audit row and the idempotency key. A first answer is given
 * again only to who may still act on it. To be refused a colleague's is audited as well.
 * @throws AppError forbidden, not_found, stale, invalid `appointment.etat_invalide`, conflict
 */
export function createAnswerAppointment({ appointments, compter, clock }: AnswerNeeds) {
  return async ({ acteur, id, versionAttendue, idempotence }: Reponse, { action, changement, evenement, issue }: Act): Promise<{ appointment: Appointment } | { rejouee: Uint8Array }> => {
    const acte = { acteur, action: `appointment.${action}` };
    let refusee: Appointment | undefined;
    const juger = (appointment: Appointment | undefined): void => {
      const verdict = appointment ? may(acteur, action, appointment) : 'introuvable';
      if (verdict === 'autre_medecin') refusee = appointment;
      if (verdict !== 'oui') throw refus(verdict);
    };
    const ecriture = await appointments
      .change(
        id,
        (appointment) => {
          if (!appointment) throw refus('introuvable');
          if (versionAttendue !== undefined && versionAttendue !== appointment.version) throw new AppError('stale');
          const status = transition(appointment.status, action);
          return { changement: { ...changement, status }, evenement, acte };
        },
        { at: clock(), idempotence: idempotence && { ...idempotence, acteurId: acteur.id }, juger },
      )
      .catch(async (error: unknown) => {
        if (refusee) await appointments.noter(refusee, { ...acte, issue: 'refus', raison: refus('autre_medecin').code });
        throw error;
      });
    if (typeof ecriture === 'string') compter(ecriture);
    if (ecriture === 'perdue') throw new AppError(versionAttendue === undefined ? 'conflict' : 'stale');
    if (ecriture === 'creneau_pris') throw new AppError('conflict', 'appointment.creneau_pris', 'Ce créneau chevauche un rendez-vous déjà confirmé.');
    if ('rejouee' in ecriture) return ecriture;
    compter(issue);
    return { appointment: ecriture.ecrit };
  };
}
