import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import type { AppointmentSchema } from '@mediai/contracts/appointments/v1/appointments_service';
import type { Appointment } from '../../services/appointments/src/appointment/appointment.ts';

const instant = (date: Date | null): Timestamp | undefined => (date ? timestampFromDate(date) : undefined);

/** An appointment as its message. */
export function appointmentMessage({ patientUsername, medecin, medecinUsername, fiche, locationNote, messagePatient, messageMedecin, cancelMessage, ...rest }: Appointment): MessageInitShape<typeof AppointmentSchema> {
  return {
    id: rest.id, patient: rest.patient, patientUsername: patientUsername ?? '', medecin: medecin ?? undefined, medecinUsername: medecinUsername ?? undefined, fiche: fiche ?? undefined,
    requestedStart: instant(rest.requestedStart), requestedEnd: instant(rest.requestedEnd), confirmedStart: instant(rest.confirmedStart), confirmedEnd: instant(rest.confirmedEnd),
    consultationMode: rest.consultationMode, locationNote: locationNote ?? undefined, status: rest.status, messagePatient: messagePatient ?? undefined, messageMedecin: messageMedecin ?? undefined, cancelMessage: cancelMessage ?? undefined,
    createdAt: instant(rest.createdAt), updatedAt: instant(rest.updatedAt), version: rest.version, etablissementId: rest.etablissementId,
  };
}
