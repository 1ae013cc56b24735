import type { Registry } from '@bufbuild/protobuf';
import type { Logger } from '@mediai/kit/log';
import type { Metrics } from '@mediai/kit/metrics';
import type { Consumer, ConsumerConfig, ConsumerRunConfig, IHeaders, KafkaMessage } from 'kafkajs';
import { backOffMs, pause } from './back-off.ts';
import type { EventProducer, ReceivedRecord } from './event-record.ts';
import { consumerMetrics } from './event-metrics.ts';
import { createKafkaProducer, type KafkaClient } from './kafka.ts';
import { createEventProcessor, TurnAborted, type EventHandler, type TombstoneHandler } from './process-event.ts';
import { eventRegistry } from './registry.ts';

export type ConsumeOptions = {
  groupId: string;
  topics: string[];
  handlers: Record<string, EventHandler>;
  tombstones?: Record<string, TombstoneHandler>;
  /** Default: every event type of the suite. */
  registry?: Registry;
  log: Logger;
  metrics: Metrics;
  maxAttempts?: number;
  firstRetryMs?: number;
};

export type EventConsumer = {
  /** Begins in the background and returns at once: brokers that are away are waited for. */
  start: () => void;
  /** Ends after the record in hand is done or given back. */
  stop: () => Promise<void>;
  /** `degraded` while it is in no group. */
  check: () => Promise<'ok' | 'degraded'>;
};

/** How every consumer of the suite asks its brokers. */
export const consumerSettings = {
  // A member that died without a word holds its partitions for this long: nobody else may take them until then.
  sessionTimeout: 12_000, rebalanceTimeout: 12_000, heartbeatInterval: 2_000,
  // A fetch is answered as soon as there is a record; without one it waits so long, well below the heartbeat's limit.
  allowAutoTopicCreation: false, maxWaitTimeInMs: 2_000,
  // Only `createConsumer`'s loop restarts a client: the library's own restart forgets what cannot be tried again.
  retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 2_000, restartOnFailure: async () => false },
} satisfies Omit<ConsumerConfig, 'groupId'>;
/** Of its own accord the client would commit after each batch, also where a batch is one record: `commitLater` does. */
export const runSettings = { autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 3 } satisfies ConsumerRunConfig;
const commitWithinMs = 1_000;
const commitTimeoutMs = 2_000;

/**
 * A member of a consumer group. Records of a partition are handled in order; an offset is committed within a second after
 * its effect, and before the member leaves. A lost connection or a crashed client is answered by a new one, for as long as it runs.
 */
export function createConsumer(options: ConsumeOptions & { kafka: KafkaClient }): EventConsumer {
  const { kafka, groupId, topics, log } = options;
  const stopping = new AbortController();
  const lag = lagGauge(options.metrics, groupId);
  options.metrics.once(consumerMetrics).begin(groupId, topics);
  let joined = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    const deadLetters = createKafkaProducer(kafka);
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      const since = Date.now();
      await member(deadLetters).catch((error: unknown) => log.warn({ group: groupId, attempt: failures + 1, err: error }, 'consumer lost, will join again'));
      joined = false;
      if (Date.now() - since > 60_000) failures = 0;
      await pause(backOffMs(failures + 1, 200, 5_000), stopping.signal);
    }
    await deadLetters.disconnect();
  }

  /** One client from its connection to its end; throws what ended it. */
  async function member(deadLetters: EventProducer): Promise<void> {
    const consumer = kafka.consumer({ groupId, ...consumerSettings });
    const ended = crashOf(consumer, stopping.signal);
    consumer.on(consumer.events.GROUP_JOIN, () => { joined = true; lag.reset(); });
    consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload }) => lag.set(payload.topic, payload.partition, Number(payload.offsetLagLow) + 1));
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => lag.set(payload.topic, payload.partition, Number(payload.offsetLag)));
    const process = createEventProcessor({ ...options, registry: options.registry ?? eventRegistry, deadLetters });
    const commits = commitLater((error) => log.warn({ group: groupId, err: error }, 'offsets could not be committed, will go with the next'));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics, fromBeginning: true });
      await consumer.run({
        ...runSettings,
        eachBatch: async ({ batch: { topic, partition, messages }, resolveOffset, heartbeat, uncommittedOffsets, commitOffsetsIfNecessary }) => {
          const commit = (): Promise<void> => commitOffsetsIfNecessary(uncommittedOffsets());
          const taken = ({ offset }: ReceivedRecord): void => {
            resolveOffset(offset);
            commits.due(commit);
          };
          try {
            await process(messages.map((message) => received(topic, partition, message)), { taken, heartbeat, signal: stopping.signal });
          } catch (error) {
            await commits.now();
            // Not an error of the client's kind, on purpose: thrown back, the record stays uncommitted and comes again.
            if (!(error instanceof TurnAborted)) throw error;
            throw Object.assign(new Error('stopping'), { name: 'KafkaJSError', retriable: false });
          }
          if (stopping.signal.aborted) await commits.now();
        },
      });
      await ended;
    } finally {
      await commits.now();
      await consumer.disconnect().catch((error: unknown) => log.debug({ group: groupId, err: error }, 'consumer was already gone'));
    }
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
    check: async () => (joined ? 'ok' : 'degraded'),
  };
}

/** Resolves when told to stop; rejects with what made the client give up. */
function crashOf(consumer: Consumer, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { once: true });
  // It may reject before it is awaited, while the client is still connecting.
  promise.catch(() => undefined);
  return promise;
}

/**
 * Offsets are committed for all partitions at once: within a second after `due`, or by `now`, which waits for what is under
 * way. What fails is told to `failed` and goes with the next commit; an event whose offset was not committed comes again,
 * and has no second effect: brokers that are away hold nobody up for long.
 */
function commitLater(failed: (error: unknown) => void): { due: (commit: () => Promise<void>) => void; now: () => Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let waiting: (() => Promise<void>) | undefined;
  let last: Promise<void> = Promise.resolve();

  async function run(commit: () => Promise<void>): Promise<void> {
    const over = new AbortController();
    await Promise.race([commit().catch(failed), pause(commitTimeoutMs, over.signal)]);
    over.abort();
  }

  function now(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const commit = waiting;
    waiting = undefined;
    if (commit) last = last.then(() => run(commit));
    return last;
  }

  function due(commit: () => Promise<void>): void {
    waiting = commit;
    timer ??= setTimeout(() => void now(), commitWithinMs).unref();
  }
  return { due, now };
}

function received(topic: string, partition: number, { offset, key, value, headers }: KafkaMessage): ReceivedRecord {
  return { topic, partition, offset, key: key?.toString() ?? '', value, headers: readHeaders(headers) };
}

/** Headers as text; of a repeated one, the last. */
export function readHeaders(headers: IHeaders = {}): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    const last = Array.isArray(value) ? value.at(-1) : value;
    return last === undefined ? [] : [[name, last.toString()]];
  });
  return Object.fromEntries(entries);
}

/** `consumer_lag` by topic, summed over the partitions that this member holds. */
function lagGauge(metrics: Metrics, group: string) {
  const byTopic = new Map<string, Map<number, number>>();
  return {
    set(topic: string, partition: number, value: number): void {
      const partitions = byTopic.get(topic) ?? new Map<number, number>();
      byTopic.set(topic, partitions.set(partition, value));
      metrics.consumerLag.set({ group, topic }, [...partitions.values()].reduce((sum, each) => sum + each, 0));
    },
    reset(): void {
      for (const topic of byTopic.keys()) metrics.consumerLag.set({ group, topic }, 0);
      byTopic.clear();
    },
  };
}
