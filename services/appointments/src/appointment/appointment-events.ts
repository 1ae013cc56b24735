import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AppointmentCancelledSchema, AppointmentConfirmedSchema, AppointmentDeclinedSchema, AppointmentRequestedSchema } from '@mediai/contracts/appointments/v1/events';
import { topics, type OutboxEvent } from '@mediai/events';
import type { Appointment } from './appointment.ts';
import type { EvenementAppointment } from './ports.ts';

const schemas = { AppointmentRequested: AppointmentRequestedSchema, AppointmentConfirmed: AppointmentConfirmedSchema, AppointmentDeclined: AppointmentDeclinedSchema };

/** What happened to an appointment, with its state afterwards: ids, times and status, none of the texts. */
export function toOutboxEvent(evenement: EvenementAppointment, appointment: Appointment): OutboxEvent {
  const state = toState(appointment);
  const common = { topic: topics.appointment.name, key: appointment.id };
  if (evenement.type === 'AppointmentCancelled') {
    return { ...common, schema: AppointmentCancelledSchema, message: create(AppointmentCancelledSchema, { appointment: state, parUserId: evenement.parUserId }) };
  }
  const schema = schemas[evenement.type];
  return { ...common, schema, message: create(schema, { appointment: state }) };
}

function toState({ id, patient, medecin, etablissementId, status, confirmedStart, confirmedEnd, version }: Appointment) {
  return {
    id, patientId: patient, medecinId: medecin ?? undefined, etablissementId, status, version,
    confirmedStart: confirmedStart ? timestampFromDate(confirmedStart) : undefined,
    confirmedEnd: confirmedEnd ? timestampFromDate(confirmedEnd) : undefined,
  };
}
