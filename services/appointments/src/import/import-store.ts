import { advanceSequence, auditBatch, auditTable, claimRows, etatOf, tables, type Etat } from '@mediai/import-django';
import { openDatabase } from '../database-store.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { ImportedAppointment, Slot } from './judge-appointments.ts';

export type AppointmentImportStore = ReturnType<typeof openAppointmentImportStore>;

/** Appointments taken over, on the service's own database. */
export function openAppointmentImportStore(databaseUrl: string) {
  const { db, close } = openDatabase(databaseUrl);
  return {
    close,
    advance: (sequence: string, upTo: number): Promise<void> => advanceSequence(db, sequence, upTo),
    audit: (etablissementId: number) => (table: string, compte: Parameters<typeof auditTable>[2]) => auditTable(db, table, compte, { service: 'appointments', etablissementId }),
    etat: (ids: readonly number[]): Promise<Etat> => etatOf(db, tables.appointments, 'appointment', ids),

    /** Of these slots, those in which another appointment is confirmed here. */
    async occupied(slots: readonly Slot[]): Promise<Set<number>> {
      if (slots.length === 0) return new Set();
      const list = (values: readonly (number | string)[]): string => `{${values.join(',')}}`;
      const rows = await db.$queryRawUnsafe<{ id: number }[]>(
        // LIMIT keeps it one look into the exclusion constraint's own index for each slot, whatever the statistics say.
        `SELECT wanted.id FROM unnest($1::text::int[], $2::text::int[], $3::text::timestamptz[], $4::text::timestamptz[]) AS wanted(id, medecin_id, debut, fin)
         CROSS JOIN LATERAL (
           SELECT FROM appointment a WHERE a.medecin_id = wanted.medecin_id AND a.id <> wanted.id AND a.status = 'confirmed' AND a.deleted_at IS NULL
             AND tstzrange(a.confirmed_start, a.confirmed_end, '[)') && tstzrange(wanted.debut, wanted.fin, '[)') LIMIT 1) AS other`,
        list(slots.map(({ id }) => id)), list(slots.map(({ medecin }) => medecin)), list(slots.map(({ start }) => start.toISOString())), list(slots.map(({ end }) => end.toISOString())));
      return new Set(rows.map(({ id }) => id));
    },

    /** Appointments, marks and the audit line in one transaction; nobody is told, for nothing happened now. */
    write: (appointments: readonly ImportedAppointment[], etablissementId: number): Promise<void> => db.$transaction(async (tx) => {
      const claimed = await claimRows(tx, tables.appointments, appointments.map(({ id }) => id));
      await tx.appointment.createMany({ data: appointments.filter(({ id }) => claimed.has(id)).map((appointment) => toRow(appointment, etablissementId)) });
      await auditBatch(tx, tables.appointments, [...claimed], { service: 'appointments', etablissementId });
    }),
  };
}

function toRow(appointment: ImportedAppointment, etablissementId: number): Prisma.AppointmentCreateManyInput {
  return {
    id: appointment.id, patient_id: appointment.patient, medecin_id: appointment.medecin, fiche_id: appointment.fiche, etablissement_id: etablissementId, requested_start: appointment.requestedStart,
    requested_end: appointment.requestedEnd, confirmed_start: appointment.confirmedStart, confirmed_end: appointment.confirmedEnd, consultation_mode: appointment.consultationMode,
    location_note: appointment.locationNote, status: appointment.status, message_patient: appointment.messagePatient, message_medecin: appointment.messageMedecin, created_at: appointment.createdAt, updated_at: appointment.updatedAt,
  };
}
