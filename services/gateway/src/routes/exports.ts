import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions, downloadOptions } from '../wire/call-options.ts';
import { sendDownload } from '../wire/download.ts';
import { readExport } from '../wire/export-input.ts';
import { exportJson } from '../wire/export-json.ts';
import { bodyByHand } from '../wire/object-body.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/exports/';
const EXPORT = { $ref: 'DataExportJob#' };
type Id = { Params: { id: number } };

/** A file as the answer of a download. */
export const fichierSchema = { type: 'string', format: 'binary' } as const;

const demande = {
  type: 'object',
  properties: {
    export_format: { type: 'string', description: 'csv (par défaut), json, excel ou parquet.' },
    date_start: { type: 'string', format: 'date', description: 'Premier jour de consultation.' },
    date_end: { type: 'string', format: 'date', description: 'Dernier jour, compris ; deux ans au plus après le premier.' },
    include_personal_data: { type: 'boolean', default: false, description: 'Aussi nom, prénom, téléphone et adresse : audité, et dit aux patients.' },
    filters: {
      type: 'object',
      additionalProperties: true,
      properties: { status: { type: 'array', items: { type: 'string' } }, age_min: { type: 'integer' }, age_max: { type: 'integer' }, sexe: { type: 'string' } },
    },
  },
  required: ['date_start', 'date_end'],
  examples: [{ export_format: 'excel', date_start: '2026-01-01', date_end: '2026-06-30', include_personal_data: false, filters: { status: ['valide_medecin'], age_min: 15, sexe: 'F' } }],
};

/** Exports of fiches: `/api/v1/exports/`. One route is one call of consultation. */
export function addExportRoutes(app: FastifyInstance, { exports }: Deps): void {
  const route = protectedRoute('Exports');

  app.get<{ Querystring: PageQuery }>(BASE, route("Lister les exports de l'établissement", 'admin', { querystring: { type: 'object', properties: pageQuery }, response: { 200: pageSchema(EXPORT), ...problems(400, 401, 403) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await exports.listExports(asked, callOptions(request));
    return toPage(request, asked, list, list.exports.map(exportJson));
  });

  app.post<{ Body: Record<string, unknown> }>(BASE, { ...route('Demander un export', 'admin', { description: "Le fichier est produit ensuite : `progress` et `status` disent où il en est.", body: demande, response: { 201: EXPORT, ...problems(400, 401, 403, 409, 422, 503) } }), ...bodyByHand(app) }, async (request, reply) => {
    const { export: job, replayed } = await exports.createExport(readExport(request.body), callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    const created = present(job);
    reply.code(201).header('location', `${BASE}${created.id}/`);
    return exportJson(created);
  });

  app.get<Id>(`${BASE}:id/`, route('Lire un export', 'admin', { params: idParams, response: { 200: EXPORT, ...problems(401, 403, 404) } }), async (request) =>
    exportJson(present((await exports.getExport({ id: request.params.id }, callOptions(request))).export)));

  app.get<Id>(`${BASE}:id/download/`, route("Télécharger le fichier d'un export", 'admin', { description: 'Gardé sept jours ; ensuite 404 `export.expire`.', params: idParams, response: { 200: fichierSchema, ...problems(401, 403, 404, 503) } }), async (request, reply) =>
    sendDownload(reply, await exports.downloadExport({ id: request.params.id }, downloadOptions(request))));
}
