import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest, onSendAsyncHookHandler } from 'fastify';

/** Strong entity tag of a body (RFC 9110, section 8.8.3). */
const contentTag = (body: string | Buffer): string => `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

const isBody = (payload: unknown): payload is string | Buffer => typeof payload === 'string' || Buffer.isBuffer(payload);

/** Whether a client already has what the tag names; tags are compared weakly (RFC 9110, section 8.8.3.2). */
function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return tags.includes(tag) || tags.includes('*');
}

/**
 * A route's hook: its answers bear a tag of their content, and who has it already is told so without the content.
 * @param cacheControl how a browser may keep the answer, and whether it must ask again
 * @param mayKeep whether this asker's browser may keep it at all
 */
export function tagContent(cacheControl: string, mayKeep: (request: FastifyRequest) => boolean = () => true): onSendAsyncHookHandler<unknown> {
  return async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    if (reply.statusCode !== 200 || !isBody(payload) || !mayKeep(request)) return payload;
    const tag = contentTag(payload);
    reply.header('etag', tag).header('cache-control', cacheControl);
    if (!isKnown(request.headers['if-none-match'], tag)) return payload;
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    return null;
  };
}

/** How the answer to one who has it already is documented. */
export const unchanged = { 304: { type: 'null', description: 'Inchangé depuis la version nommée par `If-None-Match`.' } } as const;
