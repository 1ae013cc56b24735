import pg from 'pg';
import { createStatementNames } from './prepared.ts';
import type { SqlExecutor } from './sql-executor.ts';

const { builtins, getTypeParser } = pg.types;

const asText = (value: string): string => value;
/** `2026-11-29 08:15:00.123456+00`: sessions speak UTC (`openPool`). */
const asInstant = (value: string): Date => (value.endsWith('+00') ? new Date(`${value.slice(0, 10)}T${value.slice(11, -3)}Z`) : getTypeParser(builtins.TIMESTAMPTZ)(value));

const parsers: Record<number, (value: string) => unknown> = { [builtins.DATE]: asText, [builtins.TIME]: asText, [builtins.TIMESTAMPTZ]: asInstant };
const types = { getTypeParser: ((oid: number, format: 'text') => (format === 'text' ? parsers[oid] : undefined) ?? getTypeParser(oid, format)) as typeof getTypeParser };

/**
 * Raw SQL on a service's pool, without Prisma in between: for what is asked so often that its mapping is what it costs.
 * Each statement is prepared when it comes back, and is a transaction of its own. Days and times of day are read as text
 * (`2026-11-29`, `08:15:00`), instants as Date.
 */
export function poolSql(pool: pg.Pool): SqlExecutor {
  const nameOf = createStatementNames();
  const query = (text: string, values: unknown[]) => pool.query({ name: nameOf(text) as string, text, values, types });
  return {
    $executeRawUnsafe: async (sql, ...params) => (await query(sql, params)).rowCount ?? 0,
    $queryRawUnsafe: async <T>(sql: string, ...params: unknown[]) => (await query(sql, params)).rows as T,
  };
}
