/** Full jitter between half and the whole of an exponential delay, in milliseconds. */
export function backOffMs(attempt: number, firstMs: number, maxMs: number): number {
  const delayMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 20));
  return delayMs / 2 + (Math.random() * delayMs) / 2;
}

/** Wait, or less when `signal` aborts. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal.addEventListener('abort', done, { once: true });
  });
}
