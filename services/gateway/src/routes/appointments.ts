import type { Appointment } from '@mediai/contracts/appointments/v1/appointments_service';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Deps } from '../deps.ts';
import { appointmentJson } from '../wire/appointment-json.ts';
import { callOptions, etag, expectedVersion } from '../wire/call-options.ts';
import { fromIso } from '../wire/instant.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/appointments/';
const APPOINTMENT = { $ref: 'Appointment#' };
const id = { type: ['integer', 'null'], minimum: 1, maximum: 2_147_483_647 };
const text = { type: ['string', 'null'], maxLength: 5000 };
const instant = { type: 'string', minLength: 1, maxLength: 40, description: 'ISO 8601' };

type Id = { Params: { id: number } };
type Nullable<T> = T | null | undefined;
type Asked = { patient?: Nullable<number>; medecin?: Nullable<number>; fiche?: Nullable<number>; requested_start: string; requested_end: string; consultation_mode?: Nullable<string>; location_note?: Nullable<string>; message_patient?: Nullable<string> };

const said = <T>(value: Nullable<T>): T | undefined => (value === null || value === '' ? undefined : value);

function answer(reply: FastifyReply, message: Appointment | undefined) {
  const appointment = present(message);
  reply.header('etag', etag(appointment.version));
  return appointmentJson(appointment);
}

/** Appointments: `/api/v1/appointments/…`. */
export function addAppointmentRoutes(app: FastifyInstance, { appointments }: Deps): void {
  const route = protectedRoute('Rendez-vous');

  const asked = {
    type: 'object',
    properties: { patient: id, medecin: id, fiche: id, requested_start: instant, requested_end: instant, consultation_mode: { type: ['string', 'null'], enum: ['presentiel', 'distanciel', '', null] }, location_note: text, message_patient: text },
    required: ['requested_start', 'requested_end'],
    examples: [{ medecin: 2, requested_start: '2026-12-01T09:00:00+02:00', requested_end: '2026-12-01T09:30:00+02:00', consultation_mode: 'presentiel', message_patient: 'Contrôle' }],
  };
  app.post<{ Body: Asked }>(BASE, route('Demander un rendez-vous', 'actif', { body: asked, response: { 201: APPOINTMENT, ...problems(400, 401, 403, 422) } }), async (request, reply) => {
    const { body } = request;
    const created = await appointments.createAppointment(
      {
        patient: said(body.patient),
        medecin: said(body.medecin),
        fiche: said(body.fiche),
        requestedStart: fromIso('requested_start', body.requested_start),
        requestedEnd: fromIso('requested_end', body.requested_end),
        consultationMode: said(body.consultation_mode),
        locationNote: said(body.location_note),
        messagePatient: said(body.message_patient),
      },
      callOptions(request),
    );
    if (created.replayed) reply.header('idempotent-replayed', 'true');
    reply.code(201);
    return answer(reply, created.appointment);
  });

  const day = { type: 'string', format: 'date' };
  app.get<{ Querystring: PageQuery & { status?: string; date_debut?: string; date_fin?: string } }>(BASE, route('Lister les rendez-vous', 'actif', { querystring: { type: 'object', properties: { ...pageQuery, status: { type: 'string' }, date_debut: day, date_fin: day } }, response: { 200: pageSchema(APPOINTMENT), ...problems(400, 401, 403) } }), async (request) => {
    const { status, date_debut, date_fin } = request.query;
    const page = readPage(request.query);
    const list = await appointments.listAppointments({ ...page, status: (status ?? '').split(',').map((word) => word.trim()).filter(Boolean), dateDebut: date_debut, dateFin: date_fin }, callOptions(request));
    return toPage(request, page, list, list.appointments.map(appointmentJson));
  });

  app.get<Id>(`${BASE}:id/`, route('Lire un rendez-vous', 'actif', { params: idParams, response: { 200: APPOINTMENT, ...problems(401, 403, 404) } }), async (request, reply) => {
    const { appointment } = await appointments.getAppointment({ id: request.params.id }, callOptions(request));
    return answer(reply, appointment);
  });

  const confirmation = { type: 'object', properties: { confirmed_start: instant, confirmed_end: instant, message_medecin: text }, required: ['confirmed_start', 'confirmed_end'], examples: [{ confirmed_start: '2026-12-01T09:00:00+02:00', confirmed_end: '2026-12-01T09:30:00+02:00' }] };
  app.post<Id & { Body: { confirmed_start: string; confirmed_end: string; message_medecin?: string | null } }>(`${BASE}:id/confirm/`, route('Confirmer un rendez-vous', 'praticien', { params: idParams, body: confirmation, response: { 200: APPOINTMENT, ...problems(400, 401, 403, 404, 409, 412) } }), async (request, reply) => {
    const { confirmed_start, confirmed_end, message_medecin } = request.body;
    const { appointment } = await appointments.confirmAppointment(
      { id: request.params.id, confirmedStart: fromIso('confirmed_start', confirmed_start), confirmedEnd: fromIso('confirmed_end', confirmed_end), messageMedecin: said(message_medecin), versionAttendue: expectedVersion(request) },
      callOptions(request),
    );
    return answer(reply, appointment);
  });

  app.post<Id & { Body: { message_medecin?: string | null } | null }>(`${BASE}:id/decline/`, route('Refuser un rendez-vous', 'praticien', { params: idParams, body: { type: ['object', 'null'], properties: { message_medecin: text } }, response: { 200: APPOINTMENT, ...problems(400, 401, 403, 404, 409, 412) } }), async (request, reply) => {
    const { appointment } = await appointments.declineAppointment({ id: request.params.id, messageMedecin: said(request.body?.message_medecin), versionAttendue: expectedVersion(request) }, callOptions(request));
    return answer(reply, appointment);
  });

  app.post<Id & { Body: { message?: string | null; reason?: string | null } | null }>(`${BASE}:id/cancel/`, route('Annuler un rendez-vous', 'actif', { params: idParams, body: { type: ['object', 'null'], properties: { message: text, reason: text } }, response: { 200: APPOINTMENT, ...problems(400, 401, 403, 404, 409, 412) } }), async (request, reply) => {
    const { appointment } = await appointments.cancelAppointment({ id: request.params.id, message: said(request.body?.message) ?? said(request.body?.reason), versionAttendue: expectedVersion(request) }, callOptions(request));
    return answer(reply, appointment);
  });
}
