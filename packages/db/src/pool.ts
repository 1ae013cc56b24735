/**
 * What every service opens its pool with: all waits are bounded, and the session speaks UTC, because Prisma's adapter
 * takes the offset of every instant that it reads for +00.
 * @param service name shown in PostgreSQL's list of connections
 */
export const poolOptions = (service: string) => ({
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

/** Bounds on an interactive transaction of Prisma's. */
export const transactionOptions = { maxWait: 5_000, timeout: 10_000 };
