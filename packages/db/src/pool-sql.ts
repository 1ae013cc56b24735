import pg from 'pg';
import { createStatementNames } from './prepared.ts';
import type { SqlExecutor } from './sql-executor.ts';

export type PoolSql = SqlExecutor & {
  /** Runs `work` on one connection, between BEGIN and COMMIT; what it throws undoes everything. */
  transaction<T>(work: (sql: SqlExecutor) => Promise<T>): Promise<T>;
};

const { builtins, getTypeParser } = pg.types;

const asText = (value: string): string => value;
/** `2026-11-29 08:15:00.123456+00`: sessions speak UTC (`openPool`). What is beyond the year 9999, or before our era, is left to pg. */
const asInstant = (value: string): Date => (value.charAt(4) === '-' && value.endsWith('+00') ? new Date(`${value.slice(0, 10)}T${value.slice(11, -3)}Z`) : getTypeParser(builtins.TIMESTAMPTZ)(value));

const parsers: Record<number, (value: string) => unknown> = { [builtins.DATE]: asText, [builtins.TIME]: asText, [builtins.TIMESTAMPTZ]: asInstant };
const types = { getTypeParser: ((oid: number, format: 'text') => (format === 'text' ? parsers[oid] : undefined) ?? getTypeParser(oid, format)) as typeof getTypeParser };

/** The statement under way, or the next one, tells that its connection was lost. */
const lost = (): void => undefined;

function leave(client: pg.PoolClient, error?: Error): void {
  client.off('error', lost);
  client.release(error);
}

/**
 * Raw SQL on a service's pool, without Prisma in between: for what is asked so often that its mapping is what it costs.
 * Each statement is prepared when it comes back, and is a transaction of its own. Days and times of day are read as text
 * (`2026-11-29`, `08:15:00`), instants as Date.
 */
export function poolSql(pool: pg.Pool): PoolSql {
  const nameOf = createStatementNames();
  const on = (client: pg.Pool | pg.PoolClient): SqlExecutor => {
    const query = (text: string, values: unknown[]) => (client as pg.Pool).query({ name: nameOf(text) as string, text, values, types });
    return {
      $executeRawUnsafe: async (sql, ...params) => (await query(sql, params)).rowCount ?? 0,
      $queryRawUnsafe: async <T>(sql: string, ...params: unknown[]) => (await query(sql, params)).rows as T,
    };
  };
  return {
    ...on(pool),
    async transaction(work) {
      const client = await pool.connect();
      client.on('error', lost);
      try {
        await client.query('BEGIN');
        const result = await work(on(client));
        await client.query('COMMIT');
        leave(client);
        return result;
      } catch (thrown) {
        // A connection that cannot undo is thrown away, and PostgreSQL undoes what it was told.
        await client.query('ROLLBACK').then(() => leave(client), (error: Error) => leave(client, error));
        throw thrown;
      }
    },
  };
}
