import type { CallOptions } from '@mediai/kit/grpc';
import { AppError } from '@mediai/kit/errors';
import type { FastifyRequest } from 'fastify';

const REASON_MAX = 500;

/** What travels with a public call, or with one that ignores `Idempotency-Key`: the token when there is one, the request id, the client's address. */
export const bareCallOptions = (request: FastifyRequest): CallOptions => ({ token: request.acteur?.token, requestId: request.id, adresse: request.ip });

/** What travels with the one gRPC call of a request: the same with the idempotency key of a POST and the reason. */
export function callOptions(request: FastifyRequest): CallOptions {
  return {
    ...bareCallOptions(request),
    idempotencyKey: request.method === 'POST' ? idempotencyKey(request) : undefined,
    accessReason: accessReason(request),
  };
}

/** A file goes on for as long as its reader takes, up to a quarter of an hour; a reader who leaves ends it. */
const DOWNLOAD_MS = 900_000;

/** What travels with the call of a download. */
export const downloadOptions = (request: FastifyRequest): CallOptions => ({ ...callOptions(request), deadlineMs: DOWNLOAD_MS });

function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined || key === '') return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError('invalid', 'idempotence.cle_invalide', "L'en-tête Idempotency-Key doit compter 1 à 255 caractères visibles.");
  }
  return key;
}

/** `X-Access-Reason` (percent-encoded UTF-8) or `raison` in the body. */
function accessReason(request: FastifyRequest): string | undefined {
  const header = request.headers['x-access-reason'];
  const inBody = (request.body as { raison?: unknown } | null | undefined)?.raison;
  const text = typeof header === 'string' ? decoded(header) : typeof inBody === 'string' ? inBody : '';
  return text.trim() === '' ? undefined : text.trim().slice(0, REASON_MAX);
}

function decoded(header: string): string {
  try {
    const text = decodeURIComponent(header);
    if (!text.includes('\0')) return text;
  } catch {
    // answered below, as what cannot be kept is
  }
  throw new AppError('invalid', 'acces.motif_illisible', "L'en-tête X-Access-Reason doit être de l'UTF-8 encodé en pourcents.");
}

/** The version that the client read, of `If-Match: "3"`; undefined without the header or for `*`. */
export function expectedVersion(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined) throw new AppError('stale', 'ressource.version_illisible', "L'en-tête If-Match n'est pas celui d'une lecture.");
  return Number(version);
}

/** ETag of a version. */
export const etag = (version: number): string => `"${version}"`;
