import type { FastifySchema } from 'fastify';
import { authenticate } from '../plugins/authenticate.ts';
import type { Role } from '../plugins/role-first.ts';

/** Pieces that the route schemas share. */
export const idParams = {
  type: 'object',
  properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } },
  required: ['id'],
} as const;

/** The fiche that something lies under, in a body. */
export const ficheId = { type: 'integer', minimum: 1, maximum: 2_147_483_647 } as const;

/** The same as a filter of a list; an empty one, as front ends send it, is none. */
export const ficheQuery = { ...ficheId, type: ['integer', 'null'], description: 'Seulement ce qui est joint à cette fiche.' } as const;

export const problemSchema = {
  $id: 'Problem',
  type: 'object',
  description: 'RFC 9457 ; chaque champ refusé est un membre dont la valeur est une liste de messages.',
  additionalProperties: true,
  properties: {
    type: { type: 'string' },
    title: { type: ['string', 'array'], items: { type: 'string' }, description: 'Le statut en mots, ou les messages du champ de ce nom.' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    request_id: { type: 'string' },
  },
} as const;

const problem = (description: string) => ({ description, content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } });

const PROBLEMS = {
  400: 'Requête invalide',
  401: 'Jeton absent, invalide ou expiré',
  403: 'Rôle ou motif insuffisant',
  404: 'Introuvable, ou pas à vous',
  409: 'Conflit',
  412: 'Version périmée',
  413: 'Trop volumineux',
  422: "Clé d'idempotence réutilisée avec un autre corps",
  429: 'Trop de requêtes : `Retry-After` dit quand réessayer',
  503: 'Service indisponible',
} as const;

/** Documented answers of errors, by status. */
export const problems = (...statuses: (keyof typeof PROBLEMS)[]) => Object.fromEntries(statuses.map((status) => [status, problem(PROBLEMS[status])]));

/** Documented answer that is a file. */
export const fileAnswer = (description: string, type = 'application/octet-stream') => ({ description, content: { [type]: { schema: { type: 'string', format: 'binary' } } } });

/** A route that demands a token: `role` says who it is for. */
export const protectedRoute =
  (tag: string) =>
  (summary: string, role: Role, schema: object): { onRequest: typeof authenticate; schema: FastifySchema } => ({ onRequest: authenticate, schema: { tags: [tag], summary, security: [{ bearer: [] }], 'x-role': role, ...schema } as FastifySchema });

/** The same route under the address of older clients. */
export const aliasOf = <T extends { schema: object }>(route: T, url: string): T => ({ ...route, schema: { ...route.schema, deprecated: true, 'x-alias-of': url } });
