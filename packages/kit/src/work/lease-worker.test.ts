import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../log/index.ts';
import { createLeaseWorker, type LeaseWorker, type LeaseWorkerOptions } from './lease-worker.ts';

type Work = { id: number };
const log = createLogger({ service: 'test', level: 'silent' });
const started: LeaseWorker[] = [];
afterEach(async () => {
  for (const worker of started.splice(0)) await worker.stop(0);
});

/** A worker over a queue of ids; `held` are those that were leased, `ended` what became of them. */
function start({ queue, ...options }: { queue: number[] } & Partial<LeaseWorkerOptions<Work, string>>) {
  const held: number[] = [];
  const ended: (string | undefined)[] = [];
  const worker = createLeaseWorker<Work, string>({
    task: 'test',
    async lease() {
      const id = queue.shift();
      if (id === undefined) return undefined;
      held.push(id);
      return { id };
    },
    renew: async () => true,
    run: async () => 'done',
    onEnd: (outcome) => void ended.push(outcome),
    concurrency: 2, leaseMs: 30, pollMs: 10, log,
    ...options,
  });
  started.push(worker);
  worker.start();
  return { worker, held, ended };
}
async function until(pleases: () => boolean): Promise<void> {
  while (!pleases()) await new Promise((wake) => setTimeout(wake, 2));
}
const aborted = (signal: AbortSignal): Promise<string> => new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted')));

describe('a worker that renews its leases', () => {
  it('takes up all there is, no more at once than it may', async () => {
    let running = 0;
    let most = 0;
    const run = async (): Promise<string> => {
      most = Math.max(most, ++running);
      await new Promise((wake) => setTimeout(wake, 2));
      running--;
      return 'done';
    };
    const { ended } = start({ queue: [1, 2, 3, 4, 5], run });
    await until(() => ended.length === 5);
    expect([most, ended]).toEqual([2, Array(5).fill('done')]);
  });

  it('does all of a work, its failure and its log line too, inside what is said', async () => {
    const lines: string[] = [];
    const seen: string[] = [];
    const within = async ({ id }: Work, work: () => Promise<void>): Promise<void> => {
      seen.push(`begin ${id}`);
      await work().catch((error: Error) => seen.push(error.message));
      seen.push(`end ${id}, ${lines.length} lines`);
    };
    const { ended } = start({
      queue: [1], within, run: () => Promise.reject(new Error('failed')), onEnd: (outcome) => (seen.push('told'), void ended.push(outcome)),
      log: createLogger({ service: 'test', stream: { write: (line) => void lines.push(line) } }),
    });
    await until(() => seen.length === 4);
    expect(seen).toEqual(['begin 1', 'told', 'failed', 'end 1, 1 lines']);
  });

  it('takes up what comes later, woken or not', async () => {
    const queue: number[] = [];
    const { worker, held } = start({ queue });
    queue.push(1);
    worker.wake();
    await until(() => held.length === 1);
    queue.push(2);
    await until(() => held.length === 2);
    expect(held).toEqual([1, 2]);
  });

  it('holds its lease for as long as it works, and is interrupted when it is lost', async () => {
    let renewals = 0;
    const { ended } = start({ queue: [1], renew: async () => ++renewals < 3, run: (_, signal) => aborted(signal) });
    await until(() => ended.length === 1);
    expect([renewals >= 3, ended]).toEqual([true, ['aborted']]);
  });

  it('goes on where a renewal could not be asked for', async () => {
    let asked = 0;
    const { ended } = start({ queue: [1], renew: () => Promise.reject(new Error(`away ${++asked}`)), run: async () => {
      await until(() => asked > 1);
      return 'done';
    } });
    await until(() => ended.length === 1);
    expect(ended).toEqual(['done']);
  });

  it('leaves what threw to the end of its lease, and takes up the next', async () => {
    const { ended } = start({ queue: [1, 2], run: async ({ id }) => (id === 1 ? Promise.reject(new Error('broken')) : 'done') });
    await until(() => ended.length === 2);
    expect(ended.toSorted()).toEqual(['done', undefined]);
  });

  it('looks again after work could not be looked for', async () => {
    let looks = 0;
    const { ended } = start({ queue: [], lease: async () => {
      looks++;
      if (looks === 1) throw new Error('away');
      return looks === 2 ? { id: 1 } : undefined;
    } });
    await until(() => ended.length === 1);
    expect(ended).toEqual(['done']);
  });

  it('stops: nothing more is taken up, what runs is interrupted after its grace', async () => {
    const queue = [1];
    const { worker, held, ended } = start({ queue, run: (_, signal) => aborted(signal) });
    await until(() => held.length === 1);
    const stopping = worker.stop(20);
    queue.push(2);
    worker.wake();
    await stopping;
    expect([held, ended, queue]).toEqual([[1], ['aborted'], [2]]);
  });
});
