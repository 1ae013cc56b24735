import { AppError, type FieldErrors } from './app-error.ts';
import { kindOfGrpcStatus, kinds } from './kinds.ts';
import { publicError } from './problem.ts';

/** The metadata key under which code, detail, fields and retryAfter cross gRPC, as JSON bytes. */
export const errorMetadataKey = 'mediai-error-bin';

/** Below 32 kB once base64-encoded on the wire: larger metadata resets the HTTP/2 stream. */
const maxBytes = 22_000;
const maxTextLength = 1_000;

export type ServiceErrorShape = { code: number; details: string; payload: Buffer };
type ReceivedError = { code: number; metadata?: { get(key: string): (string | Buffer)[] } };
type Payload = { code: string; detail: string; fields?: FieldErrors; retryAfterSeconds?: number };

/**
 * What a gRPC answer says of a thrown value: status, `details` (the stable code, never French text) and the payload for
 * `errorMetadataKey`. Internal and unknown errors carry the generic text only.
 */
export function toServiceError(thrown: unknown): ServiceErrorShape {
  const error = publicError(thrown);
  const payload: Payload = {
    code: error.code.slice(0, maxTextLength),
    detail: error.detail.slice(0, maxTextLength),
    ...(error.fields ? { fields: boundedFields(error.fields) } : {}),
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
  };
  return { code: kinds[error.kind].grpc, details: asciiCode(error.code), payload: Buffer.from(JSON.stringify(payload)) };
}

/**
 * A gRPC ServiceError (status, metadata) as the AppError that was thrown on the other side. Without a payload the error
 * came from the transport: UNAVAILABLE and DEADLINE_EXCEEDED ask to retry after 2 s, CANCELLED is the caller's own
 * abort, RESOURCE_EXHAUSTED is a message over the size limit.
 */
export function fromServiceError(received: ReceivedError): AppError {
  const kind = kindOfGrpcStatus(received.code);
  const payload = readPayload(received.metadata?.get(errorMetadataKey)[0]);
  if (payload) {
    const { code, detail, fields, retryAfterSeconds } = payload;
    return new AppError(kind, code, detail, { cause: received, fields, retryAfterSeconds });
  }
  if (kind === 'unavailable' || kind === 'deadline') return new AppError(kind, undefined, undefined, { cause: received, retryAfterSeconds: 2 });
  if (kind === 'exhausted') return new AppError('invalid', 'message.trop_grand', 'Le message est trop volumineux.', { cause: received });
  if (received.code === 1) return new AppError('deadline', 'requete.annulee', 'La requête a été annulée.', { cause: received });
  return new AppError(kind, undefined, undefined, { cause: received });
}

function boundedFields(fields: FieldErrors): FieldErrors {
  const kept: FieldErrors = {};
  let bytes = 2 * maxTextLength * 3;
  for (const [field, messages] of Object.entries(fields)) {
    const bounded = messages.map((message) => message.slice(0, maxTextLength));
    bytes += Buffer.byteLength(JSON.stringify([field, bounded]));
    if (bytes > maxBytes) break;
    kept[field] = bounded;
  }
  return kept;
}

function readPayload(value: string | Buffer | undefined): Payload | undefined {
  if (value === undefined) return undefined;
  try {
    const parsed = JSON.parse(value.toString()) as Partial<Payload> | null;
    return typeof parsed?.code === 'string' && typeof parsed.detail === 'string' ? (parsed as Payload) : undefined;
  } catch {
    return undefined; // not ours: a proxy or another server wrote it; the status alone speaks
  }
}

function asciiCode(code: string): string {
  return code.replace(/[^\x21-\x7e]/g, '_').slice(0, 200);
}
