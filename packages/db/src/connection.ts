import pg from 'pg';
import type { SqlExecutor } from './sql-executor.ts';

/** The same server and credentials, another database (and other credentials, when given). */
export function withDatabase(url: string, database: string, credentials?: { user: string; password: string }): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  if (credentials) {
    changed.username = encodeURIComponent(credentials.user);
    changed.password = encodeURIComponent(credentials.password);
  }
  return changed.toString();
}

/** Run `work` on a connection of its own, which is closed whatever happens. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export const quoteIdentifier = pg.escapeIdentifier;
export const quoteLiteral = pg.escapeLiteral;

/** Raw SQL on a plain pg connection or pool, in the form that Prisma's clients have. */
export function sqlExecutor(client: pg.ClientBase | pg.Pool): SqlExecutor {
  const query = (sql: string, params: unknown[]) => (client as pg.ClientBase).query(sql, params);
  return {
    $executeRawUnsafe: async (sql, ...params) => (await query(sql, params)).rowCount ?? 0,
    $queryRawUnsafe: async <T>(sql: string, ...params: unknown[]) => (await query(sql, params)).rows as T,
  };
}
