import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhenResult, isBrokenCircuitError, timeout, TimeoutStrategy } from 'cockatiel';
import type { BreakerState } from '@mediai/kit/metrics';
import { withSpan } from '@mediai/kit/telemetry';
import type { RequestClient, Twilio } from 'twilio';
import type { MessageListInstanceCreateOptions } from 'twilio/lib/rest/api/v2010/account/message.js';
import type { Canal, ClaimedDelivery, Modele, Outcome } from './delivery.ts';
import type { Messenger } from './messenger.ts';
import { circuitOpen, outcomeOfFailure, readRetryAfter, type CallFailure } from './send-outcome.ts';
import { writeText, type TextContext } from './texts.ts';

export type TwilioOptions = TextContext & {
  accountSid: string;
  authToken: string;
  /** Stands in for `https://api.twilio.com`. */
  baseUrl?: string | undefined;
  timeoutMs: number;
  /** `whatsapp:+…` and `+…`; without the second no SMS is sent. */
  from: { whatsapp: string; sms?: string | undefined };
  /** Approved templates by message, for WhatsApp outside of its 24 h window. */
  contentSids: Partial<Record<Modele | 'code', string | undefined>>;
  /** Where Twilio tells a message's later states, by channel. */
  statusCallback?: Record<Canal, string> | undefined;
  setBreaker: (state: BreakerState) => void;
};

type Answered<T> = { value: T } | { failure: CallFailure };

const failuresBeforeOpen = 5;
const openMs = 5_000;
/** Twilio's times are whole seconds, and its clock is not ours. */
const clockToleranceMs = 60_000;
const listLimit = 100;
const states: Record<CircuitState, BreakerState> = { [CircuitState.Closed]: 'closed', [CircuitState.HalfOpen]: 'half_open', [CircuitState.Open]: 'open', [CircuitState.Isolated]: 'open' };

/**
 * Twilio's Messages resource through its SDK, whose own retries are off: an outcome says what is known, and only our
 * state machine tries again. After 5 failures in a row Twilio is left alone for 5 s. The SDK is loaded by the first call.
 */
export function createTwilioMessenger(options: TwilioOptions): Messenger {
  const breaker = circuitBreaker(handleWhenResult((answer) => isOutage(answer as Answered<unknown>)), { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failuresBeforeOpen) });
  const openClient = createClientOpener(options);
  let openUntilMs = 0;
  options.setBreaker('closed');
  breaker.onBreak(() => { openUntilMs = Date.now() + openMs; });
  breaker.onStateChange((state) => options.setBreaker(states[state]));

  /** One call; what failed comes back as data. */
  async function call<T>(operation: string, { id, canal }: { id?: number; canal: Canal }, ask: (client: Twilio) => Promise<T>, limitMs = options.timeoutMs): Promise<Answered<T>> {
    const attributes = { 'mediai.canal': canal, ...(id === undefined ? {} : { 'mediai.delivery_id': id }) };
    try {
      return await withSpan(`twilio ${operation}`, { kind: 'client', attributes }, (span) =>
        breaker.execute(async () => {
          const seen: Seen = {};
          try {
            return { value: await ask(await openClient(seen, Math.ceil(Math.min(limitMs, options.timeoutMs)))) };
          } catch (error) {
            const { status, code } = error as CallFailure;
            span.setAttribute('error.type', String(status ?? code ?? 'unknown'));
            return { failure: { status, code, retryAfterMs: readRetryAfter(seen.retryAfter, Date.now()) } };
          }
        }));
    } catch (error) {
      if (isBrokenCircuitError(error)) return { failure: { code: circuitOpen, retryAfterMs: openMs } };
      throw error;
    }
  }

  async function create(which: { id?: number; canal: Canal }, message: MessageListInstanceCreateOptions, limitMs?: number): Promise<Outcome> {
    const answer = await call('messages.create', which, (client) => client.messages.create(message), limitMs);
    if ('failure' in answer) return outcomeOfFailure(answer.failure);
    const { sid } = answer.value;
    return typeof sid === 'string' && /^[A-Z]{2}[0-9a-f]{32}$/i.test(sid) ? { kind: 'accepted', sid } : { kind: 'unknown', code: 'twilio.reponse_illisible' };
  }

  return {
    send: (delivery) => create(delivery, toCreate(delivery, options)),
    sendCode: ({ canal, telephone }, { body, variables }, limitMs) => create({ canal }, address({ canal, telephone, body, contentSid: options.contentSids.code, variables }, options), limitMs),
    async list(delivery, since) {
      const { to } = toCreate(delivery, options);
      // Not by DateSent: a message that Twilio still queues has none.
      const answer = await call('messages.list', delivery, (client) => client.messages.list({ to, limit: listLimit }));
      if ('failure' in answer) return { kind: 'unreachable', code: codeOf(outcomeOfFailure(answer.failure)) };
      const matches = matcher(delivery, options);
      const sinceMs = since.getTime() - clockToleranceMs;
      const found = answer.value.filter((message) => matches(message.body ?? '') && !(message.dateCreated?.getTime() < sinceMs));
      return { kind: 'listed', sids: found.map(({ sid }) => sid) };
    },
    isBlocked: () => Date.now() < openUntilMs,
    timeoutMs: options.timeoutMs,
  };
}

