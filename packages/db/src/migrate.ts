import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { quoteIdentifier, withClient, withDatabase } from './connection.ts';
import { grantToApp } from './grants.ts';
import { withoutHandWritten } from './hand-written.ts';
import { readMigrations, readSchema, writeMigration } from './migration-files.ts';
import { withSchemaEngine } from './schema-engine.ts';

const noFilters = { externalTables: [], externalEnums: [] };

/** Taken while migrating, so that two replicas that start at once apply each migration once. */
const migrateLock = 7_305_002;
const lockPollMs = 200;

type Folders = { schemaDir: string; migrationsDir: string };

/**
 * Apply the migrations that the database does not have yet, then give the app's role its rights.
 * Returns the names of those applied. Prisma's standard `_prisma_migrations` table is used; a migration that failed
 * halfway must be mended by hand, as with `prisma migrate deploy`.
 */
export async function migrate(options: Folders & { ownerUrl: string; appRole: string }): Promise<{ applied: string[] }> {
  const migrationsList = await readMigrations(options.migrationsDir);
  const schema = await readSchema(options.schemaDir);
  return withClient(options.ownerUrl, async (client) => {
    await takeLock(client);
    const { appliedMigrationNames } = await withSchemaEngine(options.ownerUrl, schema, (engine) => engine.applyMigrations({ migrationsList, filters: noFilters }));
    await grantToApp(client, options.appRole);
    return { applied: appliedMigrationNames };
  });
}

/**
 * Asks for the lock again and again instead of waiting in it: a statement that waits holds a snapshot, which a CREATE
 * INDEX CONCURRENTLY of the one that migrates would wait for in turn, for ever.
 */
async function takeLock(client: pg.Client): Promise<void> {
  while (!(await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [migrateLock])).rows[0]?.taken) await sleep(lockPollMs);
}

export type MigrationStatus = { pending: string[]; edited: string[]; failed: string[]; unknown: string[] };

/**
 * How the database's history stands to the folder's: `pending` are to be applied, `edited` changed after they were
 * applied, `failed` broke halfway, `unknown` were applied by a newer version.
 */
export async function status(options: Folders & { ownerUrl: string }): Promise<MigrationStatus> {
  const migrationsList = await readMigrations(options.migrationsDir);
  const schema = await readSchema(options.schemaDir);
  const diagnosis = await withSchemaEngine(options.ownerUrl, schema, (engine) =>
    engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: noFilters }));
  const history = diagnosis.history;
  return {
    pending: history && 'unappliedMigrationNames' in history ? history.unappliedMigrationNames : [],
    unknown: history && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : [],
    edited: diagnosis.editedMigrationNames,
    failed: diagnosis.failedMigrationNames,
  };
}

/** SQL that would turn the database of `url` into what the schema says; empty when nothing differs. */
export async function diff(options: { url: string; schemaDir: string }): Promise<string> {
  const schema = await readSchema(options.schemaDir);
  const result = await withSchemaEngine(options.url, schema, (engine) => engine.diff({
    from: { tag: 'schemaDatasource', files: schema.files, configDir: options.schemaDir },
    to: { tag: 'schemaDatamodel', files: schema.files },
    script: true,
    exitCode: null,
    filters: noFilters,
  }));
  return withoutHandWritten(result.stdout ?? '');
}

/** SQL that is missing in the migrations to arrive at the schema, worked out on a scratch database of `serverUrl`. */
export async function diffFromMigrations(options: Folders & { serverUrl: string }): Promise<string> {
  const migrationsList = await readMigrations(options.migrationsDir);
  const schema = await readSchema(options.schemaDir);
  return withScratchDatabase(options.serverUrl, async (url) => {
    await withSchemaEngine(url, schema, (engine) => engine.applyMigrations({ migrationsList, filters: noFilters }));
    return diff({ url, schemaDir: options.schemaDir });
  });
}

/**
 * Write the next migration from what the schema says and the migrations do not yet do.
 * Returns its file, or null when nothing is missing and `evenIfEmpty` is not set (for a migration written by hand).
 */
export async function createMigration(options: Folders & { serverUrl: string; name: string; evenIfEmpty?: boolean; now?: Date }): Promise<string | null> {
  const sql = await diffFromMigrations(options);
  if (!sql && !options.evenIfEmpty) return null;
  return writeMigration(options.migrationsDir, options.name, sql, options.now);
}

async function withScratchDatabase<T>(serverUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const database = `mediai_scratch_${randomUUID().replaceAll('-', '')}`;
  const name = quoteIdentifier(database);
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`));
  try {
    return await work(withDatabase(serverUrl, database));
  } finally {
    await withClient(serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
  }
}
