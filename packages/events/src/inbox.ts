import type { SqlExecutor } from '@mediai/db';

/**
 * Take an event for a consumer, in the transaction of its effect: true the first time, false when its effect has
 * already been committed. Two deliveries at once: the second waits for the first one's commit.
 */
export async function onceInInbox(tx: SqlExecutor, consumer: string, eventId: string): Promise<boolean> {
  const added = await tx.$executeRawUnsafe('INSERT INTO inbox (consumer, event_id) VALUES ($1, $2::uuid) ON CONFLICT DO NOTHING', consumer, eventId);
  return added === 1;
}

/** Forget events taken before so many days, longer than any topic keeps or replays them; returns how many. */
export async function pruneInbox(tx: SqlExecutor, olderThanDays = 90): Promise<number> {
  return tx.$executeRawUnsafe(`DELETE FROM inbox WHERE received_at < now() - $1::int * interval '1 day'`, olderThanDays);
}
