import { invalid } from '@mediai/kit/errors';
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { sendDownload } from '../wire/download.ts';
import { requiredId, uploadOf } from '../wire/form.ts';
import { labResultExample, labResultJson, labResultProperties, readLabResult, type LabResultBody } from '../wire/lab-result-json.ts';
import { originOf } from '../wire/origin.ts';
import { cursorQuery, pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { ficheId, ficheQuery, fileAnswer, idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/lab-results/';
const RESULT = { $ref: 'LabResult#' };
const REQUIRED = ['type_analyse', 'valeur', 'date_prelevement'];
const FILE = 'fichier';

type Id = { Params: { id: number } };

/** Results of laboratories, as JSON or as forms with a file; add them to a scope that accepts forms. */
export function addLabResultRoutes(app: FastifyInstance, { dossier }: Deps): void {
  const route = protectedRoute('Dossier');
  const file = { type: ['string', 'null'], description: 'Dans un formulaire (multipart/form-data) : le fichier du laboratoire, 10 Mo au plus. En JSON : null enlève celui qui est là.' };
  const body = (properties: object, required: string[], example: object) => ({ type: 'object', properties: { ...properties, ...labResultProperties, [FILE]: file }, required, examples: [example] });
  const types = { consumes: ['application/json', 'multipart/form-data'] };

  app.get<{ Querystring: PageQuery & { fiche?: number | null } }>(BASE, route('Lister les résultats de laboratoire', 'actif', { querystring: { type: 'object', properties: { ...pageQuery, ...cursorQuery, fiche: ficheQuery } }, response: { 200: pageSchema(RESULT), ...problems(400, 401, 403, 404) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await dossier.listLabResults({ fiche: request.query.fiche ?? undefined, ...asked, cursor: request.query.cursor || undefined }, callOptions(request));
    const origin = originOf(request);
    return toPage(request, asked, list, list.results.map((one) => labResultJson(one, origin)), { cursor: request.query.cursor || undefined, nextCursor: list.nextCursor });
  });

  app.post<{ Body: (LabResultBody & { fiche: number }) | null }>(BASE, { ...route('Ajouter un résultat de laboratoire', 'actif', { ...types, body: body({ fiche: ficheId }, ['fiche', ...REQUIRED], { fiche: 12, ...labResultExample }), response: { 201: RESULT, ...problems(400, 401, 403, 404, 409, 413, 422, 503) } }), ...jsonOrForm(app) }, async (request, reply) => {
    const { result, replayed } = request.isMultipart()
      ? await dossier.uploadLabResult(uploadOf(request, FILE, (fields) => ({ fiche: requiredId(fields, 'fiche'), result: readLabResult(fields) })), callOptions(request))
      : await dossier.createLabResult({ fiche: said(request.body).fiche, result: readLabResult(said(request.body)) }, callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    const created = present(result);
    reply.code(201).header('location', `${BASE}${created.id}/`);
    return labResultJson(created, originOf(request));
  });

  app.get<Id>(`${BASE}:id/`, route('Lire un résultat de laboratoire', 'actif', { params: idParams, response: { 200: RESULT, ...problems(401, 403, 404) } }), async (request) => {
    const { result } = await dossier.getLabResult({ id: request.params.id }, callOptions(request));
    return labResultJson(present(result), originOf(request));
  });

  for (const method of ['PUT', 'PATCH'] as const) {
    const complet = method === 'PUT';
    app.route<Id & { Body: LabResultBody | null }>({
      method,
      url: `${BASE}:id/`,
      ...route(complet ? 'Remplacer un résultat de laboratoire' : 'Modifier un résultat de laboratoire', 'actif', { ...types, description: 'Un patient : les siens, tant que la fiche n’est pas validée.', params: idParams, body: body({}, complet ? REQUIRED : [], complet ? labResultExample : { valeur: '++' }), response: { 200: RESULT, ...problems(400, 401, 403, 404, 409, 413, 503) } }),
      ...jsonOrForm(app),
      handler: async (request) => {
        const { id } = request.params;
        const { result } = request.isMultipart()
          ? await dossier.replaceLabResultFile(uploadOf(request, FILE, (fields) => ({ id, result: readLabResult(fields), complet })), callOptions(request))
          : await dossier.updateLabResult({ id, result: readLabResult(said(request.body)), complet }, callOptions(request));
        return labResultJson(present(result), originOf(request));
      },
    });
  }

  app.delete<Id>(`${BASE}:id/`, route('Supprimer un résultat de laboratoire', 'actif', { description: 'Un patient : les siens, tant que la fiche n’est pas validée.', params: idParams, response: { 204: { type: 'null' }, ...problems(400, 401, 403, 404, 409) } }), async (request, reply) => {
    await dossier.deleteLabResult({ id: request.params.id }, callOptions(request));
    return reply.code(204).send();
  });

  app.get<Id>(`${BASE}:id/download/`, route("Télécharger le fichier d'un résultat", 'actif', { params: idParams, response: { 200: fileAnswer('Le fichier, à enregistrer'), ...problems(401, 403, 404, 503) } }), async (request, reply) =>
    sendDownload(reply, await dossier.downloadLabResult({ id: request.params.id }, callOptions(request))));
}

type Validate = ((data: unknown) => unknown) & { readonly errors?: unknown };

/** A body of JSON is held to its schema; a form, which is no body yet, is read as it comes, by who reads its fields. */
function jsonOrForm(app: FastifyInstance): Pick<RouteShorthandOptions, 'validatorCompiler'> {
  return {
    validatorCompiler: ({ schema, httpPart = '', method, url }) => {
      const validate = app.validatorCompiler?.({ schema, method, url, httpPart }) as Validate;
      if (httpPart !== 'body') return validate as never;
      const validateJson = (data: unknown): unknown => data === undefined || data === null || validate(data);
      // Why it returned false is read from the function itself.
      return Object.defineProperty(validateJson, 'errors', { get: () => validate.errors }) as never;
    },
  };
}

/** What a request says in JSON. @throws AppError invalid without a body */
function said<B>(body: B | null | undefined): B {
  if (body === undefined || body === null) throw invalid({ non_field_errors: ['Un objet JSON ou un formulaire est attendu.'] });
  return body;
}
