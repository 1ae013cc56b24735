import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { consumerSettings, createKafka, createKafkaProducer, runSettings } from '@mediai/events';

/** Between two records: the consumer waits in a fetch, as the services' do. */
const betweenMs = 20;

/**
 * How long Kafka itself takes from a producer to a consumer, with the settings of the suite and nothing else: a record at
 * a time on a topic of its own, from before it is sent until it is handed over.
 * @returns milliseconds of each record, those of the first five left out
 */
export async function kafkaHops(brokers: string[], records: number): Promise<number[]> {
  const kafka = createKafka({ clientId: 'bench', brokers });
  const [topic, admin, producer, consumer] = [`mediai.bench.${randomUUID()}`, kafka.admin(), createKafkaProducer(kafka), kafka.consumer({ groupId: `bench.${randomUUID()}`, ...consumerSettings })];
  let arrived = Promise.withResolvers<void>();
  const took: number[] = [];
  await admin.connect();
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });
    await consumer.connect();
    const joined = new Promise<void>((resolve) => void consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ ...runSettings, eachMessage: async () => arrived.resolve() });
    await joined;
    for (let n = 0; n < records + 5; n += 1) {
      arrived = Promise.withResolvers<void>();
      const began = performance.now();
      const sent = producer.send([{ topic, key: String(n), value: Buffer.alloc(60, 'x'), headers: { ce_id: randomUUID(), ce_type: 'bench' } }]);
      await arrived.promise;
      took.push(performance.now() - began);
      await sent;
      await sleep(betweenMs);
    }
  } finally {
    await consumer.disconnect();
    await producer.disconnect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
  }
  return took.slice(5);
}
