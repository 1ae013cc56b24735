import { retentionDays, topics } from './topics.ts';

const compacted = Object.values(topics).flatMap(({ name, compacted }) => (compacted ? [`'${name}'`] : []));

/**
 * For topics that were lost or emptied: has the relay of a database publish again what they would hold, that is the last
 * 30 days and of the compacted topics the last state of each key. Events keep their ids and their order, so that a
 * consumer that had its effect already passes over them. One statement; the rows it counts are events.
 */
export const refillSql = `UPDATE outbox SET sent_at = NULL WHERE sent_at IS NOT NULL AND (occurred_at > now() - interval '${retentionDays} days'
  OR id IN (SELECT max(id) FROM outbox WHERE topic IN (${compacted.join(', ')}) GROUP BY topic, key))`;
