import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { Faults, Provider } from './faults.ts';
import type { Call, Ledger } from './ledger.ts';

/** What a protocol answers: one JSON body, or the frames of an event stream. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly frames?: readonly string[];
  readonly responseId?: string | null;
}

/** One call of one provider, in the provider's own words. */
export interface Exchange {
  readonly provider: Provider;
  /** `create`, `stream`, `fetch`, `list`. */
  readonly operation: string;
  readonly model: string | null;
  readonly request: unknown;
  /** The provider's error body for a status that a fault asks for. */
  readonly errorBody: (status: number, code: number | undefined) => unknown;
  /** Do the work; called once, after the latency and before any drop. `undelivered` is the error code that the fault of that name carries. */
  readonly produce: (asked: { schemaInvalid: boolean; undelivered: number | undefined }) => Answer;
}

export type Answerer = ReturnType<typeof createAnswerer>;

const CONTENT_JSON = 'application/json; charset=utf-8';
const GARBAGE = '<html><body>SIMULATION — 502 Bad Gat\u0000{"id": ';

/**
 * The one place that writes answers of the simulated providers: it keeps the ledger and plays the faults.
 * @param deps.latencyMs delay of every answer
 */
export function createAnswerer(deps: { faults: Faults; ledger: Ledger; latencyMs: number }) {
  return async function answer(reply: FastifyReply, exchange: Exchange): Promise<void> {
    const { provider, operation, model, request } = exchange;
    const debut = performance.now();
    const call = deps.ledger.open({ provider, operation, model, request });
    const fault = deps.faults.take(provider, operation);
    call.fault = fault?.kind ?? null;
    reply.hijack();
    const parti = new AbortController();
    reply.raw.once('close', () => parti.abort());
    try {
      await wait(deps.latencyMs + (fault?.latencyMs ?? 0), parti.signal);
      if (fault?.kind === 'hang') await wait(undefined, parti.signal);
      if (parti.signal.aborted) {
        call.outcome = 'aborted';
      } else if (fault?.kind === 'status') {
        const status = fault.status ?? 500;
        write(reply, call, { status, body: exchange.errorBody(status, fault.code) }, fault.retryAfter);
      } else {
        const undelivered = fault?.kind === 'undelivered' ? (fault.code ?? 63016) : undefined;
        const answered = exchange.produce({ schemaInvalid: fault?.kind === 'schema_invalid', undelivered });
        call.responseId = answered.responseId ?? null;
        if (fault?.kind === 'drop_after_accept') drop(reply, call, answered);
        else if (fault?.kind === 'garbage') write(reply, call, { status: answered.status, ...(answered.frames ? { frames: [`data: ${GARBAGE}\n\n`] } : { body: undefined }) });
        else write(reply, call, answered);
      }
    } catch (cause) {
      if (!reply.raw.headersSent) write(reply, call, { status: 500, body: exchange.errorBody(500, undefined) });
      reply.log.error({ err: cause }, 'sandbox answer failed');
    } finally {
      call.durationMs = Math.round(performance.now() - debut);
    }
  };
}

/** Sleep, or until the caller leaves when `ms` is undefined. */
async function wait(ms: number | undefined, signal: AbortSignal): Promise<void> {
  if (ms === 0 || signal.aborted) return;
  if (ms === undefined) {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return;
  }
  await Promise.race([sleep(ms, undefined, { ref: false }), new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))]);
}

function write(reply: FastifyReply, call: Call, answer: Answer, retryAfter?: number): void {
  const headers: Record<string, string> = { 'x-sandbox': 'SIMULATION', 'request-id': `sim_${call.id}` };
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  if (answer.frames) {
    reply.raw.writeHead(answer.status, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    for (const frame of answer.frames) reply.raw.write(frame);
    reply.raw.end();
  } else {
    reply.raw.writeHead(answer.status, { ...headers, 'content-type': CONTENT_JSON });
    reply.raw.end(answer.body === undefined ? GARBAGE : JSON.stringify(answer.body));
  }
  call.status = answer.status;
  call.outcome = answer.status < 400 ? 'answered' : 'refused';
}

/** The work is done and kept, the caller never hears of it; a stream is cut halfway. */
function drop(reply: FastifyReply, call: Call, answer: Answer): void {
  call.outcome = 'dropped';
  if (!answer.frames) {
    reply.raw.destroy();
    return;
  }
  reply.raw.writeHead(answer.status, { 'content-type': 'text/event-stream; charset=utf-8' });
  reply.raw.write(answer.frames.slice(0, Math.ceil(answer.frames.length / 2)).join(''), () => reply.raw.destroy());
}

/** One frame of an event stream (HTML Living Standard, 9.2). */
export const sse = (data: unknown, event?: string): string => `${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`;
