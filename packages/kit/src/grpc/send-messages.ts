import { once } from 'node:events';
import type { Writable } from 'node:stream';

export type Messages<T> = AsyncIterable<T> | Iterable<T>;

/**
 * Writes messages one after the other, no faster than the stream takes them. When `over` is aborted nothing more is
 * asked of the source, which is told so (`return`), and the promise rejects with the reason; it rejects with what the
 * source throws. The stream is neither ended nor destroyed.
 */
export async function sendMessages<T>(messages: Messages<T>, stream: Writable, encode: (message: T) => Buffer, over: AbortSignal): Promise<void> {
  const source = Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
  let isDone = false;
  try {
    while (true) {
      const next = await unlessAborted(async () => source.next(), over).catch((thrown: unknown) => {
        isDone = !over.aborted; // a source that threw has ended itself
        throw thrown;
      });
      if (next.done) {
        isDone = true;
        return;
      }
      if (!stream.write(encode(next.value))) await unlessAborted(() => once(stream, 'drain', { signal: over }), over);
    }
  } finally {
    // Not waited for: a generator that waits for its own source returns when that gives way.
    if (!isDone) void (async () => source.return?.())().catch(() => undefined); // the call is over: nobody is left to tell
  }
}

/** What `work` promises, or a rejection with the signal's reason as soon as it is aborted. Nothing stays at the signal. */
export function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work().then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
