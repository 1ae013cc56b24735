import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { effacementJson } from '../wire/effacement-json.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/effacements/';
const DEMANDE = { $ref: 'Effacement#' };
type Id = { Params: { id: number } };

/** Deciding on requests to erase: `/api/v1/effacements/`. */
export function addEffacementRoutes(app: FastifyInstance, { effacements }: Deps): void {
  const route = protectedRoute('Effacements');

  const query = { type: 'object', properties: { ...pageQuery, statut: { type: 'string', description: 'Un ou plusieurs états, séparés par des virgules.' } } };
  app.get<{ Querystring: PageQuery & { statut?: string } }>(BASE, route("Lister les demandes d'effacement de l'établissement", 'admin', { querystring: query, response: { 200: pageSchema(DEMANDE), ...problems(400, 401, 403) } }), async (request) => {
    const asked = readPage(request.query);
    const statut = (request.query.statut ?? '').split(',').map((mot) => mot.trim()).filter(Boolean);
    const list = await effacements.listEffacements({ statut, ...asked }, callOptions(request));
    return toPage(request, asked, list, list.effacements.map(effacementJson));
  });

  app.post<Id>(`${BASE}:id/accept/`, route("Accepter une demande d'effacement", 'admin', { description: "Les fiches sont pseudonymisées, puis le compte est fermé. Après un 503 la demande reste `acceptee` : l'accepter de nouveau la termine.", params: idParams, body: { type: ['object', 'null'] }, response: { 200: DEMANDE, ...problems(400, 401, 403, 404, 409, 503) } }), async (request) =>
    effacementJson(present((await effacements.acceptEffacement({ id: request.params.id }, callOptions(request))).effacement)));

  const refusal = { type: 'object', properties: { motif: { type: 'string', title: 'Motif', minLength: 1, maxLength: 2_000 } }, required: ['motif'], examples: [{ motif: "Un traitement est en cours : la demande pourra être renouvelée après." }] };
  app.post<Id & { Body: { motif: string } }>(`${BASE}:id/reject/`, route("Refuser une demande d'effacement", 'admin', { description: 'La personne lit le motif dans ses demandes.', params: idParams, body: refusal, response: { 200: DEMANDE, ...problems(400, 401, 403, 404, 409) } }), async (request) =>
    effacementJson(present((await effacements.rejectEffacement({ id: request.params.id, motif: request.body.motif }, callOptions(request))).effacement)));
}
