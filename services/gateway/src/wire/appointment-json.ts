import type { Appointment } from '@mediai/contracts/appointments/v1/appointments_service';
import { toIso } from './instant.ts';

const STATUSES: Record<string, string> = { pending: 'En attente', confirmed: 'Confirmé', declined: 'Refusé', cancelled: 'Annulé' };
const MODES: Record<string, string> = { presentiel: 'Présentiel', distanciel: 'Distanciel/Téléconsultation' };

/** An appointment as JSON under the contract's names. */
export function appointmentJson(appointment: Appointment) {
  return {
    id: appointment.id,
    patient: appointment.patient,
    patient_username: appointment.patientUsername,
    medecin: appointment.medecin ?? null,
    medecin_username: appointment.medecinUsername ?? null,
    fiche: appointment.fiche ?? null,
    requested_start: toIso(appointment.requestedStart),
    requested_end: toIso(appointment.requestedEnd),
    confirmed_start: toIso(appointment.confirmedStart),
    confirmed_end: toIso(appointment.confirmedEnd),
    consultation_mode: appointment.consultationMode,
    consultation_mode_display: MODES[appointment.consultationMode] ?? appointment.consultationMode,
    location_note: appointment.locationNote ?? null,
    status: appointment.status,
    status_display: STATUSES[appointment.status] ?? appointment.status,
    message_patient: appointment.messagePatient ?? null,
    message_medecin: appointment.messageMedecin ?? null,
    doctor_message: appointment.messageMedecin ?? null,
    cancel_message: appointment.cancelMessage ?? null,
    created_at: toIso(appointment.createdAt),
    updated_at: toIso(appointment.updatedAt),
    version: appointment.version,
  };
}

const nullable = (type: string) => ({ type: [type, 'null'] });

/** Schema of an appointment as answered. */
export const appointmentSchema = {
  $id: 'Appointment',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    patient: { type: 'integer' },
    patient_username: { type: 'string' },
    medecin: nullable('integer'),
    medecin_username: nullable('string'),
    fiche: nullable('integer'),
    requested_start: nullable('string'),
    requested_end: nullable('string'),
    confirmed_start: nullable('string'),
    confirmed_end: nullable('string'),
    consultation_mode: { type: 'string', enum: Object.keys(MODES) },
    consultation_mode_display: { type: 'string' },
    location_note: nullable('string'),
    status: { type: 'string', enum: Object.keys(STATUSES) },
    status_display: { type: 'string' },
    message_patient: nullable('string'),
    message_medecin: nullable('string'),
    doctor_message: nullable('string'),
    cancel_message: nullable('string'),
    created_at: nullable('string'),
    updated_at: nullable('string'),
    version: { type: 'integer' },
  },
} as const;
