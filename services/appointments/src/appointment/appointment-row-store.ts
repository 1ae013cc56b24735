import type { Appointment, Mode, Statut } from './appointment.ts';

export type Row = {
  id: number; patient_id: number; patient_username: string | null; medecin_id: number | null; medecin_username: string | null; fiche_id: number | null; etablissement_id: number;
  requested_start: Date; requested_end: Date; confirmed_start: Date | null; confirmed_end: Date | null; consultation_mode: string; location_note: string | null; status: string;
  message_patient: string | null; message_medecin: string | null; cancel_message: string | null; created_at: Date; updated_at: Date; version: number;
};

/** What is read of `a`, the table or a part of a statement that writes it. */
export const columns = `a.id, a.patient_id, p.username AS patient_username, a.medecin_id, m.username AS medecin_username, a.fiche_id, a.etablissement_id,
  a.requested_start, a.requested_end, a.confirmed_start, a.confirmed_end, a.consultation_mode, a.location_note, a.status, a.message_patient, a.message_medecin, a.cancel_message,
  a.created_at, a.updated_at, a.version`;
/** Names come with the rows, from what auth told of its users. */
export const names = 'LEFT JOIN user_projection p ON p.id = a.patient_id LEFT JOIN user_projection m ON m.id = a.medecin_id';

/** A row as the domain reads it. */
export function toAppointment(row: Row): Appointment {
  return {
    id: row.id,
    patient: row.patient_id,
    patientUsername: row.patient_username,
    medecin: row.medecin_id,
    medecinUsername: row.medecin_username,
    fiche: row.fiche_id,
    etablissementId: row.etablissement_id,
    requestedStart: row.requested_start,
    requestedEnd: row.requested_end,
    confirmedStart: row.confirmed_start,
    confirmedEnd: row.confirmed_end,
    consultationMode: row.consultation_mode as Mode,
    locationNote: row.location_note,
    status: row.status as Statut,
    messagePatient: row.message_patient,
    messageMedecin: row.message_medecin,
    cancelMessage: row.cancel_message,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  };
}
