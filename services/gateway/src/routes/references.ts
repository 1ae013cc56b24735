import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { cursorQuery, pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { readReference, referenceExample, referenceJson, referenceProperties, type ReferenceBody } from '../wire/reference-json.ts';
import { ficheId, ficheQuery, idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/references/';
const OF_FICHE = '/api/v1/fiche-consultation/:id/references/';
const REFERENCE = { $ref: 'FicheReference#' };

type Id = { Params: { id: number } };

/** References beside fiches: `/api/v1/references/…` and those of one fiche. */
export function addReferenceRoutes(app: FastifyInstance, { dossier }: Deps): void {
  const route = protectedRoute('Dossier');
  const body = (properties: object, required: string[], example: object) => ({ type: 'object', properties: { ...properties, ...referenceProperties }, required, examples: [example] });

  app.get<Id>(OF_FICHE, route("Lister les références d'une fiche", 'actif', { params: idParams, response: { 200: { type: 'array', items: REFERENCE }, ...problems(401, 403, 404) } }), async (request) => {
    const { references } = await dossier.listFicheReferences({ fiche: request.params.id }, callOptions(request));
    return references.map(referenceJson);
  });

  app.post<Id & { Body: ReferenceBody }>(OF_FICHE, route('Ajouter une référence à une fiche', 'actif', { params: idParams, body: body({}, ['title'], referenceExample), response: { 201: REFERENCE, ...problems(400, 401, 403, 404, 409, 422) } }), async (request, reply) => {
    const { reference, replayed } = await dossier.createReference({ fiche: request.params.id, reference: readReference(request.body) }, callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    return reply.code(201).send(referenceJson(present(reference)));
  });

  app.get<{ Querystring: PageQuery & { fiche?: number | null } }>(BASE, route('Lister les références', 'actif', { querystring: { type: 'object', properties: { ...pageQuery, ...cursorQuery, fiche: ficheQuery } }, response: { 200: pageSchema(REFERENCE), ...problems(400, 401, 403, 404) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await dossier.listReferences({ fiche: request.query.fiche ?? undefined, ...asked, cursor: request.query.cursor || undefined }, callOptions(request));
    return toPage(request, asked, list, list.references.map(referenceJson), { cursor: request.query.cursor || undefined, nextCursor: list.nextCursor });
  });

  app.post<{ Body: ReferenceBody & { fiche: number } }>(BASE, route('Ajouter une référence', 'actif', { body: body({ fiche: ficheId }, ['fiche', 'title'], { fiche: 12, ...referenceExample }), response: { 201: REFERENCE, ...problems(400, 401, 403, 404, 409, 422) } }), async (request, reply) => {
    const { reference, replayed } = await dossier.createReference({ fiche: request.body.fiche, reference: readReference(request.body) }, callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    return reply.code(201).send(referenceJson(present(reference)));
  });

  app.get<Id>(`${BASE}:id/`, route('Lire une référence', 'actif', { params: idParams, response: { 200: REFERENCE, ...problems(401, 403, 404) } }), async (request) => {
    const { reference } = await dossier.getReference({ id: request.params.id }, callOptions(request));
    return referenceJson(present(reference));
  });

  for (const method of ['PUT', 'PATCH'] as const) {
    const complet = method === 'PUT';
    app.route<Id & { Body: ReferenceBody }>({
      method,
      url: `${BASE}:id/`,
      ...route(complet ? 'Remplacer une référence' : 'Modifier une référence', 'actif', { params: idParams, body: body({}, complet ? ['title'] : [], complet ? referenceExample : { year: 2022 }), response: { 200: REFERENCE, ...problems(400, 401, 403, 404, 409) } }),
      handler: async (request) => {
        const { reference } = await dossier.updateReference({ id: request.params.id, reference: readReference(request.body), complet }, callOptions(request));
        return referenceJson(present(reference));
      },
    });
  }

  app.delete<Id>(`${BASE}:id/`, route('Supprimer une référence', 'actif', { params: idParams, response: { 204: { type: 'null' }, ...problems(400, 401, 403, 404, 409) } }), async (request, reply) => {
    await dossier.deleteReference({ id: request.params.id }, callOptions(request));
    return reply.code(204).send();
  });
}
