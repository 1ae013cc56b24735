import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prismaFolders, withClient, withDatabase } from '@mediai/db/admin';
import { Failure } from '../failure.ts';
import { readJson } from '../json-file.ts';
import { root } from '../paths.ts';
import { databaseServices, serviceNames, type ServiceName } from '../suite.ts';

type DatabaseService = (typeof databaseServices)[number];

/** What a backup says of itself, in its first entry. */
export type Contents = {
  format: 1;
  /** When it began, ISO 8601 in UTC: what was acknowledged before is in it. */
  madeAt: string;
  /** `linux-x64`: files of a cluster are read on the kind of machine that wrote them. */
  platform: string;
  postgres: { major: number; version: string };
  services: Record<ServiceName, { version: string }>;
  /** Migrations applied, by service. */
  migrations: Record<DatabaseService, string[]>;
  /** False where consultation keeps its files in a bucket. */
  files: boolean;
};

export const contentsName = 'mediai-backup.json';
export const platform = `${process.platform}-${process.arch}`;

/** The contents of a backup that begins now, as the running databases say. */
export async function describeContents(superuserUrl: string, { files, now }: { files: boolean; now: Date }): Promise<Contents> {
  const version = await withClient(superuserUrl, async (client) => (await client.query<{ server_version: string }>('SHOW server_version')).rows[0]?.server_version ?? '');
  const migrations = {} as Contents['migrations'];
  for (const service of databaseServices) {
    migrations[service] = await withClient(withDatabase(superuserUrl, `mediai_${service}`), async (client) => {
      const { rows } = await client.query<{ name: string }>('SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name');
      return rows.map(({ name }) => name);
    });
  }
  const services = Object.fromEntries(serviceNames.map((name) => [name, { version: versionOf(name) }])) as Contents['services'];
  return { format: 1, madeAt: now.toISOString(), platform, postgres: { major: Number.parseInt(version, 10), version }, services, migrations, files };
}

const versionOf = (name: ServiceName): string => readJson<{ version?: string }>(join(root, 'services', name, 'package.json'), {}).version ?? '';

/** The migrations that the code here knows, by service. */
export function knownMigrations(): Contents['migrations'] {
  return Object.fromEntries(databaseServices.map((service) => [service, readdirSync(prismaFolders(service).migrationsDir, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))])) as Contents['migrations'];
}

/**
 * Reads what a backup says of itself and refuses one that cannot be restored here.
 * @throws Failure that says why, and what to do
 */
export function readContents(text: string, here: { major: number; known: Contents['migrations'] }): Contents {
  const contents = parse(text);
  if (contents.platform !== platform) throw new Failure(`This backup was made on ${contents.platform} and this machine is ${platform}: restore it on a machine of its own kind.`);
  if (contents.postgres.major !== here.major) throw new Failure(`This backup is of PostgreSQL ${contents.postgres.major} and the PostgreSQL here is ${here.major}: restore it with the release of MediAI that it was made with.`);
  const newer = databaseServices.flatMap((service) => (contents.migrations[service] ?? []).filter((name) => !here.known[service].includes(name)).map((name) => `${service} ${name}`));
  if (newer.length > 0) throw new Failure(`This backup was made by a newer MediAI than this one (${newer.join(', ')} is not known here): update the code first, then restore.`);
  return contents;
}

function parse(text: string): Contents {
  let contents: Partial<Contents>;
  try {
    contents = JSON.parse(text) as Partial<Contents>;
  } catch {
    throw new Failure('This file is no backup of MediAI.');
  }
  if (contents.format !== 1) throw new Failure(`This backup has the format ${JSON.stringify(contents.format)}, which this MediAI does not know: update the code first, then restore.`);
  return contents as Contents;
}
