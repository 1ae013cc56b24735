import { exiger } from '../acces/acces.ts';
import { createAnswerAppointment, type AnswerNeeds, type Reponse } from './answer-appointment.ts';
import { createFaults, readTexte, readTimes } from './demande.ts';

export type Confirmation = Reponse & { confirmedStart?: Date | undefined; confirmedEnd?: Date | undefined; messageMedecin?: string | undefined };

/**
 * The médecin agrees to a time; an unassigned appointment becomes theirs.
 * @throws AppError conflict `appointment.creneau_pris` on any overlap with a confirmed appointment of theirs
 */
export function createConfirmAppointment(needs: AnswerNeeds) {
  const answer = createAnswerAppointment(needs);
  return async (confirmation: Confirmation) => {
    exiger(confirmation.acteur, 'confirmer');
    const faults = createFaults();
    const { start, end } = readTimes(faults, 'confirmed', confirmation.confirmedStart, confirmation.confirmedEnd);
    const messageMedecin = readTexte(faults, 'message_medecin', confirmation.messageMedecin);
    faults.refuse();
    const changement = { medecin: confirmation.acteur.id, confirmedStart: start, confirmedEnd: end, messageMedecin };
    return answer(confirmation, { action: 'confirmer', changement, evenement: { type: 'AppointmentConfirmed' }, issue: 'confirmed' });
  };
}
