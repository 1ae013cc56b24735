import type { SqlExecutor } from './sql-executor.ts';

/** Held on consultation's database, by the session that takes a backup, until the files have been copied as well. */
export const backupLock = 7_305_020;

/**
 * True while a backup is under way: what rows named when the database was copied must lie there until it is copied too.
 * In a transaction that gets false, no backup begins before that transaction ends.
 */
export async function isBackupUnderWay(tx: SqlExecutor): Promise<boolean> {
  const [row] = await tx.$queryRawUnsafe<{ free: boolean }[]>('SELECT pg_try_advisory_xact_lock_shared($1::bigint) AS free', backupLock);
  return row?.free !== true;
}
