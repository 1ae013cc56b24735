import type { Outcome } from './delivery.ts';

/** A failed call: an HTTP status with Twilio's own code, or the code of a socket that failed. */
export type CallFailure = { status?: number; code?: number | string; retryAfterMs?: number };

/**
 * Twilio error codes that pass by themselves: 14107 (sending rate), 20429 (too many requests), 63018 (rate of the
 * channel), 63038 (messages of the day). Twilio, Error and Warning Dictionary.
 */
const passing = new Set([14_107, 20_429, 63_018, 63_038]);
const dailyLimit = 63_038;
const dailyLimitWaitMs = 300_000;
/** Our own credentials or account are at fault, not the message: it waits for them to be put right. */
const ownFault = new Set([401]);
/** Our own code for a call that the breaker held back. */
export const circuitOpen = 'CIRCUIT_OUVERT';
/** The connection was never made: the message cannot have been accepted. */
const neverSent = new Set([circuitOpen, 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** What a failed create means for the message. What says nothing clear is `unknown`, never a refusal. */
export function outcomeOfFailure({ status, code, retryAfterMs }: CallFailure): Outcome {
  const waitMs = Math.max(retryAfterMs ?? 0, code === dailyLimit ? dailyLimitWaitMs : 0);
  const wait = waitMs > 0 ? { retryAfterMs: waitMs } : {};
  if (status === undefined || status < 400) return neverSent.has(String(code)) ? { kind: 'postponed', code: `reseau.${code}`, ...wait } : { kind: 'unknown', code: `reseau.${codeText(code)}` };
  const text = `twilio.${typeof code === 'number' ? code : `http_${status}`}`;
  if (status === 429 || ownFault.has(status) || passing.has(Number(code))) return { kind: 'postponed', code: text, ...wait };
  if (status >= 500) return { kind: 'failed', code: text, ...wait };
  return status === 408 ? { kind: 'unknown', code: text } : { kind: 'refused', code: text };
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3) as milliseconds from now. */
export function readRetryAfter(value: unknown, nowMs: number): number | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function codeText(code: unknown): string {
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'sans_reponse';
}
