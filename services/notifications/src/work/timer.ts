export type Timer = { start: () => void; /** Resolves when the round under way is done. */ stop: () => Promise<void> };

/** Runs something now and then again, `intervalMs` after its last end; a failure is told and does not end it. */
export function createTimer({ run, intervalMs, onError }: { run: () => Promise<void>; intervalMs: number; onError: (error: unknown) => void }): Timer {
  const stopping = new AbortController();
  let rounds: Promise<void> | undefined;

  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) {
      await run().catch(onError);
      await rest();
    }
  }

  function rest(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (stopping.signal.aborted) resolve();
    const timer = setTimeout(resolve, intervalMs);
    stopping.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
    return promise;
  }

  return {
    start() {
      rounds ??= repeat();
    },
    async stop() {
      stopping.abort();
      await rounds;
    },
  };
}
