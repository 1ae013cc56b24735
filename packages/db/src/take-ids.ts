import type { SqlExecutor } from './sql-executor.ts';

/** How many ids a process takes at once; those left at its end are gaps. */
const blockSize = 20;

/** Gives ids of a table's `id`, from its sequence, to rows that are not written yet: what their events say names them. */
export function createIds(sql: SqlExecutor, table: string): () => Promise<number> {
  let free: number[] = [];
  let taking: Promise<void> | undefined;
  const take = async (): Promise<void> => {
    try {
      const rows = await sql.$queryRawUnsafe<{ id: number }[]>('SELECT nextval(pg_get_serial_sequence($1::text, $2::text))::int AS id FROM generate_series(1, $3::int)', table, 'id', blockSize);
      free = rows.map(({ id }) => id);
    } finally {
      taking = undefined;
    }
  };
  return async () => {
    while (free.length === 0) await (taking ??= take());
    return free.shift() as number;
  };
}
