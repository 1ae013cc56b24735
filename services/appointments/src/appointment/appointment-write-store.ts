import { auditInsert, together, type AuditEntry, type SqlExecutor, type Statement } from '@mediai/db';
import { outboxInsert } from '@mediai/events';
import { auteurDe } from '@mediai/kit/acteur';
import { toOutboxEvent } from './appointment-events.ts';
import { columns, names, toAppointment, type Row } from './appointment-row-store.ts';
import type { Appointment, Changement, NewAppointment } from './appointment.ts';
import type { Acte, Effets } from './ports.ts';

export const objetType = 'appointment';

/** First key of the advisory locks on médecins; the second is the médecin's id. */
const medecinLock = 7_305_030;

/** An act as a row of the audit table. */
export function ligneAudit({ id, etablissementId }: Pick<Appointment, 'id' | 'etablissementId'>, { acteur, action, raison, issue = 'ok' }: Acte): AuditEntry {
  const auteur = acteur ? auteurDe(acteur) : { acteurId: null, acteurRole: 'service:appointments' };
  return { ...auteur, action, objetType, objetId: id, etablissementId, issue, raison: raison ?? null };
}

/** Writes a new appointment with its event and its audit row, in one statement. */
export async function writeNew(sql: SqlExecutor, nouveau: NewAppointment & { id: number }, effets: Effets, at: Date): Promise<Appointment> {
  const after: Appointment = { ...nouveau, patientUsername: null, medecinUsername: null, confirmedStart: null, confirmedEnd: null, status: 'pending', messageMedecin: null, cancelMessage: null, createdAt: at, updatedAt: at, version: 1 };
  const insertion: Statement = {
    sql: `a AS (
      INSERT INTO appointment (id, patient_id, medecin_id, fiche_id, etablissement_id, requested_start, requested_end, consultation_mode, location_note, message_patient, created_at, updated_at)
      VALUES ($1::int, $2::int, $3::int, $4::int, $5::int, $6::timestamptz, $7::timestamptz, $8, $9, $10, $11::timestamptz, $11::timestamptz)
      RETURNING *)`,
    params: [after.id, after.patient, after.medecin, after.fiche, after.etablissementId, after.requestedStart, after.requestedEnd, after.consultationMode, after.locationNote, after.messagePatient, at],
  };
  return (await write(sql, [insertion], after, effets)) as Appointment;
}

/** Writes a change of the version that was seen, with its event and its audit row, in one statement. Undefined when another write came first. */
export function writeChange(sql: SqlExecutor, seen: Appointment, changement: Changement, effets: Effets, at: Date): Promise<Appointment | undefined> {
  const { confirmedStart, confirmedEnd, messageMedecin, cancelMessage } = changement;
  const after: Appointment = {
    ...seen,
    status: changement.status,
    medecin: changement.medecin ?? seen.medecin,
    confirmedStart: confirmedStart ?? seen.confirmedStart,
    confirmedEnd: confirmedEnd ?? seen.confirmedEnd,
    messageMedecin: messageMedecin ?? seen.messageMedecin,
    cancelMessage: cancelMessage ?? seen.cancelMessage,
    version: seen.version + 1,
    updatedAt: at,
  };
  // One after the other per médecin: rivals for a slot that met in the exclusion constraint would wait for each other, a second each until the deadlock is seen.
  const locks = after.status === 'confirmed';
  const modification: Statement = {
    sql: `${locks ? `verrou AS MATERIALIZED (SELECT pg_advisory_xact_lock(${medecinLock}, $2::int)), ` : ''}a AS (
      UPDATE appointment SET status = $1, medecin_id = $2::int, confirmed_start = $3::timestamptz, confirmed_end = $4::timestamptz, message_medecin = $5, cancel_message = $6, version = version + 1, updated_at = $7::timestamptz
      ${locks ? 'FROM verrou ' : ''}WHERE id = $8::int AND version = $9::int AND deleted_at IS NULL
      RETURNING *)`,
    params: [after.status, after.medecin, after.confirmedStart, after.confirmedEnd, after.messageMedecin, after.cancelMessage, at, seen.id, seen.version],
  };
  return write(sql, [modification], after, effets);
}

/** Runs the part `a` with what belongs to it. @returns the appointment with its names; undefined where `a` wrote none */
async function write(sql: SqlExecutor, parts: Statement[], after: Appointment, { evenement, acte }: Effets): Promise<Appointment | undefined> {
  const annonce = outboxInsert([toOutboxEvent(evenement, after)], 'a');
  const audit = auditInsert(ligneAudit(after, acte), 'a');
  const all = [...parts, { sql: `annonce AS (${annonce.sql})`, params: annonce.params }, { sql: `acte AS (${audit.sql})`, params: audit.params }];
  const { sql: text, params } = together(all, { sql: `SELECT ${columns} FROM a ${names}`, params: [] });
  const [row] = await sql.$queryRawUnsafe<Row[]>(text, ...params);
  return row && toAppointment(row);
}