type Seen = { retryAfter?: unknown };

/**
 * A client for one call, which leaves the answer's Retry-After in `seen`. The SDK has no base URL: its HTTP client is
 * wrapped, and every address of api.twilio.com goes elsewhere. Connections are shared.
 */
function createClientOpener({ accountSid, authToken, baseUrl, timeoutMs }: TwilioOptions): (seen: Seen, limitMs: number) => Promise<Twilio> {
  const base = baseUrl?.replace(/\/+$/, '');
  let shared: RequestClient | undefined;
  return async (seen, limitMs) => {
    // The SDK's own time-out is of silence: an answer that comes byte by byte would never end.
    const limit = timeout(limitMs, TimeoutStrategy.Aggressive);
    const { default: twilio } = await import('twilio');
    const inner = (shared ??= new twilio.RequestClient({ timeout: timeoutMs, autoRetry: false, maxRetries: 0 }));
    const request: RequestClient['request'] = async (asked) => {
      const uri = base === undefined ? asked.uri : asked.uri.replace(/^https:\/\/api(?:\.[\w-]+)*\.twilio\.com/u, base);
      const response = await limit.execute(() => inner.request({ ...asked, uri, timeout: limitMs }));
      seen.retryAfter = (response as { headers?: Record<string, unknown> }).headers?.['retry-after'];
      return response as never;
    };
    return twilio(accountSid, authToken, { httpClient: { request } as RequestClient });
  };
}

function toCreate(delivery: ClaimedDelivery, options: TwilioOptions): MessageListInstanceCreateOptions {
  const { canal, telephone, modele } = delivery;
  return address({ canal, telephone, contentSid: options.contentSids[modele], ...writeText(delivery, options) }, options);
}

type Addressed = { canal: Canal; telephone: string; body: string; contentSid: string | undefined; variables: Record<string, string> };

function address({ canal, telephone, body, contentSid, variables }: Addressed, { from, statusCallback }: TwilioOptions): MessageListInstanceCreateOptions {
  const callback = statusCallback ? { statusCallback: statusCallback[canal] } : {};
  if (canal === 'sms') return { to: telephone, from: from.sms ?? '', body, ...callback };
  const content = contentSid ? { contentSid, contentVariables: JSON.stringify(variables) } : { body };
  return { to: `whatsapp:${telephone}`, from: from.whatsapp, ...content, ...callback };
}

/** Could a listed text be this delivery's? Of a template only what it was filled with is known, and until it is rendered not even that. */
function matcher(delivery: ClaimedDelivery, { contentSids, ...context }: TwilioOptions): (listed: string) => boolean {
  const { body, variables } = writeText(delivery, context);
  if (delivery.canal === 'whatsapp' && contentSids[delivery.modele]) return (listed) => listed === '' || Object.values(variables).every((value) => value === '-' || listed.includes(value));
  return (listed) => listed.normalize('NFC').trim() === body.normalize('NFC').trim();
}

/** Does the answer count against Twilio (no answer, 5xx), and not against the message or our rate? */
function isOutage(answer: Answered<unknown>): boolean {
  return 'failure' in answer && (answer.failure.status === undefined || answer.failure.status >= 500);
}

function codeOf(outcome: Outcome): string {
  return 'code' in outcome ? outcome.code : '';
}
