import type { Logger } from '@mediai/kit/log';
import type { EventRecord } from './event-record.ts';
import { readHeaders } from './consumer.ts';
import { createKafkaProducer, type KafkaClient } from './kafka.ts';
import { deadLetterTopic } from './topics.ts';

export type ReplayOptions = { kafka: KafkaClient; topic: string; log?: Pick<Logger, 'info'> };

/**
 * Send the parked events of a topic to it again, once each: those parked since the last replay, up to now. They keep
 * their ids, so a consumer that had its effect already passes over them; one that several groups parked is sent once.
 * Returns how many were sent, and how many were left because their content was too large to be parked.
 */
export async function replay({ kafka, topic, log }: ReplayOptions): Promise<{ sent: number; left: number }> {
  const source = deadLetterTopic(topic);
  const groupId = `mediai.replay.${topic}`;
  const ends = await pendingEnds(kafka, groupId, source);
  if (ends.size === 0) return { sent: 0, left: 0 };

  const producer = createKafkaProducer(kafka);
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, retry: { restartOnFailure: async () => false } });
  const done = Promise.withResolvers<void>();
  const counts = { sent: 0, left: 0 };
  const seen = new Set<string>();
  consumer.on(consumer.events.CRASH, ({ payload }) => done.reject(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: source, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const end = ends.get(partition);
        if (end === undefined || BigInt(message.offset) >= end) return;
        const headers = readHeaders(message.headers);
        // A record that does not say where it came from is like no other.
        const place = headers['dlq_offset'] === undefined ? undefined : `${headers['dlq_partition']}:${headers['dlq_offset']}`;
        if (place !== undefined && seen.has(place)) {
          // Another group parked the same record: every group is given what is sent.
        } else if (headers['dlq_value_bytes']) counts.left++;
        else {
          await producer.send([revived(topic, message.key?.toString() ?? '', message.value, headers)]);
          counts.sent++;
        }
        if (place !== undefined) seen.add(place);
        const next = BigInt(message.offset) + 1n;
        await consumer.commitOffsets([{ topic: source, partition, offset: String(next) }]);
        if (next >= end) ends.delete(partition);
        if (ends.size === 0) done.resolve();
      },
    });
    await done.promise;
  } finally {
    await consumer.disconnect();
    await producer.disconnect();
  }
  log?.info({ topic, count: counts.sent }, 'events replayed');
  return counts;
}

/** By partition, the offset before which parked events have not been replayed yet. */
async function pendingEnds(kafka: KafkaClient, groupId: string, topic: string): Promise<Map<number, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const [ends, [committed]] = [await admin.fetchTopicOffsets(topic), await admin.fetchOffsets({ groupId, topics: [topic] })];
    const replayed = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
    const pending = ends.filter(({ partition, high, low }) => BigInt(high) > BigInt(low) && BigInt(high) > (replayed.get(partition) ?? -1n));
    return new Map(pending.map(({ partition, high }) => [partition, BigInt(high)]));
  } finally {
    await admin.disconnect();
  }
}

function revived(topic: string, key: string, value: Buffer | null, headers: Record<string, string>): EventRecord {
  const own = Object.entries(headers).filter(([name]) => !name.startsWith('dlq_'));
  return { topic, key, value, headers: Object.fromEntries(own) };
}
