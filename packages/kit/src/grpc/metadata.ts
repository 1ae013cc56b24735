import { Metadata } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { currentAdresse, currentBaggage, currentRequestId, currentTraceparent } from '../telemetry/index.ts';

/** What travels beside a request. */
export type CallMetadata = {
  token?: string;
  requestId?: string;
  idempotencyKey?: string;
  accessReason?: string;
  /** Network address of the client that asked first, IPv4 or IPv6; anything else is dropped. Told, not proven: it decides no access. */
  adresse?: string;
};

const maxTextLength = 1_000;
/** The longest IPv6 address with a zone that is still kept. */
const maxAddressLength = 64;

/** Metadata of an outgoing call; request id, client's address, traceparent and baggage come from the context when not given. */
export function writeMetadata({ token, requestId = currentRequestId(), idempotencyKey, accessReason, adresse = currentAdresse() }: CallMetadata): Metadata {
  const metadata = new Metadata();
  const traceparent = currentTraceparent();
  if (token) metadata.set('authorization', `Bearer ${token}`);
  if (requestId) metadata.set('x-request-id', encodeURIComponent(requestId));
  if (idempotencyKey) metadata.set('x-idempotency-key', encodeURIComponent(idempotencyKey));
  if (accessReason) metadata.set('x-access-reason', encodeURIComponent(accessReason.slice(0, maxTextLength).toWellFormed()));
  if (isAddress(adresse)) metadata.set('x-client-address', encodeURIComponent(adresse));
  if (traceparent) metadata.set('traceparent', traceparent);
  const baggage = currentBaggage();
  if (baggage) metadata.set('baggage', baggage);
  return metadata;
}

/** The same, read on arrival; a missing or odd request id is replaced by a new one. */
export function readMetadata(metadata: Metadata): CallMetadata & { requestId: string; traceparent?: string; baggage?: string } {
  const requestId = readText(metadata, 'x-request-id');
  const adresse = readText(metadata, 'x-client-address');
  return {
    token: /^Bearer (\S+)$/.exec(String(metadata.get('authorization')[0] ?? ''))?.[1],
    requestId: requestId && /^[\w.:-]{1,128}$/.test(requestId) ? requestId : randomUUID(),
    idempotencyKey: readText(metadata, 'x-idempotency-key'),
    accessReason: readReason(metadata),
    ...(isAddress(adresse) ? { adresse } : {}),
    traceparent: readText(metadata, 'traceparent'),
    baggage: readText(metadata, 'baggage'),
  };
}

/** A reason is kept in the audit: bounded, without NUL (PostgreSQL has none), and not only spaces. */
function readReason(metadata: Metadata): string | undefined {
  const reason = readText(metadata, 'x-access-reason')?.replaceAll('\0', '').trim().slice(0, maxTextLength).toWellFormed();
  return reason === '' ? undefined : reason;
}

/** True for a key that can be kept: 1 to 255 characters, no control characters. */
export function isIdempotencyKey(text: string): boolean {
  return /^\P{Cc}{1,255}$/u.test(text);
}

function isAddress(text: string | undefined): text is string {
  return text !== undefined && text.length <= maxAddressLength && isIP(text) !== 0;
}

function readText(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // not percent-encoded by us: taken as it is
  }
}
