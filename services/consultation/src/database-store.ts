import { adapterOptions, onPool, openPool, transactionOptions, type Database as DatabaseOf } from '@mediai/db';
import type { Metrics } from '@mediai/kit/metrics';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/prisma/client.ts';

export type Database = DatabaseOf<PrismaClient>;
export type Db = Database['db'];

/** A pool on the service's own database; every wait is bounded. */
export function openDatabase(connectionString: string, metrics?: Metrics): Database {
  const pool = openPool(connectionString, { service: 'consultation', metrics });
  return onPool(pool, new PrismaClient({ adapter: new PrismaPg(pool, adapterOptions()), transactionOptions }));
}
