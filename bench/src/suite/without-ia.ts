import { withClient } from '@mediai/db/admin';
import { createKafka, topics } from '@mediai/events';
import type { Bench } from '../measurement.ts';
import { waitUntil } from './wait-until.ts';

/** ia's consumer group of what becomes of fiches. */
const groupId = 'ia.fiche';

/**
 * Runs `work` while ia is stopped, so that no analysis follows on what is written. Afterwards ia starts behind all that
 * was written meanwhile: thousands of analyses nobody waits for would be paid for by whatever is measured next.
 */
export async function withoutIa<T>(bench: Bench, work: () => Promise<T>): Promise<T> {
  await bench.service('ia', 'stop');
  try {
    return await work();
  } finally {
    await waitUntil('consultation has published its events', () => isPublished(bench), 120_000);
    await forgetWaiting(bench);
    await bench.service('ia', 'start');
  }
}

const isPublished = (bench: Bench): Promise<boolean> =>
  withClient(bench.databaseUrl('consultation'), async (client) => (await client.query('SELECT FROM outbox WHERE sent_at IS NULL LIMIT 1')).rowCount === 0);

/** The group goes on at the end of its topic, and no fiche waits for an analysis that will not come. */
async function forgetWaiting(bench: Bench): Promise<void> {
  const admin = createKafka({ clientId: 'mediai-bench', brokers: bench.kafkaBrokers.split(',') }).admin();
  await admin.connect();
  try {
    const topic = topics.fiche.name;
    const ends = await admin.fetchTopicOffsets(topic);
    // By name: kafkajs' own reset leaves the choice to the consumer, which begins at the beginning.
    await admin.setOffsets({ groupId, topic, partitions: ends.map(({ partition, high }) => ({ partition, offset: high })) });
  } finally {
    await admin.disconnect();
  }
  await withClient(bench.databaseUrl('consultation'), (client) =>
    client.query("UPDATE fiche_consultation SET status = 'analyse_terminee', analyse_en_cours = false, analyse_differee_le = NULL WHERE analyse_en_cours OR status = 'en_analyse'"));
}
