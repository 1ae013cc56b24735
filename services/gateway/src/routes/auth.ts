import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { bareCallOptions, callOptions } from '../wire/call-options.ts';
import { aliasOf, problems, protectedRoute } from '../wire/route-schema.ts';

const BASE = '/api/v1/auth/';
const tags = ['Comptes'];
const text = (maxLength: number, more: object = {}) => ({ type: 'string', minLength: 1, maxLength, ...more });

/** Tokens: `/api/v1/auth/…`, with the addresses of older clients. */
export function addTokenRoutes(app: FastifyInstance, { auth }: Deps): void {
  const credentials = { type: 'object', properties: { username: text(150), password: text(1000) }, required: ['username', 'password'], examples: [{ username: 'patient.demo', password: 'demo-mediai' }] };
  const tokens = { type: 'object', properties: { access: { type: 'string' }, refresh: { type: 'string' } } };
  const refreshBody = { type: 'object', properties: { refresh: text(4000) }, required: ['refresh'], examples: [{ refresh: 'eyJhbGciOi…' }] };

  const token = { schema: { tags, summary: 'Obtenir un jeton', body: credentials, response: { 200: tokens, ...problems(400, 401) } } };
  for (const url of [`${BASE}token/`, `${BASE}jwt/token/`, '/api/auth/jwt/token/']) {
    app.post<{ Body: { username: string; password: string } }>(url, url === `${BASE}token/` ? token : aliasOf(token, `${BASE}token/`), async (request) => {
      const { username, password } = request.body;
      const { access, refresh } = await auth.issueToken({ username, password, adresse: request.ip }, bareCallOptions(request));
      return { access, refresh };
    });
  }

  app.post<{ Body: { refresh: string } }>(`${BASE}refresh/`, { schema: { tags, summary: 'Renouveler les jetons', description: "Le jeton de renouvellement est échangé : s'en servir encore met fin à toute la session.", body: refreshBody, response: { 200: tokens, ...problems(400, 401) } } }, async (request) => {
    const { access, refresh } = await auth.refreshToken({ refresh: request.body.refresh, rotate: true }, bareCallOptions(request));
    return { access, refresh };
  });

  const unrotated = { schema: { tags, summary: 'Renouveler sans échange (anciens clients)', body: refreshBody, response: { 200: { type: 'object', properties: { access: { type: 'string' } } }, ...problems(400, 401) } } };
  for (const url of [`${BASE}jwt/refresh/`, '/api/auth/jwt/refresh/']) {
    app.post<{ Body: { refresh: string } }>(url, url.startsWith(BASE) ? unrotated : aliasOf(unrotated, `${BASE}jwt/refresh/`), async (request) => {
      const { access } = await auth.refreshToken({ refresh: request.body.refresh, rotate: false }, bareCallOptions(request));
      return { access };
    });
  }

  app.post<{ Body: { token: string } }>(`${BASE}verify/`, { schema: { tags, summary: 'Vérifier un jeton', body: { type: 'object', properties: { token: text(8000) }, required: ['token'], examples: [{ token: 'eyJhbGciOi…' }] }, response: { 200: { type: 'object' }, ...problems(400, 401) } } }, async (request) => {
    await auth.verifyToken({ token: request.body.token }, bareCallOptions(request));
    return {};
  });

  app.post<{ Body: { refresh: string } }>(`${BASE}logout/`, protectedRoute('Comptes')('Se déconnecter', 'compte', { body: refreshBody, response: { 205: { type: 'null' }, ...problems(400, 401, 409, 422) } }), async (request, reply) => {
    await auth.logout({ refresh: request.body.refresh }, callOptions(request));
    return reply.code(205).send();
  });

  app.get(`${BASE}csrf/`, { schema: { tags, summary: 'Jeton CSRF (anciens clients)', response: { 200: { type: 'object', properties: { csrfToken: { type: 'string' } } } } } }, async () => ({ csrfToken: randomBytes(32).toString('base64url') }));

  app.get('/.well-known/jwks.json', { schema: { tags, summary: 'Clés publiques', response: { 200: { type: 'object', additionalProperties: true } } } }, async (request, reply) => {
    const { keys } = await auth.getJwks({}, bareCallOptions(request));
    reply.header('cache-control', 'public, max-age=300');
    return { keys: keys.map(({ kty, kid, alg, use, n, e }) => ({ kty, kid, alg, use, n, e })) };
  });
}
