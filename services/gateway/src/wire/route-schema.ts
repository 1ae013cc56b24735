/** Pieces that the route schemas share. */
export const idParams = {
  type: 'object',
  properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } },
  required: ['id'],
} as const;

export const problemSchema = {
  $id: 'Problem',
  type: 'object',
  description: 'RFC 9457 ; chaque champ refusé est un membre dont la valeur est une liste de messages.',
  additionalProperties: true,
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
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
  422: "Clé d'idempotence réutilisée avec un autre corps",
  503: 'Service indisponible',
} as const;

/** Documented answers of errors, by status. */
export const problems = (...statuses: (keyof typeof PROBLEMS)[]) => Object.fromEntries(statuses.map((status) => [status, problem(PROBLEMS[status])]));

/** Security of a route that demands a token. */
export const secured = [{ bearer: [] }];
