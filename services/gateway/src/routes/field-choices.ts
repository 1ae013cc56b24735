import { createHash } from 'node:crypto';
import { champsChoix } from '@mediai/fiche';
import type { FastifyInstance } from 'fastify';
import { problems, protectedRoute } from '../wire/route-schema.ts';

/** Seconds for which a browser keeps the lists without asking again. */
const MAX_AGE = 300;

/**
 * The lists of choices of a fiche, from the table of fields: the same for everybody until the next release, so that no
 * service is asked and a client that has them is told so (RFC 9110, section 13.1.2).
 */
export function addFieldChoicesRoute(app: FastifyInstance): void {
  const lists = champsChoix();
  const body = JSON.stringify(lists);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const choice = { type: 'object', properties: { value: { type: 'string' }, label: { type: 'string' } }, required: ['value', 'label'] };
  const properties = Object.fromEntries(Object.entries(lists).map(([name, choices]) => [name, { type: 'array', items: choice, examples: [choices] }]));
  const response = { 200: { type: 'object', properties, required: Object.keys(lists) }, 304: { type: 'null', description: 'Inchangé depuis la version nommée par `If-None-Match`.' }, ...problems(401) };

  app.get('/api/v1/fiche-consultation/field-choices/', protectedRoute('Fiches')('Lire les choix des champs à choix', 'compte', { description: 'Pour tout compte ; se garde cinq minutes.', response }), async (request, reply) => {
    reply.header('etag', etag).header('cache-control', `private, max-age=${MAX_AGE}`);
    if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(lists);
  });
}

/** Whether a client already has what the tag names; tags are compared weakly (RFC 9110, section 8.8.3.2). */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
