import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions, downloadOptions } from '../wire/call-options.ts';
import { sendDownload } from '../wire/download.ts';
import { effacementJson } from '../wire/effacement-json.ts';
import { exportJson } from '../wire/export-json.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';
import { fichierSchema } from './exports.ts';

const EXPORT = '/api/v1/mes-donnees/export/';
const EFFACEMENT = '/api/v1/mes-donnees/effacement/';
const JOB = { $ref: 'DataExportJob#' };
const DEMANDE = { $ref: 'Effacement#' };
type Id = { Params: { id: number } };

/** One's own data and their erasure: `/api/v1/mes-donnees/`. */
export function addMesDonneesRoutes(app: FastifyInstance, { exports, effacements }: Deps): void {
  const route = protectedRoute('Mes données');
  const page = { type: 'object', properties: pageQuery };

  app.get<{ Querystring: PageQuery }>(EXPORT, route('Lister les exports de ses données', 'compte', { querystring: page, response: { 200: pageSchema(JOB), ...problems(400, 401) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await exports.listExportsPersonnels(asked, callOptions(request));
    return toPage(request, asked, list, list.exports.map(exportJson));
  });

  app.post(EXPORT, route('Demander toutes ses données', 'compte', { description: 'Un fichier JSON, produit ensuite et gardé sept jours. 200 avec celui qui est déjà en cours, sinon 201.', body: { type: ['object', 'null'], examples: [{}] }, response: { 200: JOB, 201: JOB, ...problems(401, 409, 422, 503) } }), async (request, reply) => {
    const { export: job, replayed, existant } = await exports.createExportPersonnel({}, callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    const asked = present(job);
    reply.code(existant ? 200 : 201).header('location', `${EXPORT}${asked.id}/`);
    return exportJson(asked);
  });

  app.get<Id>(`${EXPORT}:id/`, route('Lire un export de ses données', 'compte', { params: idParams, response: { 200: JOB, ...problems(401, 404) } }), async (request) =>
    exportJson(present((await exports.getExportPersonnel({ id: request.params.id }, callOptions(request))).export)));

  app.get<Id>(`${EXPORT}:id/download/`, route('Télécharger ses données', 'compte', { params: idParams, response: { 200: fichierSchema, ...problems(401, 404, 503) } }), async (request, reply) =>
    sendDownload(reply, await exports.downloadExportPersonnel({ id: request.params.id }, downloadOptions(request))));

  app.get<{ Querystring: PageQuery }>(EFFACEMENT, route("Lister ses demandes d'effacement", 'compte', { querystring: page, response: { 200: pageSchema(DEMANDE), ...problems(400, 401) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await effacements.listMesEffacements(asked, callOptions(request));
    return toPage(request, asked, list, list.effacements.map(effacementJson));
  });

  const asking = { type: ['object', 'null'], properties: { motif: { type: ['string', 'null'], title: 'Motif', maxLength: 2_000 } }, examples: [{ motif: 'Je ne consulte plus ici.' }] };
  app.post<{ Body: { motif?: string | null } | null }>(EFFACEMENT, route("Demander l'effacement de ses données", 'compte', { description: "Un administrateur décide ; l'état de la demande se lit ici. Une fois les données effacées, le compte n'existe plus.", body: asking, response: { 201: DEMANDE, ...problems(400, 401, 409, 422) } }), async (request, reply) => {
    const { effacement, replayed } = await effacements.createEffacement({ motif: request.body?.motif || undefined }, callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    reply.code(201);
    return effacementJson(present(effacement));
  });
}
