import type { FastifyInstance } from 'fastify';
import { cursorQuery, pageQuery, readPage, type PageQuery } from '../../../services/gateway/src/wire/page.ts';
import { bodyByHand } from '../../../services/gateway/src/wire/object-body.ts';
import { appelOf, JSON_TYPE, sendJson, sendVersioned, type Protect } from '../app.ts';
import type { FloorOperations, Operations } from '../operations.ts';
import { pageJson } from './page-json.ts';
import { isTrue, readAssigned, readNewFiche, readTexts, textProperties, words, type Body } from './read-body.ts';

const BASE = '/api/v1/fiche-consultation/';
const id = { type: 'integer', minimum: 1, maximum: 2_147_483_647 } as const;
const params = { type: 'object', properties: { id }, required: ['id'] } as const;
const text = { type: 'string' } as const;
const listQuery = { type: 'object', properties: { ...pageQuery, ...cursorQuery, status: text, urgence: text, is_patient_distance: text, assigned_only: text, search: { type: 'string', maxLength: 200 }, ordering: text, deleted: text } };

type Id = { Params: { id: number } };
type ListQuery = { Querystring: PageQuery & Partial<Record<'status' | 'urgence' | 'assigned_only' | 'search' | 'ordering' | 'deleted', string>> };

/** Fiches: one, a page, a new one, the texts of a médecin. */
export function addFicheRoutes(app: FastifyInstance, protect: Protect, operations: Operations): void {
  app.get<Id>(`${BASE}:id/`, protect('actif', { params }), async (request, reply) => sendVersioned(reply, await operations.getFiche(appelOf(request), request.params.id)));

  app.get<ListQuery>(BASE, protect('actif', { querystring: listQuery }), async (request, reply) => {
    const { query } = request;
    const asked = readPage(query);
    const demande = { ...asked, status: words(query.status), urgence: words(query.urgence), assignedOnly: isTrue(query.assigned_only), search: query.search?.trim() ?? '', ordering: query.ordering ?? '', supprimees: isTrue(query.deleted), cursor: query.cursor || undefined };
    return sendJson(reply, pageJson(request, asked, await operations.listFiches(appelOf(request), demande), demande.cursor));
  });

  app.post<{ Body: Body }>(BASE, { ...protect('actif', { body: { type: 'object' } }), ...bodyByHand(app) }, async (request, reply) => {
    const saisie = readNewFiche(request.body);
    const created = await operations.createFiche(appelOf(request), saisie, readAssigned(request.body));
    return sendVersioned(reply.code(201).header('location', `${BASE}${created.id}/`), created);
  });

  app.patch<Id & { Body: Body }>(`${BASE}:id/edit-diagnostic/`, protect('medecin', { params, body: { type: 'object', properties: textProperties } }), async (request, reply) => {
    const edited = await operations.editDiagnostic(appelOf(request), request.params.id, readTexts(request.body));
    return reply.header('etag', `"${edited.version}"`).type(JSON_TYPE).send(`{"detail":"Modifications enregistrées.","fiche":${edited.json}}`);
  });
}

/** What is measured of the floor alone. */
export function addDecisionRoutes(app: FastifyInstance, protect: Protect, operations: FloorOperations): void {
  const body = { type: ['object', 'null'], properties: { ...textProperties, analyses: { type: 'array', maxItems: 50, items: id } } };
  app.post<Id & { Body: (Body & { analyses?: number[] }) | null }>(`${BASE}:id/validate/`, protect('medecin', { params, body }), async (request, reply) => {
    const said = request.body ?? {};
    return sendVersioned(reply, await operations.validateFiche(appelOf(request), request.params.id, readTexts(said), said.analyses ?? []));
  });
}
