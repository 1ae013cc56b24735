import { isTransient } from '@mediai/events';
import { AppError, unavailable } from '@mediai/kit/errors';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/prisma/client.ts';

export type Database = { db: PrismaClient; ping: () => Promise<void>; close: () => Promise<void> };

/** A pool on the service's own database; every wait is bounded. */
export function openDatabase(connectionString: string): Database {
  const adapter = new PrismaPg({
    connectionString,
    application_name: 'mediai-consultation',
    max: 12,
    connectionTimeoutMillis: 3_000,
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

/** The same functions, throwing `unavailable` (503, try again) when the database is away. */
export function throwingUnavailable<S extends object>(store: S): S {
  const gardees = Object.entries(store as Record<string, (...args: never[]) => Promise<unknown>>).map(([nom, fonction]) => [
    nom,
    async (...args: never[]) => {
      try {
        return await fonction(...args);
      } catch (error) {
        throw error instanceof AppError || !isTransient(error) ? error : unavailable(error);
      }
    },
  ]);
  return Object.fromEntries(gardees) as S;
}
