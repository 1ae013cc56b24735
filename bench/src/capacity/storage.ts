import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withClient } from '@mediai/db/admin';
import type { Bench } from '../measurement.ts';

/** Bytes kept, by database and in Kafka's topics; fiches of the database. */
export type Stored = { databases: Record<string, number>; kafka: number; fiches: number };

export async function storedBy(bench: Bench): Promise<Stored> {
  const rows = await withClient(bench.postgresUrl, async (client) => {
    await client.query('CHECKPOINT');
    return (await client.query<{ name: string; bytes: string }>("SELECT datname AS name, pg_database_size(datname) AS bytes FROM pg_database WHERE datname LIKE 'mediai\\_%'")).rows;
  });
  const fiches = await withClient(bench.databaseUrl('consultation'), async (client) => (await client.query<{ n: number }>('SELECT count(*)::int AS n FROM fiche_consultation')).rows[0]?.n ?? 0);
  return {
    databases: Object.fromEntries(rows.map(({ name, bytes }) => [name.replace('mediai_', ''), Number(bytes)])),
    // Indexes are allocated ahead as holes; the records are what grows.
    kafka: bytesBelow(join(bench.stateDir, 'data/kafka/logs'), (path) => /\/mediai\.[^/]+\/[^/]+\.log$/.test(path)),
    fiches,
  };
}

function bytesBelow(folder: string, wanted: (path: string) => boolean): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => wanted(path))
    .reduce((sum, path) => sum + statSync(path).size, 0);
}
