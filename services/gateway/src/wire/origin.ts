import { AppError } from '@mediai/kit/errors';
import type { FastifyRequest } from 'fastify';

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Scheme and host under which the client reached the API, for links to it.
 * @throws AppError 400 for a Host header that names none (RFC 9112, section 3.2)
 */
export function originOf({ protocol, host }: FastifyRequest): string {
  const origin = `${protocol}://${host}`;
  if (!HOST.test(host) || !URL.canParse(origin)) throw new AppError('invalid', 'requete.hote_illisible', "L'en-tête Host ne nomme pas d'hôte.");
  return origin;
}
