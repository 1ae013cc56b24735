import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { labResultExample, labResultJson, labResultProperties, readLabResult, type LabResultBody } from '../wire/lab-result-json.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { ficheId, idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/lab-results/';
const RESULT = { $ref: 'LabResult#' };
const REQUIRED = ['type_analyse', 'valeur', 'date_prelevement'];

type Id = { Params: { id: number } };

/** Results of laboratories: `/api/v1/lab-results/…`. */
export function addLabResultRoutes(app: FastifyInstance, { dossier }: Deps): void {
  const route = protectedRoute('Dossier');
  const body = (properties: object, required: string[], example: object) => ({ type: 'object', properties: { ...properties, ...labResultProperties }, required, examples: [example] });

  app.get<{ Querystring: PageQuery & { fiche?: number } }>(BASE, route('Lister les résultats de laboratoire', 'actif', { querystring: { type: 'object', properties: { ...pageQuery, fiche: ficheId } }, response: { 200: pageSchema(RESULT), ...problems(400, 401, 403, 404) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await dossier.listLabResults({ fiche: request.query.fiche, ...asked }, callOptions(request));
    return toPage(request, asked, list, list.results.map(labResultJson));
  });

  app.post<{ Body: LabResultBody & { fiche: number } }>(BASE, route('Ajouter un résultat de laboratoire', 'actif', { body: body({ fiche: ficheId }, ['fiche', ...REQUIRED], { fiche: 12, ...labResultExample }), response: { 201: RESULT, ...problems(400, 401, 403, 404, 409, 422) } }), async (request, reply) => {
    const { result, replayed } = await dossier.createLabResult({ fiche: request.body.fiche, result: readLabResult(request.body) }, callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    return reply.code(201).send(labResultJson(present(result)));
  });

  app.get<Id>(`${BASE}:id/`, route('Lire un résultat de laboratoire', 'actif', { params: idParams, response: { 200: RESULT, ...problems(401, 403, 404) } }), async (request) => {
    const { result } = await dossier.getLabResult({ id: request.params.id }, callOptions(request));
    return labResultJson(present(result));
  });

  for (const method of ['PUT', 'PATCH'] as const) {
    const complet = method === 'PUT';
    app.route<Id & { Body: LabResultBody }>({
      method,
      url: `${BASE}:id/`,
      ...route(complet ? 'Remplacer un résultat de laboratoire' : 'Modifier un résultat de laboratoire', 'actif', { params: idParams, body: body({}, complet ? REQUIRED : [], complet ? labResultExample : { valeur: '++' }), response: { 200: RESULT, ...problems(400, 401, 403, 404, 409) } }),
      handler: async (request) => {
        const { result } = await dossier.updateLabResult({ id: request.params.id, result: readLabResult(request.body), complet }, callOptions(request));
        return labResultJson(present(result));
      },
    });
  }

  app.delete<Id>(`${BASE}:id/`, route('Supprimer un résultat de laboratoire', 'actif', { params: idParams, response: { 204: { type: 'null' }, ...problems(400, 401, 403, 404, 409) } }), async (request, reply) => {
    await dossier.deleteLabResult({ id: request.params.id }, callOptions(request));
    return reply.code(204).send();
  });
}
