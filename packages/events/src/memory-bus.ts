import type { ConsumeOptions, EventConsumer } from './consumer.ts';
import type { EventProducer, EventRecord, ReceivedRecord } from './event-record.ts';
import { pause } from './back-off.ts';
import { createEventProcessor, TurnAborted, type Turn } from './process-event.ts';
import { eventRegistry } from './registry.ts';

export type MemoryBus = {
  producer: EventProducer;
  createConsumer: (options: ConsumeOptions) => EventConsumer;
  /** What was sent to a topic, in order. */
  published: (topic: string) => ReceivedRecord[];
  /** Resolves when every started consumer has taken all that was sent. */
  settled: () => Promise<void>;
};

const pollMs = 2;

/**
 * A bus in memory that keeps the promises of the real one: order, groups with their own offsets, retries, dead letters.
 * A topic is one partition; a group that begins reads from the beginning.
 */
export function createMemoryBus(): MemoryBus {
  const logs = new Map<string, ReceivedRecord[]>();
  const offsets = new Map<string, number>();
  const reading = new Set<{ groupId: string; topics: string[] }>();

  const published = (topic: string) => logs.get(topic) ?? [];
  const offsetOf = (groupId: string, topic: string) => offsets.get(`${groupId} ${topic}`) ?? 0;

  const producer: EventProducer = {
    async send(records: EventRecord[]) {
      for (const record of records) {
        const log = published(record.topic);
        log.push({ ...record, headers: { ...record.headers }, partition: 0, offset: String(log.length) });
        logs.set(record.topic, log);
      }
    },
    disconnect: async () => undefined,
  };

  function createConsumer(options: ConsumeOptions): EventConsumer {
    const stopping = new AbortController();
    const process = createEventProcessor({ ...options, registry: options.registry ?? eventRegistry, deadLetters: producer });
    const turn: Turn = {
      taken: ({ topic, offset }) => void offsets.set(`${options.groupId} ${topic}`, Number(offset) + 1),
      heartbeat: async () => undefined, signal: stopping.signal,
    };
    let running: Promise<unknown> | undefined;

    async function read(topic: string): Promise<void> {
      while (!stopping.signal.aborted) {
        const records = published(topic).slice(offsetOf(options.groupId, topic));
        if (records.length === 0) {
          await pause(pollMs, stopping.signal);
          continue;
        }
        try {
          await process(records, turn);
        } catch (error) {
          if (!(error instanceof TurnAborted)) throw error;
        }
      }
    }

    return {
      start() {
        reading.add(options);
        running ??= Promise.all(options.topics.map(read));
      },
      async stop() {
        reading.delete(options);
        stopping.abort();
        await running;
      },
      check: async () => (running ? 'ok' : 'degraded'),
    };
  }

  async function settled(): Promise<void> {
    const waits = () => [...reading].some(({ groupId, topics }) => topics.some((topic) => offsetOf(groupId, topic) < published(topic).length));
    while (waits()) await pause(pollMs, new AbortController().signal);
  }

  return { producer, createConsumer, published, settled };
}
