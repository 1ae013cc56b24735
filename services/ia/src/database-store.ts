import { poolOptions, transactionOptions } from '@mediai/db';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/prisma/client.ts';

export type Database = { db: PrismaClient; ping: () => Promise<void>; close: () => Promise<void> };

/** A pool on the service's own database; every wait is bounded. */
export function openDatabase(connectionString: string): Database {
  const db = new PrismaClient({ adapter: new PrismaPg({ connectionString, ...poolOptions('ia') }), transactionOptions });
  return {
    db,
    ping: async () => void (await db.$queryRaw`SELECT 1`),
    close: () => db.$disconnect(),
  };
}
