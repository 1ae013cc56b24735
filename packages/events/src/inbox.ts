import type { SqlExecutor, Statement } from '@mediai/db';

/**
 * Take an event for a consumer, in the transaction of its effect: true the first time, false when its effect has
 * already been committed. Two deliveries at once: the second waits for the first one's commit.
 */
export async function onceInInbox(tx: SqlExecutor, consumer: string, eventId: string): Promise<boolean> {
  return (await tx.$executeRawUnsafe(takeSql, consumer, eventId)) === 1;
}

const takeSql = 'INSERT INTO inbox (consumer, event_id) VALUES ($1, $2::uuid) ON CONFLICT DO NOTHING';

/** The same as a part of one statement: it has a row the first time, and no other. */
export function inboxPart(name: string, consumer: string, eventId: string): Statement {
  return { sql: `${name} AS (${takeSql} RETURNING 1)`, params: [consumer, eventId] };
}

/** Forget events taken before so many days, longer than any topic keeps or replays them; returns how many. */
export async function pruneInbox(tx: SqlExecutor, olderThanDays = 90): Promise<number> {
  return tx.$executeRawUnsafe(`DELETE FROM inbox WHERE received_at < now() - $1::int * interval '1 day'`, olderThanDays);
}
