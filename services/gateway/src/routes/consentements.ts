import { invalid } from '@mediai/kit/errors';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { consentementJson } from '../wire/consentement-json.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/consentements/';
const CONSENTEMENT = { $ref: 'Consentement#' };
const finalite = { type: 'string', maxLength: 40, description: 'Ce à quoi on consent : analyse_ia.' };

/** One's own consents: `/api/v1/consentements/`. */
export function addConsentementRoutes(app: FastifyInstance, { auth }: Deps): void {
  const route = protectedRoute('Consentements');

  app.get<{ Querystring: PageQuery }>(BASE, route('Lister ses consentements', 'compte', { description: 'Les retirés compris.', querystring: { type: 'object', properties: pageQuery }, response: { 200: pageSchema(CONSENTEMENT), ...problems(400, 401) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await auth.listConsentements(asked, callOptions(request));
    return toPage(request, asked, list, list.consentements.map(consentementJson));
  });

  const given = { type: 'object', properties: { finalite: { ...finalite, minLength: 1 }, version: { type: 'string', minLength: 1, maxLength: 40 } }, required: ['finalite', 'version'], examples: [{ finalite: 'analyse_ia', version: '2026-11' }] };
  app.post<{ Body: { finalite: string; version: string } }>(BASE, route('Donner un consentement', 'compte', { body: given, response: { 201: CONSENTEMENT, ...problems(400, 401, 409, 422) } }), async (request, reply) => {
    const { consentement, replayed } = await auth.giveConsentement({ finalite: request.body.finalite, version: request.body.version }, callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    reply.code(201);
    return consentementJson(present(consentement));
  });

  const withdrawn = { querystring: { type: 'object', properties: { finalite } }, body: { type: ['object', 'null'], properties: { finalite }, examples: [{ finalite: 'analyse_ia' }] } };
  app.delete<{ Querystring: { finalite?: string }; Body: { finalite?: string } | null | undefined }>(BASE, route('Retirer un consentement', 'compte', { description: 'La finalité est dite dans le corps ou dans `?finalite=`.', ...withdrawn, response: { 204: { type: 'null' }, ...problems(400, 401) } }), async (request, reply) => {
    const named = request.body?.finalite || request.query.finalite;
    if (!named) throw invalid({ finalite: ['Ce champ est obligatoire.'] });
    await auth.withdrawConsentement({ finalite: named }, callOptions(request));
    return reply.code(204).send();
  });
}
