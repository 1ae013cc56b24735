import { exiger } from '../acces/acces.ts';
import { createAnswerAppointment, type AnswerNeeds, type Reponse } from './answer-appointment.ts';
import { createFaults, readTexte } from './demande.ts';

/** The patient, the médecin or an admin cancels a pending or confirmed appointment; why is kept beside the patient's own words. */
export function createCancelAppointment(needs: AnswerNeeds) {
  const answer = createAnswerAppointment(needs);
  return async (cancellation: Reponse & { message?: string | undefined }) => {
    const { acteur, message } = cancellation;
    exiger(acteur, 'annuler');
    const faults = createFaults();
    const cancelMessage = readTexte(faults, 'message', message);
    faults.refuse();
    return answer(cancellation, { action: 'annuler', changement: { cancelMessage }, evenement: { type: 'AppointmentCancelled', parUserId: acteur.id }, issue: 'cancelled' });
  };
}
