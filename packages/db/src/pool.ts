import type { Metrics } from '@mediai/kit/metrics';
import pg from 'pg';
import { observePool } from './pool-metrics.ts';
import { createStatementNames } from './prepared.ts';

/**
 * The pool of a service, to be given to Prisma's adapter; nothing is connected until it is used. All waits are bounded,
 * and the session speaks UTC, because that adapter takes the offset of every instant that it reads for +00.
 * @param options `service` is shown in PostgreSQL's list of connections; with `metrics` its statements are timed
 */
export function openPool(connectionString: string, { service, metrics }: { service: string; metrics?: Metrics | undefined }): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    application_name: `mediai-${service}`,
    options: '-c TimeZone=UTC',
    max: 10,
    // Rivals for one row queue here, hundreds of them for a second or two.
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    query_timeout: 12_000,
    idle_in_transaction_session_timeout: 15_000,
    keepAlive: true,
  });
  // An idle connection that was lost is gone from the pool already; the next statement opens another, or tells.
  pool.on('error', () => undefined);
  if (metrics) observePool(pool, metrics);
  return pool;
}

/** With Prisma's adapter: what Prisma asks again and again is prepared. */
export function adapterOptions() {
  const nameOf = createStatementNames();
  return { statementNameGenerator: ({ sql }: { sql: string }) => nameOf(sql) as string };
}

/** Bounds on an interactive transaction of Prisma's. */
export const transactionOptions = { maxWait: 5_000, timeout: 10_000 };
