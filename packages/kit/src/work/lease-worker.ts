import type { Logger } from '../log/index.ts';

/** Work in the hands of the worker that leased it. */
export type Lease = { readonly id: number };


export type LeaseWorkerOptions<L extends Lease, O> = {
  /** Name of the work, in log lines. */
  task: string;
  /** Takes up the oldest work that is due and held by nobody, for `leaseMs`. */
  lease: (leaseMs: number) => Promise<L | undefined>;
  /** Holds it longer; false when it is no longer ours. */
  renew: (held: L, leaseMs: number) => Promise<boolean>;
  /** Does it; the signal is aborted when the lease is lost or the worker must stop. What it throws leaves the work to the end of its lease. */
  run: (held: L, signal: AbortSignal) => Promise<O>;
  /** Runs `work`, which is all of it, its log lines too, in the trace that asked for it. */
  within?: (held: L, work: () => Promise<void>) => Promise<void>;
  /** Told of the outcome, with milliseconds; `undefined` when `run` threw. */
  onEnd: (outcome: O | undefined, durationMs: number) => void;
  onStart?: () => void;
  /** At once. */
  concurrency: number;
  leaseMs: number;
  /** How often work is looked for without being woken. */
  pollMs?: number;
  log: Logger;
};

export type LeaseWorker = {
  start: () => void;
  /** Look for work now. */
  wake: () => void;
  /** Take up nothing more; what runs may end within `graceMs`, then its signal is aborted. */
  stop: (graceMs: number) => Promise<void>;
};

/** Takes up work under a lease that it renews; what a process left behind is taken up again when its lease has run out. */
export function createLeaseWorker<L extends Lease, O>(options: LeaseWorkerOptions<L, O>): LeaseWorker {
  const { task, concurrency, leaseMs, pollMs = 1_000, log, within = (_held, work) => work() } = options;
  const running = new Set<Promise<void>>();
  /** First nothing more is taken up, then what runs is interrupted. */
  const closing = new AbortController();
  const stopping = new AbortController();
  let search: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  /** Fill the free places; calls that come meanwhile make it look once more. */
  async function look(): Promise<void> {
    try {
      while (again && !closing.signal.aborted && running.size < concurrency) {
        again = false;
        const held = await options.lease(leaseMs);
        if (!held) continue;
        again = true;
        const work = runHeld(held).finally(() => {
          running.delete(work);
          wake();
        });
        running.add(work);
      }
    } catch (err) {
      log.warn({ task, err }, 'work could not be looked for');
    }
  }

  async function runHeld(held: L): Promise<void> {
    const loss = new AbortController();
    const renewal = setInterval(() => void renew(held, loss), leaseMs / 3);
    try {
      await within(held, () => runOnce(held, loss.signal));
    } catch {
      // Told where it happened; it came on so that `within` sees it too.
    } finally {
      clearInterval(renewal);
    }
  }

  async function runOnce(held: L, lost: AbortSignal): Promise<void> {
    const since = performance.now();
    options.onStart?.();
    try {
      options.onEnd(await options.run(held, AbortSignal.any([stopping.signal, lost])), performance.now() - since);
    } catch (err) {
      options.onEnd(undefined, performance.now() - since);
      log.error({ task, job_id: held.id, err }, 'work interrupted, taken up again when its lease has run out');
      throw err;
    }
  }

  async function renew(held: L, loss: AbortController): Promise<void> {
    try {
      if (!(await options.renew(held, leaseMs))) loss.abort();
    } catch (err) {
      log.warn({ task, job_id: held.id, err }, 'lease could not be renewed');
    }
  }

  function wake(): void {
    if (closing.signal.aborted) return;
    again = true;
    search ??= look().finally(() => {
      search = undefined;
    });
  }

  return {
    start() {
      timer ??= setInterval(wake, pollMs);
      wake();
    },
    wake,
    async stop(graceMs) {
      closing.abort();
      clearInterval(timer);
      const grace = setTimeout(() => stopping.abort(), graceMs);
      await search;
      await Promise.all(running);
      clearTimeout(grace);
    },
  };
}
