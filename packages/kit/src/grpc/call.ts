import { fromBinary, type DescMethod } from '@bufbuild/protobuf';
import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { AppError, fromServiceError } from '../errors/index.ts';
import type { Channel } from './channel.ts';
import { announceEndMark, endMark } from './end-mark.ts';
import { encode } from './message-bytes.ts';
import { writeMetadata, type CallMetadata } from './metadata.ts';
import { sendMessages, type Messages } from './send-messages.ts';
import { toMethodDefinition } from './service-definition.ts';

export type CallOptions = CallMetadata & {
  /** Cancels the call on the server too. */
  signal?: AbortSignal;
  /** Milliseconds the whole call may take, waiting for a connection included. */
  deadlineMs?: number;
};
export type LimitedCall = CallOptions & { deadlineMs: number };

/** Milliseconds that a call that may stream for minutes waits for its connection. */
const connectionMs = 5_000;

/** One request, one answer. */
export function callUnary(channel: Channel, method: DescMethod, request: Buffer, options: LimitedCall): Promise<Buffer> {
  const { path, requestSerialize, responseDeserialize } = toMethodDefinition(method);
  return settle(channel, options, (callback) =>
    channel.client().makeUnaryRequest(path, requestSerialize, responseDeserialize, request, writeMetadata(options), deadline(options), callback),
  );
}

/** Requests as they come, one answer. The source is stopped when the answer is there before its end; what it throws ends the call. */
export function callUp(channel: Channel, method: DescMethod, requests: Messages<unknown>, options: LimitedCall): Promise<Buffer> {
  const { path, requestSerialize, responseDeserialize } = toMethodDefinition(method);
  const over = new AbortController();
  const answer = settle<Buffer>(
    channel,
    options,
    (callback, fail) => {
      const stream = channel.client().makeClientStreamRequest(path, requestSerialize, responseDeserialize, announceEndMark(writeMetadata(options)), deadline(options), callback);
      stream.on('error', fail);
      sendMessages(requests, stream, (request) => encode(method.input, request), over.signal).then(
        () => stream.end(endMark),
        (thrown: unknown) => {
          fail(thrown); // the first word counts: of a call that is over it says nothing
          stream.cancel();
        },
      );
      return stream;
    },
    connectionMs,
  );
  return answer.finally(() => over.abort());
}

/**
 * One request, answers as they are read. `opened` is called with them when the first, or the end, is there; the promise
 * lasts until the call is over and rejects with its failure, which the iteration of the answers throws too.
 */
export async function callDown(channel: Channel, method: DescMethod, request: Buffer, options: LimitedCall, opened: (answers: AsyncIterable<unknown>) => void): Promise<void> {
  const { path, requestSerialize, responseDeserialize } = toMethodDefinition(method);
  const stream = Promise.withResolvers<ClientReadableStream<Buffer>>();
  let isLeft = false;
  const over = settle<void>(
    channel,
    options,
    (callback) => {
      const sent = channel.client().makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, writeMetadata(options), deadline(options));
      sent.on('error', (error: ServiceError) => callback(isLeft ? null : error)).on('status', () => callback(null));
      stream.resolve(sent);
      return sent;
    },
    connectionMs,
  );
  over.catch(stream.reject); // without a stream, of a call that was given up before
  const answers = readAnswers(await stream.promise, method, over, () => (isLeft = true));
  const first = await answers.next();
  opened({ [Symbol.asyncIterator]: () => ({ ...answers, next: continueWith(first, answers) }) });
  await over;
}

function readAnswers(stream: ClientReadableStream<Buffer>, method: DescMethod, over: Promise<void>, onLeave: () => void) {
  const pieces = stream.iterator({ destroyOnReturn: false });
  const leave = (): void => {
    onLeave();
    stream.cancel();
  };
  return {
    async next(): Promise<IteratorResult<unknown>> {
      const piece = await pieces.next().catch(() => undefined); // why is told by `over`
      if (!piece || piece.done) {
        await over;
        return { done: true, value: undefined };
      }
      try {
        return { done: false, value: fromBinary(method.output, piece.value as Buffer) };
      } catch (thrown) {
        leave();
        throw thrown;
      }
    },
    async return(): Promise<IteratorResult<unknown>> {
      leave();
      return { done: true, value: undefined };
    },
  };
}

function continueWith(first: IteratorResult<unknown>, rest: { next: () => Promise<IteratorResult<unknown>> }): () => Promise<IteratorResult<unknown>> {
  let waiting: IteratorResult<unknown> | undefined = first;
  return async () => {
    const one = waiting ?? (await rest.next());
    waiting = undefined;
    return one;
  };
}

type Callback<T> = (error: ServiceError | null, answer?: T) => void;
type Sent = { cancel: () => void };

const deadline = ({ deadlineMs }: LimitedCall): { deadline: number } => ({ deadline: Date.now() + deadlineMs });

/** Sends a call and waits for its end: the answer, an error in our words, the caller's abort, or a connection that hangs. */
function settle<T>(channel: Channel, { signal }: LimitedCall, send: (callback: Callback<T>, fail: (thrown: unknown) => void) => Sent, waitMs?: number): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new AppError('deadline', 'requete.annulee', 'La requête a été annulée.', { cause: signal.reason }));
    const client = channel.client();
    const finish = (): void => {
      clearTimeout(hung);
      signal?.removeEventListener('abort', cancel);
    };
    const fail = (thrown: unknown): void => {
      finish();
      reject(thrown);
    };
    const sent = send((error, answer) => {
      if (error) {
        channel.noticeFailure(error);
        return fail(fromServiceError(error));
      }
      finish();
      resolve(answer as T);
    }, fail);
    const cancel = (): void => sent.cancel();
    const giveUp = (): void => {
      if (!channel.noticeWait(client)) return;
      fail(new AppError('deadline', undefined, undefined, { retryAfterSeconds: 2 }));
      cancel();
    };
    const hung = waitMs === undefined ? undefined : setTimeout(giveUp, waitMs);
    signal?.addEventListener('abort', cancel, { once: true });
  });
}
