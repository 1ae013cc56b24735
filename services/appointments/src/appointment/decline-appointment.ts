import { exiger } from '../acces/acces.ts';
import { createAnswerAppointment, type AnswerNeeds, type Reponse } from './answer-appointment.ts';
import { createFaults, readTexte } from './demande.ts';

/** A médecin refuses a pending appointment, their own or an unassigned one of the établissement. */
export function createDeclineAppointment(needs: AnswerNeeds) {
  const answer = createAnswerAppointment(needs);
  return async (refusal: Reponse & { messageMedecin?: string | undefined }) => {
    exiger(refusal.acteur, 'refuser');
    const faults = createFaults();
    const messageMedecin = readTexte(faults, 'message_medecin', refusal.messageMedecin);
    faults.refuse();
    return answer(refusal, { action: 'refuser', changement: { messageMedecin }, evenement: { type: 'AppointmentDeclined' }, issue: 'declined' });
  };
}
