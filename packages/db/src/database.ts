import type pg from 'pg';
import { poolSql, type PoolSql } from './pool-sql.ts';

/** What this needs of a service's own Prisma client. */
type Client = { $connect(): Promise<void>; $disconnect(): Promise<void> };

/** A service's database: Prisma's client, and `sql`, which asks without it, on the same pool. */
export type Database<P> = { db: P & { readonly sql: PoolSql }; ping: () => Promise<void>; close: () => Promise<void> };

/**
 * Prisma's client and SQL beside it over one pool. `ping` loads Prisma, which else would load itself with the first
 * request that needs it; `close` ends client and pool.
 */
export function onPool<P extends Client>(pool: pg.Pool, prisma: P): Database<P> {
  const db = Object.assign(prisma, { sql: poolSql(pool) });
  let loading: Promise<void> | undefined;
  const load = (): Promise<void> =>
    (loading ??= db.$connect().catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));
  return {
    db,
    async ping() {
      await load();
      await db.sql.$queryRawUnsafe('SELECT 1');
    },
    async close() {
      await db.$disconnect();
      await pool.end();
    },
  };
}
