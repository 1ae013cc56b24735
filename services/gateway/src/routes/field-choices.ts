import { champsChoix } from '@mediai/fiche';
import type { FastifyInstance } from 'fastify';
import { tagContent, unchanged } from '../wire/content-tag.ts';
import { problems, protectedRoute } from '../wire/route-schema.ts';

/** Seconds for which a browser keeps the lists without asking again. */
const MAX_AGE = 300;

/**
 * The lists of choices of a fiche, from the table of fields: the same for everybody until the next release, so that no
 * service is asked and a client that has them is told so (RFC 9110, section 13.1.2).
 */
export function addFieldChoicesRoute(app: FastifyInstance): void {
  const lists = champsChoix();
  const choice = { type: 'object', properties: { value: { type: 'string' }, label: { type: 'string' } }, required: ['value', 'label'] };
  const properties = Object.fromEntries(Object.entries(lists).map(([name, choices]) => [name, { type: 'array', items: choice, examples: [choices] }]));
  const response = { 200: { type: 'object', properties, required: Object.keys(lists) }, ...unchanged, ...problems(401) };

  const route = protectedRoute('Fiches')('Lire les choix des champs à choix', 'compte', { description: 'Pour tout compte ; se garde cinq minutes.', response });
  app.get('/api/v1/fiche-consultation/field-choices/', { ...route, onSend: tagContent(`private, max-age=${MAX_AGE}`) }, async () => lists);
}
