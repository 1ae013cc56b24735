import type { SqlExecutor } from '@mediai/db';
import { retentionDays, topics } from './topics.ts';

const compacted = Object.values(topics).flatMap(({ name, compacted }) => (compacted ? [name] : []));

/**
 * For topics that were lost or emptied: has the relay of this database publish again what they would hold, that is the
 * last 30 days and of the compacted topics the last state of each key. Events keep their ids and their order, so that
 * a consumer that had its effect already passes over them. Returns how many events there are.
 */
export async function refillTopics(db: SqlExecutor): Promise<number> {
  return db.$executeRawUnsafe(
    `UPDATE outbox SET sent_at = NULL WHERE sent_at IS NOT NULL AND (occurred_at > now() - $1::int * interval '1 day'
       OR id IN (SELECT max(id) FROM outbox WHERE topic = ANY($2::text[]) GROUP BY topic, key))`,
    retentionDays, compacted,
  );
}
