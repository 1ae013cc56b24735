import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { ficheDistanceJson, ficheDistanceSchema, ficheJson, ficheReserveeJson } from '../wire/fiche-json.ts';
import { originOf } from '../wire/origin.ts';
import { cursorQuery, pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/fiche-consultation/';
const DISTANCE = '/api/v1/consultations-distance/';

type Filters = { status?: string; urgence?: string; is_patient_distance?: string; assigned_only?: string; search?: string; ordering?: string; deleted?: string };
type ListQuery = { Querystring: PageQuery & Filters };

const isTrue = (value: string | undefined): boolean => value !== undefined && ['true', '1', 'True'].includes(value);
const words = (value: string | undefined): string[] => (value ?? '').split(',').map((word) => word.trim()).filter(Boolean);

/** Lists of fiches. One route is one call of consultation. */
export function addFicheListRoutes(app: FastifyInstance, { fiches }: Deps): void {
  const route = protectedRoute('Fiches');

  const list = (request: FastifyRequest<ListQuery>, isPatientDistance: boolean) => {
    const { query } = request;
    return fiches.listFiches(
      {
        status: words(query.status),
        urgence: words(query.urgence),
        isPatientDistance: isPatientDistance || undefined,
        assignedOnly: isTrue(query.assigned_only),
        search: query.search?.trim() || undefined,
        ordering: query.ordering || undefined,
        supprimees: isTrue(query.deleted),
        cursor: query.cursor || undefined,
        ...readPage(query),
      },
      callOptions(request),
    );
  };

  const filters = {
    status: { type: 'string', description: 'Un ou plusieurs états, séparés par des virgules.' },
    urgence: { type: 'string', description: 'Une ou plusieurs urgences, séparées par des virgules.' },
    is_patient_distance: { type: 'string', description: 'true : la forme courte des patients à distance.' },
    assigned_only: { type: 'string', description: 'true : seulement celles qui sont assignées au médecin.' },
    search: { type: 'string', maxLength: 200, description: 'Nom, numéro de dossier ou motif ; un mot de une ou deux lettres est cherché en début de mot.' },
    ordering: { type: 'string', description: 'created_at, -created_at, urgence ou -urgence (rouge en tête).' },
    deleted: { type: 'string', description: 'true : les fiches supprimées, pour un administrateur.' },
  };
  app.get<ListQuery>(BASE, route('Lister les fiches', 'actif', { querystring: { type: 'object', properties: { ...pageQuery, ...cursorQuery, ...filters } }, response: { 200: pageSchema({ $ref: 'FicheConsultation#' }), ...problems(400, 401, 403) } }), async (request) => {
    const asked = readPage(request.query);
    const distance = isTrue(request.query.is_patient_distance);
    const found = await list(request, distance);
    const seen = found.fiches.map((fiche): object => (distance ? ficheDistanceJson(fiche) : ficheJson(fiche)));
    const reservees = found.reservee ? [ficheReserveeJson(found.reservee)] : [];
    return toPage(request, asked, { ...found, count: found.count + reservees.length }, [...seen, ...reservees], { cursor: request.query.cursor || undefined, nextCursor: found.nextCursor });
  });

  const bare = { description: "Ancienne liste, sans enveloppe de page, des fiches à distance : utilisez `/api/v1/fiche-consultation/?is_patient_distance=true`.", deprecated: true, querystring: { type: 'object', properties: { ...pageQuery, page_size: { ...pageQuery.page_size, default: 100 }, ...cursorQuery, ...filters } }, response: { 200: { type: 'array', items: ficheDistanceSchema }, ...problems(400, 401, 403) } };
  app.get<ListQuery>(DISTANCE, route('Lister les fiches à distance', 'actif', bare), async (request, reply) => {
    const found = await list(request, true);
    announceSuccessor(reply, new URL(`${BASE}?is_patient_distance=true`, originOf(request)).href);
    return found.fiches.map(ficheDistanceJson);
  });
}

/** Since when the bare list is deprecated, as RFC 9745 has it: seconds since 1970 after an @. */
const DEPRECATED_SINCE = `@${Date.UTC(2026, 10, 1) / 1000}`;

/** A deprecated address says so (RFC 9745), names its successor (RFC 8288), and tells older clients in the words that they look for. */
function announceSuccessor(reply: FastifyReply, successor: string): void {
  reply.header('deprecation', DEPRECATED_SINCE).header('link', `<${successor}>; rel="successor-version"`).header('x-deprecated', 'true');
}
