import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/prisma/client.ts';

export type Database = { db: PrismaClient; ping: () => Promise<void>; close: () => Promise<void> };

/** A pool on the service's own database; every wait is bounded. */
export function openDatabase(connectionString: string): Database {
  const adapter = new PrismaPg({
    connectionString,
    application_name: 'mediai-appointments',
    // Rivals for one slot queue here, 500 of them for a second or two.
    connectionTimeoutMillis: 5_000,
    // The adapter takes the offset of every instant it reads for +00: the session must say so too.
    options: '-c TimeZone=UTC',
    max: 10,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    query_timeout: 12_000,
    idle_in_transaction_session_timeout: 15_000,
    keepAlive: true,
  });
  const db = new PrismaClient({ adapter, transactionOptions: { maxWait: 5_000, timeout: 10_000 } });
  return {
    db,
    ping: async () => void (await db.$queryRaw`SELECT 1`),
    close: () => db.$disconnect(),
  };
}
