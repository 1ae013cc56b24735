import type { Logger } from '@mediai/kit/log';
import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import type { EventProducer, EventRecord } from './event-record.ts';
import { letEmptyQueuesRest } from './kafka-request-queue.ts';

export type KafkaClient = Kafka;

export type KafkaOptions = { clientId: string; brokers: string[]; log?: Pick<Logger, 'debug'> };

/** A client of the brokers; nothing is connected yet. Every limit is set here: the library's defaults depend on NODE_ENV. */
export function createKafka({ clientId, brokers, log }: KafkaOptions): KafkaClient {
  letEmptyQueuesRest();
  return new kafkajs.Kafka({
    clientId,
    brokers,
    connectionTimeout: 3_000,
    authenticationTimeout: 5_000,
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, factor: 0.2, multiplier: 2, retries: 5 },
    logLevel: kafkajs.logLevel.WARN,
    // Its texts may quote a header or a key: only the kind of event is kept.
    logCreator: () => ({ namespace }) => log?.debug({ reason: namespace }, 'kafka client'),
  });
}

/** Records acknowledged by all replicas in sync (acks -1); connects when first needed, and anew after a failure. */
export function createKafkaProducer(kafka: KafkaClient): EventProducer {
  let connecting: Promise<Producer> | undefined;

  async function connect(): Promise<Producer> {
    const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    return producer;
  }

  async function disconnect(): Promise<void> {
    const connected = connecting;
    connecting = undefined;
    // What never connected, or is already gone, needs no goodbye.
    await connected?.then((producer) => producer.disconnect()).catch(() => undefined);
  }

  return {
    async send(records) {
      if (records.length === 0) return;
      try {
        const producer = await (connecting ??= connect());
        await producer.sendBatch({ acks: -1, topicMessages: byTopic(records) });
      } catch (error) {
        await disconnect();
        throw error;
      }
    },
    disconnect,
  };
}

function byTopic(records: EventRecord[]) {
  const grouped = Map.groupBy(records, (record) => record.topic);
  return [...grouped].map(([topic, group]) => ({
    topic,
    messages: group.map(({ key, value, headers }) => ({ key, value: value && Buffer.from(value), headers })),
  }));
}

/** Does the error say that the broker will never take this record, whatever its state? */
export function isTooLarge(error: unknown): boolean {
  for (let cause = error as { type?: string; cause?: unknown } | undefined; cause; cause = cause.cause as typeof cause) {
    if (cause.type === 'MESSAGE_TOO_LARGE' || cause.type === 'RECORD_LIST_TOO_LARGE') return true;
  }
  return false;
}
