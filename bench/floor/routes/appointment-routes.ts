import type { FastifyInstance } from 'fastify';
import { pageQuery, readPage, type PageQuery } from '../../../services/gateway/src/wire/page.ts';
import { appelOf, sendJson, sendVersioned, type Protect } from '../app.ts';
import type { FloorOperations, Operations } from '../operations.ts';
import { pageJson } from './page-json.ts';
import { readInstant, said, words } from './read-body.ts';

const BASE = '/api/v1/appointments/';
const id = { type: ['integer', 'null'], minimum: 1, maximum: 2_147_483_647 };
const text = { type: ['string', 'null'], maxLength: 5000 };
const instant = { type: 'string', minLength: 1, maxLength: 40 };
const day = { type: 'string', format: 'date' };
const params = { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } }, required: ['id'] };
const asked = {
  type: 'object',
  properties: { patient: id, medecin: id, fiche: id, requested_start: instant, requested_end: instant, consultation_mode: { type: ['string', 'null'], enum: ['presentiel', 'distanciel', '', null] }, location_note: text, message_patient: text },
  required: ['requested_start', 'requested_end'],
};

type Nullable<T> = T | null | undefined;
type Asked = { patient?: Nullable<number>; medecin?: Nullable<number>; fiche?: Nullable<number>; requested_start: string; requested_end: string; consultation_mode?: Nullable<string>; location_note?: Nullable<string>; message_patient?: Nullable<string> };

/** Appointments: a page, a new one. */
export function addAppointmentRoutes(app: FastifyInstance, protect: Protect, operations: Operations): void {
  app.post<{ Body: Asked }>(BASE, protect('actif', { body: asked }), async (request, reply) => {
    const { body } = request;
    const demande = {
      patient: said(body.patient), medecin: said(body.medecin), fiche: said(body.fiche), consultationMode: said(body.consultation_mode), locationNote: said(body.location_note), messagePatient: said(body.message_patient),
      requestedStart: readInstant('requested_start', body.requested_start), requestedEnd: readInstant('requested_end', body.requested_end),
    };
    return sendVersioned(reply.code(201), await operations.createAppointment(appelOf(request), demande));
  });

  const querystring = { type: 'object', properties: { ...pageQuery, status: { type: 'string' }, date_debut: day, date_fin: day } };
  app.get<{ Querystring: PageQuery & { status?: string; date_debut?: string; date_fin?: string } }>(BASE, protect('actif', { querystring }), async (request, reply) => {
    const { status, date_debut: dateDebut, date_fin: dateFin } = request.query;
    const page = readPage(request.query);
    return sendJson(reply, pageJson(request, page, await operations.listAppointments(appelOf(request), { ...page, status: words(status), dateDebut, dateFin })));
  });
}

/** What is measured of the floor alone. */
export function addConfirmationRoutes(app: FastifyInstance, protect: Protect, operations: FloorOperations): void {
  const body = { type: 'object', properties: { confirmed_start: instant, confirmed_end: instant, message_medecin: text }, required: ['confirmed_start', 'confirmed_end'] };
  app.post<{ Params: { id: number }; Body: { confirmed_start: string; confirmed_end: string; message_medecin?: string | null } }>(`${BASE}:id/confirm/`, protect('praticien', { params, body }), async (request, reply) => {
    const { confirmed_start, confirmed_end, message_medecin } = request.body;
    const confirmation = { id: request.params.id, confirmedStart: readInstant('confirmed_start', confirmed_start), confirmedEnd: readInstant('confirmed_end', confirmed_end), messageMedecin: said(message_medecin) };
    return sendVersioned(reply, await operations.confirmAppointment(appelOf(request), confirmation));
  });
}
