import { adapterOptions, openPool, poolSql, transactionOptions, type PoolSql } from '@mediai/db';
import type { Metrics } from '@mediai/kit/metrics';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/prisma/client.ts';

/** Prisma's client; `sql` asks without it, on the same pool. */
export type Db = PrismaClient & { readonly sql: PoolSql };
export type Database = { db: Db; ping: () => Promise<void>; close: () => Promise<void> };

/** A pool on the service's own database; every wait is bounded. */
export function openDatabase(connectionString: string, metrics?: Metrics): Database {
  const pool = openPool(connectionString, { service: 'appointments', metrics });
  const db = Object.assign(new PrismaClient({ adapter: new PrismaPg(pool, adapterOptions()), transactionOptions }), { sql: poolSql(pool) });
  /** Prisma loads itself when it is first used: before the first request, not with it. */
  let connected: Promise<void> | undefined;
  return {
    db,
    async ping() {
      await (connected ??= db.$connect().catch((error: unknown) => {
        connected = undefined;
        throw error;
      }));
      await db.sql.$queryRawUnsafe('SELECT 1');
    },
    async close() {
      await db.$disconnect();
      await pool.end();
    },
  };
}
