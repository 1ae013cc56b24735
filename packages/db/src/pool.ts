import type { Metrics } from '@mediai/kit/metrics';
import pg from 'pg';
import { observePool } from './pool-metrics.ts';
import { createStatementNames } from './prepared.ts';

/**
 * Settings of every session. UTC, because Prisma's adapter takes the offset of every instant that it reads for +00. A page
 * from anywhere costs hardly more than the next one, for tables stand in memory or on flash: with PostgreSQL's reckoning
 * for spinning disks (4.0; its documentation, section 19.7.2) a search reads everything that a médecin ever had, to be
 * spared twenty rows.
 */
export const sessionOptions = '-c TimeZone=UTC -c random_page_cost=1.1';

/**
 * The pool of a service, to be given to Prisma's adapter; nothing is connected until it is used. All waits are bounded.
 * @param options `service` is shown in PostgreSQL's list of connections; with `metrics` its statements are timed
 */
export function openPool(connectionString: string, { service, metrics }: { service: string; metrics?: Metrics | undefined }): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    application_name: `mediai-${service}`,
    options: sessionOptions,
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
