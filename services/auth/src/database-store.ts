import { adapterOptions, openPool, transactionOptions } from '@mediai/db';
import type { Metrics } from '@mediai/kit/metrics';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/prisma/client.ts';

export type Database = { db: PrismaClient; ping: () => Promise<void>; close: () => Promise<void> };

/** A pool on the service's own database; every wait is bounded. */
export function openDatabase(connectionString: string, metrics?: Metrics): Database {
  const db = new PrismaClient({ adapter: new PrismaPg(openPool(connectionString, { service: 'auth', metrics }), adapterOptions), transactionOptions });
  return {
    db,
    ping: async () => void (await db.$queryRaw`SELECT 1`),
    close: () => db.$disconnect(),
  };
}
