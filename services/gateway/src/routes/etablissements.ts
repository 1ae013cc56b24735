import type { Etablissement } from '@mediai/contracts/auth/v1/auth_service';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { etablissementInput, etablissementJson, readEtablissement, type EtablissementWritten } from '../wire/etablissement-json.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/auth/etablissements/';
const ETABLISSEMENT = { $ref: 'Etablissement#' };

type Id = { Params: { id: number } };

const answer = (etablissement: Etablissement | undefined) => etablissementJson(present(etablissement));

/** Établissements: all of them for superusers, their own for admins. */
export function addEtablissementRoutes(app: FastifyInstance, { auth }: Deps): void {
  const route = protectedRoute('Établissements');

  app.get<{ Querystring: PageQuery }>(BASE, route('Lister les établissements', 'admin', { querystring: { type: 'object', properties: pageQuery }, response: { 200: pageSchema(ETABLISSEMENT), ...problems(400, 401, 403) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await auth.listEtablissements(asked, callOptions(request));
    return toPage(request, asked, list, list.etablissements.map(etablissementJson));
  });

  const creation = { type: 'object', properties: { ...etablissementInput, nom: { type: 'string', minLength: 1, maxLength: 200 } }, required: ['nom'], examples: [{ nom: 'Centre de santé Kampemba', telephone_urgence: '+243970000000', fuseau: 'Africa/Lubumbashi', consentement_ia: 'explicite' }] };
  app.post<{ Body: EtablissementWritten }>(BASE, route('Créer un établissement', 'superuser', { body: creation, response: { 201: ETABLISSEMENT, ...problems(400, 401, 403, 409, 422) } }), async (request, reply) => {
    const { etablissement, replayed } = await auth.createEtablissement({ etablissement: readEtablissement(request.body) }, callOptions(request));
    const created = answer(etablissement);
    if (replayed) reply.header('idempotent-replayed', 'true');
    reply.code(201).header('location', `${BASE}${created.id}/`);
    return created;
  });

  app.get<Id>(`${BASE}:id/`, route('Lire un établissement', 'admin', { params: idParams, response: { 200: ETABLISSEMENT, ...problems(401, 403, 404) } }), async (request) => {
    const { etablissement } = await auth.getEtablissement({ id: request.params.id }, callOptions(request));
    return answer(etablissement);
  });

  const change = { type: 'object', properties: etablissementInput, examples: [{ telephone_urgence: '+243970000000' }] };
  for (const method of ['PUT', 'PATCH'] as const) {
    app.route<Id & { Body: EtablissementWritten }>({
      method,
      url: `${BASE}:id/`,
      ...route('Modifier un établissement', 'admin', { description: "Ce qui n'est pas dit reste, par PUT aussi.", params: idParams, body: change, response: { 200: ETABLISSEMENT, ...problems(400, 401, 403, 404, 409) } }),
      handler: async (request) => {
        const { etablissement } = await auth.updateEtablissement({ id: request.params.id, etablissement: readEtablissement(request.body) }, callOptions(request));
        return answer(etablissement);
      },
    });
  }

  app.delete<Id>(`${BASE}:id/`, route('Supprimer un établissement', 'superuser', { description: "Seulement quand personne n'en est.", params: idParams, response: { 204: { type: 'null' }, ...problems(400, 401, 403, 404, 409) } }), async (request, reply) => {
    await auth.deleteEtablissement({ id: request.params.id }, callOptions(request));
    return reply.code(204).send();
  });
}
