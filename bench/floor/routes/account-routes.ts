import type { FastifyInstance } from 'fastify';
import { tagContent } from '../../../services/gateway/src/wire/content-tag.ts';
import { pageQuery, readPage, type PageQuery } from '../../../services/gateway/src/wire/page.ts';
import { appelOf, sendJson, type Protect } from '../app.ts';
import type { FloorOperations, Operations } from '../operations.ts';
import { pageJson } from './page-json.ts';

const BASE = '/api/v1/auth/';
const typed = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });

/** One's own account. */
export function addMeRoutes(app: FastifyInstance, protect: Protect, operations: Operations): void {
  for (const url of [`${BASE}users/me/`, `${BASE}me/`]) app.get(url, protect('compte'), async (request, reply) => sendJson(reply, await operations.getMe(appelOf(request))));
}

/** What is measured of the floor alone: tokens, and who takes appointments. */
export function addAccountRoutes(app: FastifyInstance, protect: Protect, operations: FloorOperations): void {
  const body = { type: 'object', properties: { username: typed(150), password: typed(1000) }, required: ['username', 'password'] };
  app.post<{ Body: { username: string; password: string } }>(`${BASE}token/`, { schema: { body } }, async (request, reply) => {
    const { username, password } = request.body;
    const { access, refresh } = await operations.issueToken({ username, password, adresse: request.ip }, request.id);
    return sendJson(reply, JSON.stringify({ access, refresh }));
  });

  const querystring = { type: 'object', properties: { ...pageQuery, specialty: { type: 'string', maxLength: 100 } } };
  const onSend = tagContent('private, no-cache', ({ acteur }) => acteur?.estAdmin === false && !acteur.estSuperuser);
  app.get<{ Querystring: PageQuery & { specialty?: string } }>(`${BASE}medecins/available/`, { ...protect('compte', { querystring }), onSend }, async (request, reply) => {
    const asked = readPage(request.query);
    return sendJson(reply, pageJson(request, asked, await operations.listAvailable(appelOf(request), asked, request.query.specialty?.trim() || undefined)));
  });
}
