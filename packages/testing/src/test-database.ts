import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate, prismaFolders, provision, withClient, withDatabase, type ServiceName } from '@mediai/db/admin';
import { testPart } from './parts.ts';

export type TestDatabase = { database: string; ownerUrl: string; appUrl: string; drop: () => Promise<void> };

const prefix = 'mediai_test';
/** Of roles that exist only on test servers. */
const password = 'mediai-test';
/** Taken while a template is made, so that parallel suites make it once. */
const templateLock = 7_305_004;

const templates = new Map<ServiceName, Promise<string>>();

/**
 * A database of the service's own schema for one suite, copied from a migrated template (made once per state of the
 * migrations). `ownerUrl` may do everything, `appUrl` what the running service may. Call `drop` when the suite ends.
 */
export async function createTestDatabase(service: ServiceName): Promise<TestDatabase> {
  const superuserUrl = testPart('postgresUrl');
  const making = templates.get(service) ?? makeTemplate(service, superuserUrl);
  templates.set(service, making);
  const template = await making;
  const database = `${prefix}_${service}_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  await withClient(superuserUrl, async (client) => {
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${template} OWNER ${prefix}_${service}_owner`);
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${prefix}_${service}_app`);
  });
  const url = (role: string) => withDatabase(superuserUrl, database, { user: `${prefix}_${service}_${role}`, password });
  return {
    database,
    ownerUrl: url('owner'),
    appUrl: url('app'),
    drop: () => withClient(superuserUrl, async (client) => { await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`); }),
  };
}

async function makeTemplate(service: ServiceName, superuserUrl: string): Promise<string> {
  const folders = prismaFolders(service);
  const template = `${prefix}_${service}_tpl_${await hashOf(folders.migrationsDir)}`;
  await withClient(superuserUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    const ready = await client.query('SELECT datallowconn FROM pg_database WHERE datname = $1', [template]);
    // No connections allowed: the mark that it is complete, and what keeps it free to be copied.
    if (ready.rows[0]?.datallowconn === false) return;
    if (ready.rowCount) await client.query(`DROP DATABASE ${template} WITH (FORCE)`);
    const { ownerUrl, appRole } = await provision({ superuserUrl, service, prefix, database: template, ownerPassword: password, appPassword: password });
    await migrate({ ...folders, ownerUrl, appRole });
    await client.query(`ALTER DATABASE ${template} WITH ALLOW_CONNECTIONS false`);
  });
  return template;
}

async function hashOf(migrationsDir: string): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(migrationsDir, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  for (const name of names) hash.update(name).update(await readFile(join(migrationsDir, name, 'migration.sql')));
  return hash.digest('hex').slice(0, 16);
}
