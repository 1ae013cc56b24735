import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withClient, withDatabase } from '@mediai/db/admin';
import type { World } from './world.ts';

/** Bytes kept, by database, in Kafka's topics and in consultation's files; fiches of the database. */
export type Stored = { databases: Record<string, number>; kafka: number; files: number; fiches: number };

export async function storedBy(world: World): Promise<Stored> {
  const rows = await withClient(world.postgresUrl, async (client) => {
    await client.query('CHECKPOINT');
    return (await client.query<{ name: string; bytes: string }>("SELECT datname AS name, pg_database_size(datname) AS bytes FROM pg_database WHERE datname LIKE 'mediai\\_%'")).rows;
  });
  return {
    databases: Object.fromEntries(rows.map(({ name, bytes }) => [name.replace('mediai_', ''), Number(bytes)])),
    // Indexes are allocated ahead as holes; the records are what grows.
    kafka: bytesBelow(join(world.stateDir, 'data/kafka/logs'), (path) => /\/mediai\.[^/]+\/[^/]+\.log$/.test(path)),
    files: bytesBelow(join(world.stateDir, 'files'), () => true),
    fiches: await countOf(world, 'SELECT count(*)::int AS n FROM fiche_consultation'),
  };
}

/** Fiches whose analysis has not ended. */
export const waitingFiches = (world: World): Promise<number> => countOf(world, "SELECT count(*)::int AS n FROM fiche_consultation WHERE status = 'en_analyse'");

/** Ids of some fiches whose analysis has ended, the oldest first. */
export const someFiches = (world: World, limit: number): Promise<number[]> =>
  withClient(withDatabase(world.postgresUrl, 'mediai_consultation'), async (client) => (await client.query<{ id: number }>("SELECT id FROM fiche_consultation WHERE status = 'analyse_terminee' AND \"user\" = (SELECT max(\"user\") FROM fiche_consultation) ORDER BY id LIMIT $1", [limit])).rows.map(({ id }) => id));

const countOf = (world: World, sql: string): Promise<number> =>
  withClient(withDatabase(world.postgresUrl, 'mediai_consultation'), async (client) => (await client.query<{ n: number }>(sql)).rows[0]?.n ?? 0);

function bytesBelow(folder: string, wanted: (path: string) => boolean): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => entry.isFile() && wanted(path))
    .reduce((sum, { path }) => sum + statSync(path).size, 0);
}
