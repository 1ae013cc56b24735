import { invalid, invalidNamed } from '@mediai/kit/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { labelOf, named } from './label.ts';

/** Only these escapes yield what no text may hold: bytes that are not UTF-8 have been replaced, raw control characters are no JSON. */
const SUSPECT = /\\u(?:0000|d[89a-f])/i;

/**
 * JSON only; an empty body is an absent one, whatever its content type says (older clients send it so). A field that
 * holds NUL (which PostgreSQL cannot keep) or half a surrogate pair (which protobuf would alter) is refused by name.
 */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/(?:[\w.+-]+\+)?json(?:\s*;.*)?$/i, { parseAs: 'string' }, (request, text, done) => {
    if (text === '') return done(null, null);
    let body: unknown;
    try {
      body = JSON.parse(text as string);
    } catch (cause) {
      return done(Object.assign(new Error('body is not JSON', { cause }), { statusCode: 400 }), undefined);
    }
    const field = SUSPECT.test(text as string) ? findUnkeepable(body, request) : undefined;
    if (field === undefined) return done(null, body);
    const label = labelOf(field, request);
    done((label ? invalidNamed : invalid)({ [field]: [named(label, 'Ce champ contient des caractères non valides.')] }), undefined);
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.headers['content-length'] === '0') return done(null, null);
    done(Object.assign(new Error('body is not JSON'), { statusCode: 415 }), undefined);
  });
}

/** The first field that the route reads and that cannot be kept; unknown ones are ignored as ever. */
function findUnkeepable(body: unknown, request: FastifyRequest): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const known = (request.routeOptions.schema?.body as { properties?: object } | undefined)?.properties ?? {};
  return Object.entries(body).find(([name, value]) => (name === 'raison' || Object.hasOwn(known, name)) && !isKeepable(value))?.[0];
}

/** Whether every text in a value can be kept; walks without recursion, for a body may be nested as deep as it is long. */
function isKeepable(value: unknown): boolean {
  const left = [value];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (typeof one === 'string' && (one.includes('\0') || !one.isWellFormed())) return false;
    if (typeof one === 'object' && one !== null) for (const [name, inner] of Object.entries(one)) left.push(name, inner);
  }
  return true;
}
