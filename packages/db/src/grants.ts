import type pg from 'pg';
import { quoteIdentifier } from './connection.ts';

/** Tables to which the app may add and which it may read, but never change. */
const appendOnlyTables = ['audit', 'fiche_changement'];

/**
 * The app's rights after a migration: rows of every table and values of every sequence, no structure, of
 * the history of migrations which are applied and nothing else, and audit rows only to add and to read.
 */
export async function grantToApp(client: pg.Client, appRole: string): Promise<void> {
  const role = quoteIdentifier(appRole);
  const appendOnly = await existing(client, appendOnlyTables);
  await client.query('BEGIN');
  try {
    await client.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
    await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
    await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
    for (const table of appendOnly) await client.query(`REVOKE UPDATE, DELETE, TRUNCATE ON ${quoteIdentifier(table)} FROM ${role}`);
    for (const table of await existing(client, ['_prisma_migrations'])) {
      await client.query(`REVOKE ALL ON ${quoteIdentifier(table)} FROM ${role}`);
      await client.query(`GRANT SELECT (migration_name, finished_at, rolled_back_at) ON ${quoteIdentifier(table)} TO ${role}`);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function existing(client: pg.Client, tables: string[]): Promise<string[]> {
  const { rows } = await client.query<{ tablename: string }>(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY($1)", [tables]);
  return rows.map((row) => row.tablename);
}
