import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MigrationList, SchemasContainer } from '@prisma/schema-engine-wasm/schema_engine_bg';

const lockFile = 'migration_lock.toml';
const lockContent = '# Which database the migrations are written for.\nprovider = "postgresql"\n';

/** Every `*.prisma` file of a folder, as the schema engine takes them. */
export async function readSchema(schemaDir: string): Promise<SchemasContainer> {
  const names = (await readdir(schemaDir)).filter((name) => name.endsWith('.prisma')).sort();
  const files = await Promise.all(names.map(async (name) => ({ path: join(schemaDir, name), content: await readFile(join(schemaDir, name), 'utf8') })));
  return { files };
}

/** The names of the migrations of a folder in their order; a folder that does not exist holds none. */
export async function readMigrationNames(migrationsDir: string): Promise<string[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

/** The migrations of a folder in their order. */
export async function readMigrations(migrationsDir: string): Promise<MigrationList> {
  const names = await readMigrationNames(migrationsDir);
  return {
    baseDir: migrationsDir,
    lockfile: { path: lockFile, content: lockContent },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(names.map(async (name) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: await readFile(join(migrationsDir, name, 'migration.sql'), 'utf8') } },
    }))),
  };
}

/** Write a new migration; returns its file's path. `name` becomes `<UTC yyyymmddhhmmss>_<name>`. */
export async function writeMigration(migrationsDir: string, name: string, sql: string, now: Date = new Date()): Promise<string> {
  const stamp = now.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const folder = join(migrationsDir, `${stamp}_${name.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(migrationsDir, lockFile), lockContent);
  const file = join(folder, 'migration.sql');
  await writeFile(file, sql, { flag: 'wx' });
  return file;
}
