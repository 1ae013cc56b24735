import { timestampDate } from '@bufbuild/protobuf/wkt';
import { AppointmentCancelledSchema, AppointmentConfirmedSchema, AppointmentDeclinedSchema, type AppointmentState } from '@mediai/contracts/appointments/v1/events';
import { FicheValidatedSchema } from '@mediai/contracts/consultation/v1/events';
import { on, type EventHandler } from '@mediai/events';
import type { AppointmentChange } from './annonce.ts';
import type { createAnnounceAppointment, createAnnounceFiche } from './announce.ts';

export type AnnounceUseCases = { announceFiche: ReturnType<typeof createAnnounceFiche>; announceAppointment: ReturnType<typeof createAnnounceAppointment> };

/** Event type -> what is to be told. An event without its state tells nothing. */
export function announceHandlers({ announceFiche, announceAppointment }: AnnounceUseCases): Record<string, EventHandler> {
  const appointment = async (eventId: string, state: AppointmentState | undefined, kind: AppointmentChange['kind'], parUserId: number | null = null) => {
    if (state) await announceAppointment(eventId, { ...toChange(state), kind, parUserId });
  };
  return Object.fromEntries([
    on(FicheValidatedSchema, async ({ fiche }, { eventId }) => {
      if (fiche) await announceFiche(eventId, fiche);
    }),
    on(AppointmentConfirmedSchema, (event, { eventId }) => appointment(eventId, event.appointment, 'confirmed')),
    on(AppointmentDeclinedSchema, (event, { eventId }) => appointment(eventId, event.appointment, 'declined')),
    on(AppointmentCancelledSchema, (event, { eventId }) => appointment(eventId, event.appointment, 'cancelled', event.parUserId)),
  ]);
}

function toChange(state: AppointmentState): Omit<AppointmentChange, 'kind' | 'parUserId'> {
  return {
    id: state.id, patientId: state.patientId, medecinId: state.medecinId ?? null, etablissementId: state.etablissementId, status: state.status,
    debut: state.confirmedStart ? timestampDate(state.confirmedStart) : null, version: state.version,
  };
}
