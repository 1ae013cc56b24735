import { fromBinary, toBinary, create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  AppointmentSchema, CancelAppointmentRequestSchema, ConfirmAppointmentRequestSchema, CreateAppointmentRequestSchema, DeclineAppointmentRequestSchema, type AppointmentsService,
} from '@mediai/contracts/appointments/v1/appointments_service';
import { acteurOf, type CallContext, type Handlers } from '@mediai/kit/grpc';
import type { Appointment } from './appointment.ts';
import type { createCancelAppointment } from './cancel-appointment.ts';
import type { createConfirmAppointment } from './confirm-appointment.ts';
import type { createCreateAppointment } from './create-appointment.ts';
import type { createDeclineAppointment } from './decline-appointment.ts';
import type { createGetAppointment } from './get-appointment.ts';
import type { createListAppointments } from './list-appointments.ts';
import type { CleIdempotence } from './ports.ts';

export type AppointmentUseCases = {
  createAppointment: ReturnType<typeof createCreateAppointment>;
  getAppointment: ReturnType<typeof createGetAppointment>;
  listAppointments: ReturnType<typeof createListAppointments>;
  confirmAppointment: ReturnType<typeof createConfirmAppointment>;
  declineAppointment: ReturnType<typeof createDeclineAppointment>;
  cancelAppointment: ReturnType<typeof createCancelAppointment>;
};

/** Messages <-> use cases. */
export function createAppointmentHandlers(useCases: AppointmentUseCases) {
  return {
    async createAppointment(request, context) {
      const { requestedStart, requestedEnd, ...demande } = request;
      const answer = await useCases.createAppointment({
        acteur: acteurOf(context),
        demande: { ...demande, requestedStart: toDate(requestedStart), requestedEnd: toDate(requestedEnd) },
        motif: context.accessReason,
        idempotence: keyOf(context, CreateAppointmentRequestSchema, request),
      });
      return { appointment: toAnswer(answer), replayed: 'rejouee' in answer };
    },
    async getAppointment({ id }, context) {
      return { appointment: toMessage(await useCases.getAppointment(acteurOf(context), id, context.accessReason)) };
    },
    async listAppointments({ status, dateDebut, dateFin, page, pageSize }, context) {
      const { appointments, count, countExact } = await useCases.listAppointments({ acteur: acteurOf(context), status, dateDebut, dateFin, page, pageSize });
      return { appointments: appointments.map(toMessage), count, countExact };
    },
    async confirmAppointment(request, context) {
      const { id, confirmedStart, confirmedEnd, messageMedecin, versionAttendue } = request;
      const idempotence = keyOf(context, ConfirmAppointmentRequestSchema, request);
      const times = { confirmedStart: toDate(confirmedStart), confirmedEnd: toDate(confirmedEnd) };
      return { appointment: toAnswer(await useCases.confirmAppointment({ acteur: acteurOf(context), id, ...times, messageMedecin, versionAttendue, idempotence })) };
    },
    async declineAppointment(request, context) {
      const { id, messageMedecin, versionAttendue } = request;
      const idempotence = keyOf(context, DeclineAppointmentRequestSchema, request);
      return { appointment: toAnswer(await useCases.declineAppointment({ acteur: acteurOf(context), id, messageMedecin, versionAttendue, idempotence })) };
    },
    async cancelAppointment(request, context) {
      const { id, message, versionAttendue } = request;
      const idempotence = keyOf(context, CancelAppointmentRequestSchema, request);
      return { appointment: toAnswer(await useCases.cancelAppointment({ acteur: acteurOf(context), id, message, versionAttendue, idempotence })) };
    },
  } satisfies Handlers<typeof AppointmentsService>;
}

function keyOf<D extends DescMessage>({ idempotencyKey }: CallContext, schema: D, request: MessageShape<D>): CleIdempotence | undefined {
  if (!idempotencyKey) return undefined;
  const ecrire = (appointment: Appointment): Uint8Array => toBinary(AppointmentSchema, create(AppointmentSchema, toMessage(appointment)));
  return { route: schema.typeName, cle: idempotencyKey, corps: toBinary(schema, request), ecrire };
}

function toAnswer(answer: { appointment: Appointment } | { rejouee: Uint8Array }): MessageInitShape<typeof AppointmentSchema> {
  return 'rejouee' in answer ? fromBinary(AppointmentSchema, answer.rejouee) : toMessage(answer.appointment);
}

const toDate = (instant: Timestamp | undefined): Date | undefined => instant && timestampDate(instant);
const toTimestamp = (date: Date | null): Timestamp | undefined => (date ? timestampFromDate(date) : undefined);

function toMessage(appointment: Appointment): MessageInitShape<typeof AppointmentSchema> {
  return {
    id: appointment.id,
    patient: appointment.patient,
    patientUsername: appointment.patientUsername ?? '',
    medecin: appointment.medecin ?? undefined,
    medecinUsername: appointment.medecinUsername ?? undefined,
    fiche: appointment.fiche ?? undefined,
    requestedStart: toTimestamp(appointment.requestedStart),
    requestedEnd: toTimestamp(appointment.requestedEnd),
    confirmedStart: toTimestamp(appointment.confirmedStart),
    confirmedEnd: toTimestamp(appointment.confirmedEnd),
    consultationMode: appointment.consultationMode,
    locationNote: appointment.locationNote ?? undefined,
    status: appointment.status,
    messagePatient: appointment.messagePatient ?? undefined,
    messageMedecin: appointment.messageMedecin ?? undefined,
    cancelMessage: appointment.cancelMessage ?? undefined,
    createdAt: toTimestamp(appointment.createdAt),
    updatedAt: toTimestamp(appointment.updatedAt),
    version: appointment.version,
    etablissementId: appointment.etablissementId,
  };
}
