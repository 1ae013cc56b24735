/** `node dist/migrate.js`: brings auth's database to the schema of this version, as its owner, and makes its topics. */
import { join } from 'node:path';
import { topics } from '@mediai/events';
import { migrateAndExit } from '@mediai/events/migration';

await migrateAndExit({ service: 'auth', prismaDir: join(import.meta.dirname, '../prisma'), topics: [topics.user, topics.etablissement], env: process.env });
