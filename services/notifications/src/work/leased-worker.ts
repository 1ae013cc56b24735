import type { Logger } from '@mediai/kit/log';
import { runWithTraceparent } from '@mediai/kit/telemetry';

export type WorkerOptions<T> = {
  task: string;
  /** Takes at most `limit` due items. */
  claim: (limit: number) => Promise<T[]>;
  run: (item: T) => Promise<void>;
  log: Logger;
  concurrency?: number;
  /** How often due items are looked for without being woken. */
  pollMs?: number;
};

export type Worker = {
  start: () => void;
  /** Look now. */
  wake: () => void;
  /** Takes nothing more; resolves when what was taken is done. */
  stop: () => Promise<void>;
  /** `degraded` while the due items cannot be read. */
  check: () => Promise<'ok' | 'degraded'>;
};

const failedPauseMs = 1_000;

/** Takes due items by lease and runs each in the trace that it names, a few at a time, until told to stop. An item whose run fails comes back when its lease ends. */
export function createLeasedWorker<T extends { traceparent: string | null }>({ task, claim, run, log, concurrency = 8, pollMs = 1_000 }: WorkerOptions<T>): Worker {
  const inHand = new Set<Promise<void>>();
  const stopping = new AbortController();
  let healthy = false;
  let wakeUp = Promise.withResolvers<void>();
  let loop: Promise<void> | undefined;

  async function runOne(item: T): Promise<void> {
    try {
      await run(item);
    } catch (err) {
      log.warn({ task, err }, 'task failed, comes back when its lease ends');
    }
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      wakeUp = Promise.withResolvers<void>();
      const pauseMs = await takeAndRun().catch((err: unknown) => {
        if (healthy) log.warn({ task, err }, 'due work cannot be read, trying again');
        healthy = false;
        return failedPauseMs;
      });
      await rest(pauseMs);
    }
    await Promise.allSettled(inHand);
  }

  /** Returns how long to rest. */
  async function takeAndRun(): Promise<number> {
    const free = concurrency - inHand.size;
    const items = free > 0 ? await claim(free) : [];
    healthy = true;
    for (const item of items) {
      const running: Promise<void> = runWithTraceparent(item.traceparent ?? undefined, () => runOne(item)).finally(() => {
        inHand.delete(running);
        wakeUp.resolve();
      });
      inHand.add(running);
    }
    return pollMs;
  }

  async function rest(ms: number): Promise<void> {
    const timer = setTimeout(wakeUp.resolve, ms);
    await wakeUp.promise;
    clearTimeout(timer);
  }

  return {
    start() {
      loop ??= work();
    },
    wake: () => wakeUp.resolve(),
    async stop() {
      stopping.abort();
      wakeUp.resolve();
      await loop;
    },
    check: async () => (healthy ? 'ok' : 'degraded'),
  };
}
