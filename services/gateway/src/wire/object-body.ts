import { invalid } from '@mediai/kit/errors';
import type { FastifyInstance } from 'fastify';

/** A body that is an object; what it holds is read by hand, more leniently than the documented schema, and refused in French. */
export function objectBody(data: unknown): { value: unknown } | { error: Error } {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return { value: data };
  return { error: invalid({ non_field_errors: ['Un objet JSON est attendu.'] }) };
}

/** Of a route whose body is read by hand: its other parts are held against the schema as always. */
export const bodyByHand = (app: FastifyInstance) => ({
  validatorCompiler: ({ schema, httpPart }: { schema: unknown; httpPart?: string }) => (httpPart === 'body' ? (data: unknown) => objectBody(data) : (app.validatorCompiler?.({ schema, method: '', url: '', httpPart: httpPart ?? '' } as never) as never)),
});
