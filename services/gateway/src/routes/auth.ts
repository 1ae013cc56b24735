import { randomBytes } from 'node:crypto';
import { AppError } from '@mediai/kit/errors';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { authenticate } from '../plugins/authenticate.ts';
import { callOptions } from '../wire/call-options.ts';
import { problems, secured } from '../wire/route-schema.ts';
import { userJson } from '../wire/user-json.ts';

const tags = ['Comptes'];
const text = (maxLength: number, more: object = {}) => ({ type: 'string', maxLength, ...more });
const optional = (maxLength: number) => ({ type: ['string', 'null'], maxLength });

type Credentials = { username: string; password: string };
type Registration = Credentials & { email?: string | null; phone?: string | null; role?: string | null; first_name?: string | null; last_name?: string | null };

/** `""` and null are "not said". */
const said = (value: string | null | undefined): string | undefined => (value === null || value === undefined || value.trim() === '' ? undefined : value);

/** Accounts and tokens: `/api/v1/auth/…`, with the aliases of older clients. */
export function addAuthRoutes(app: FastifyInstance, { auth }: Deps): void {
  const credentials = { type: 'object', properties: { username: text(150, { minLength: 1 }), password: text(1000, { minLength: 1 }) }, required: ['username', 'password'], examples: [{ username: 'patient.demo', password: 'demo-mediai' }] };
  const tokens = { type: 'object', properties: { access: { type: 'string' }, refresh: { type: 'string' } } };

  for (const url of ['/api/v1/auth/token/', '/api/v1/auth/jwt/token/', '/api/auth/jwt/token/']) {
    const hide = url !== '/api/v1/auth/token/';
    app.post<{ Body: Credentials }>(url, { schema: { hide, tags, summary: 'Obtenir un jeton', body: credentials, response: { 200: tokens, ...problems(400, 401) } } }, async (request) => {
      const { username, password } = request.body;
      const { access, refresh } = await auth.issueToken({ username, password, adresse: request.ip }, { requestId: request.id });
      return { access, refresh };
    });
  }

  const refreshBody = { type: 'object', properties: { refresh: text(4000, { minLength: 1 }) }, required: ['refresh'] };
  app.post<{ Body: { refresh: string } }>('/api/v1/auth/refresh/', { schema: { tags, summary: 'Renouveler les jetons', body: refreshBody, response: { 200: tokens, ...problems(400, 401) } } }, async (request) => {
    const { access, refresh } = await auth.refreshToken({ refresh: request.body.refresh, rotate: true }, { requestId: request.id });
    return { access, refresh };
  });
  for (const url of ['/api/v1/auth/jwt/refresh/', '/api/auth/jwt/refresh/']) {
    app.post<{ Body: { refresh: string } }>(url, { schema: { hide: url.startsWith('/api/auth'), tags, summary: 'Renouveler sans rotation (anciens clients)', body: refreshBody, response: { 200: tokens, ...problems(400, 401) } } }, async (request) => {
      const { access } = await auth.refreshToken({ refresh: request.body.refresh, rotate: false }, { requestId: request.id });
      return { access };
    });
  }

  app.post<{ Body: { token: string } }>('/api/v1/auth/verify/', { schema: { tags, summary: 'Vérifier un jeton', body: { type: 'object', properties: { token: text(8000, { minLength: 1 }) }, required: ['token'] }, response: { 200: { type: 'object' }, ...problems(400, 401) } } }, async (request) => {
    await auth.verifyToken({ token: request.body.token }, { requestId: request.id });
    return {};
  });

  app.post<{ Body: { refresh: string } }>('/api/v1/auth/logout/', { onRequest: authenticate, schema: { tags, summary: 'Se déconnecter', security: secured, body: refreshBody, response: { 205: { type: 'null' }, ...problems(400, 401) } } }, async (request, reply) => {
    try {
      await auth.logout({ refresh: request.body.refresh }, callOptions(request));
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unauthenticated') throw new AppError('invalid', 'auth.refresh_invalide', 'Ce jeton de renouvellement est invalide.', { fields: { refresh: ['Ce jeton est invalide.'] }, cause: error });
      throw error;
    }
    return reply.code(205).send();
  });

  app.get('/api/v1/auth/csrf/', { schema: { tags, summary: 'Jeton CSRF (anciens clients)', response: { 200: { type: 'object', properties: { csrfToken: { type: 'string' } } } } } }, async () => ({ csrfToken: randomBytes(32).toString('base64url') }));

  for (const url of ['/api/v1/auth/me/', '/api/v1/auth/users/me/']) {
    app.get(url, { onRequest: authenticate, schema: { tags, summary: 'Son propre compte', security: secured, response: { 200: { $ref: 'User#' }, ...problems(401) } } }, async (request) => {
      const { user } = await auth.getMe({}, callOptions(request));
      if (!user) throw new AppError('internal');
      return userJson(user);
    });
  }

  const registration = {
    type: 'object',
    properties: { username: text(150, { minLength: 1 }), password: text(1000, { minLength: 1 }), email: optional(254), phone: optional(30), role: optional(20), first_name: optional(150), last_name: optional(150) },
    required: ['username', 'password'],
    examples: [{ username: 'kabibi.t', password: 'mot-de-passe-solide', email: 'kabibi@exemple.cd', phone: '0990000000', first_name: 'Kabibi', last_name: 'Tshilombo' }],
  };
  app.post<{ Body: Registration }>('/api/v1/auth/users/register/', { schema: { tags, summary: 'Créer un compte', body: registration, response: { 201: { type: 'object', additionalProperties: true }, ...problems(400, 409) } } }, async (request, reply) => {
    const { username, password, email, phone, role, first_name, last_name } = request.body;
    const { user } = await auth.register({ username, password, email: said(email), phone: said(phone), role: said(role), firstName: said(first_name), lastName: said(last_name) }, { ...callOptions(request), token: undefined });
    if (!user) throw new AppError('internal');
    reply.code(201);
    return { id: user.id, username: user.username, email: user.email ?? null, phone: user.phone ?? null, role: user.role, first_name: user.firstName, last_name: user.lastName };
  });

  app.get('/.well-known/jwks.json', { schema: { tags, summary: 'Clés publiques', response: { 200: { type: 'object', additionalProperties: true } } } }, async (request, reply) => {
    const { keys } = await auth.getJwks({}, { requestId: request.id });
    reply.header('cache-control', 'public, max-age=300');
    return { keys: keys.map(({ kty, kid, alg, use, n, e }) => ({ kty, kid, alg, use, n, e })) };
  });
}
