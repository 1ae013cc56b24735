/** `node dist/migrate.js`: brings appointments's database to the schema of this version, as its owner, and makes its topics. */
import { join } from 'node:path';
import { topics } from '@mediai/events';
import { migrateAndExit } from '@mediai/events/migration';

await migrateAndExit({ service: 'appointments', prismaDir: join(import.meta.dirname, '../prisma'), topics: [topics.appointment], env: process.env });
