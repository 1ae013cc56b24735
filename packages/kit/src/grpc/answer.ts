import type { DescMethod } from '@bufbuild/protobuf';
import { Metadata, type Deadline, type ServerReadableStream, type ServerUnaryCall, type ServerWritableStream, type StatusObject, type UntypedHandleCall } from '@grpc/grpc-js';
import type { EventEmitter } from 'node:events';
import { callbackify } from 'node:util';
import type { Acteur } from '../acteur/acteur.ts';
import { AppError, errorMetadataKey, toAppError, toServiceError, unauthenticated } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { runWithRequest, runWithTraceparent, withSpan } from '../telemetry/index.ts';
import { isEndMark, saysItMarksTheEnd } from './end-mark.ts';
import type { CallContext, Implementation } from './implement.ts';
import { decodeRequest, encode } from './message-bytes.ts';
import { isIdempotencyKey, readMetadata } from './metadata.ts';
import { sendMessages } from './send-messages.ts';
import { methodName } from './service-definition.ts';

export type AnswerOptions = {
  /** Verifies access tokens; without it only public methods can be called. */
  verify?: (token: string) => Promise<Acteur>;
  /** Full names (`mediai.auth.v1.AuthService/IssueToken`) that need no token; a broken one is ignored there. */
  publicMethods?: string[];
  log: Logger;
  metrics: Metrics;
};

type Call = EventEmitter & { metadata: Metadata; cancelled: boolean; getDeadline: () => Deadline };
type Answer<T> = (context: CallContext) => Promise<T>;
type AnyHandler = (request: unknown, context: CallContext) => unknown;
type Bind = (method: DescMethod, handler: AnyHandler, options: AnswerOptions) => UntypedHandleCall;

/** grpc-js's handlers of an implementation, by the method's local name. */
export function toHandlers({ service, handlers }: Implementation, options: AnswerOptions): Record<string, UntypedHandleCall> {
  const served = service.methods.filter((method) => handlers[method.localName]);
  return Object.fromEntries(served.map((method) => [method.localName, binds[method.methodKind](method, handlers[method.localName] as AnyHandler, options)]));
}

const binds: Record<DescMethod['methodKind'], Bind> = {
  unary: (method, handler, options) =>
    answerOne((call: ServerUnaryCall<Buffer, Buffer>) =>
      answer(call, method, options, async (context) => encode(method.output, await handler(decodeRequest(method.input, call.request), context))),
    ),
  client_streaming: (method, handler, options) =>
    answerOne((call: ServerReadableStream<Buffer, Buffer>) =>
      answer(call, method, options, async (context) => encode(method.output, await handler(readRequests(call, method, context.signal), context))),
    ),
  server_streaming: (method, handler, options) => (call: ServerWritableStream<Buffer, Buffer>) => {
    const run = answer(call, method, options, async (context) => {
      const answers = handler(decodeRequest(method.input, call.request), context) as AsyncIterable<unknown>;
      await sendMessages(answers, call, (message) => encode(method.output, message), context.signal);
    });
    run.then(
      () => call.end(),
      (thrown: unknown) => call.cancelled || call.emit('error', toStatus(thrown)), // grpc-js's way of ending with a status
    );
  },
  bidi_streaming: ({ name }) => {
    throw new Error(`${name} streams both ways, which nothing here serves`);
  },
};

function answerOne<C>(run: (call: C) => Promise<Buffer>): UntypedHandleCall {
  const answered = callbackify((call: C) =>
    run(call).catch((thrown: unknown) => {
      throw toStatus(thrown);
    }),
  );
  return ((call: C, callback: (error: unknown, bytes?: Buffer) => void) => answered(call, callback)) as unknown as UntypedHandleCall;
}

/** Runs a handler with all that every call has: a verified actor, a span, a request id, a metric, a line when it fails. */
async function answer<T>(call: Call, method: DescMethod, options: AnswerOptions, handle: Answer<T>): Promise<T> {
  const name = methodName(method);
  const { traceparent, baggage, token, ...incoming } = readMetadata(call.metadata);
  const startedMs = performance.now();
  let code = 'ok';
  let isOver = false;
  const run = async (): Promise<T> => {
    try {
      const acteur = await authenticate(token, options.publicMethods?.includes(name) ?? false, options.verify);
      const { idempotencyKey } = incoming;
      if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)) throw new AppError('invalid', 'idempotence.cle_invalide', "La clé d'idempotence doit compter 1 à 255 caractères visibles.");
      return await handle({ ...incoming, acteur, ...limits(call, () => isOver) });
    } catch (thrown) {
      code = toAppError(thrown).kind;
      logFailure(options.log, name, thrown, performance.now() - startedMs);
      throw thrown;
    } finally {
      isOver = true;
      options.metrics.grpcServerDuration.observe({ method: name, code }, (performance.now() - startedMs) / 1000);
    }
  };
  const attributes = { 'rpc.system': 'grpc', 'rpc.service': method.parent.typeName, 'rpc.method': method.name };
  return runWithRequest({ requestId: incoming.requestId, adresse: incoming.adresse }, () => runWithTraceparent(traceparent, () => withSpan(name, { kind: 'server', attributes }, run), baggage));
}

async function authenticate(token: string | undefined, isPublic: boolean, verify: AnswerOptions['verify']): Promise<Acteur | undefined> {
  if (!token || !verify) {
    if (isPublic) return undefined;
    throw unauthenticated();
  }
  return isPublic ? verify(token).catch(() => undefined) : verify(token);
}

async function* readRequests(call: ServerReadableStream<Buffer, Buffer>, method: DescMethod, signal: AbortSignal): AsyncGenerator<unknown> {
  const endsWithMark = saysItMarksTheEnd(call.metadata);
  // Kept open when the handler reads no further: its answer goes out through the same stream.
  const pieces = call.iterator({ destroyOnReturn: false });
  while (true) {
    const piece = await pieces.next().catch((thrown: unknown) => Promise.reject(signal.aborted ? signal.reason : thrown));
    signal.throwIfAborted();
    if (piece.done && endsWithMark) throw cancelled();
    if (piece.done || (endsWithMark && isEndMark(piece.value as Buffer))) return;
    yield decodeRequest(method.input, piece.value as Buffer);
  }
}

const cancelled = (): AppError => new AppError('deadline', 'requete.annulee', 'La requête a été annulée.');

function limits(call: Call, isOver: () => boolean): Pick<CallContext, 'signal' | 'deadlineMs'> {
  const abort = new AbortController();
  // grpc-js says `cancelled` at the end of every call, answered or not.
  const stop = (): void => void (isOver() || abort.abort(cancelled()));
  call.on('cancelled', stop);
  if (call.cancelled) stop();
  return { signal: abort.signal, deadlineMs: Math.max(0, Number(call.getDeadline()) - Date.now()) };
}

function logFailure(log: Logger, method: string, thrown: unknown, durationMs: number): void {
  const { kind, code } = toAppError(thrown);
  const fields = { method, kind, code, duration_ms: Math.round(durationMs) };
  if (kind === 'internal') log.error({ ...fields, err: thrown }, 'call failed');
  else if (kind === 'unavailable' || kind === 'deadline') log.warn({ ...fields, err: thrown }, 'call failed');
  else log.debug(fields, 'call refused');
}

function toStatus(thrown: unknown): Partial<StatusObject> {
  const { code, details, payload } = toServiceError(thrown);
  const metadata = new Metadata();
  metadata.set(errorMetadataKey, payload);
  return { code, details, metadata };
}
