export type Timer = { /** Runs at once, then again. */ start: () => void; /** Resolves when the round under way is done. */ stop: () => Promise<void> };

/** Runs something again and again, `intervalMs` after its last end; a failure is told and does not end it. It keeps no process alive. */
export function createTimer({ run, intervalMs, onError }: { run: () => Promise<unknown>; intervalMs: number; onError: (error: unknown) => void }): Timer {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;
  async function round(): Promise<void> {
    await run().catch(onError);
    if (!stopped) timer = setTimeout(tick, intervalMs).unref();
  }
  const tick = (): void => {
    running = round();
  };
  return {
    start: tick,
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
