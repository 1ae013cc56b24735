import type { Appointment, Mode, Statut } from '../../../services/appointments/src/appointment/appointment.ts';

const STATUSES: Record<Statut, string> = { pending: 'En attente', confirmed: 'Confirmé', declined: 'Refusé', cancelled: 'Annulé' };
const MODES: Record<Mode, string> = { presentiel: 'Présentiel', distanciel: 'Distanciel/Téléconsultation' };

/** An appointment: the same bytes as the gateway's. */
export function appointmentJson(a: Appointment): string {
  return JSON.stringify({
    id: a.id, patient: a.patient, patient_username: a.patientUsername ?? '', medecin: a.medecin, medecin_username: a.medecinUsername, fiche: a.fiche,
    requested_start: a.requestedStart, requested_end: a.requestedEnd, confirmed_start: a.confirmedStart, confirmed_end: a.confirmedEnd,
    consultation_mode: a.consultationMode, consultation_mode_display: MODES[a.consultationMode], location_note: a.locationNote, status: a.status, status_display: STATUSES[a.status],
    message_patient: a.messagePatient, message_medecin: a.messageMedecin, doctor_message: a.messageMedecin, cancel_message: a.cancelMessage, created_at: a.createdAt, updated_at: a.updatedAt, version: a.version,
  });
}
