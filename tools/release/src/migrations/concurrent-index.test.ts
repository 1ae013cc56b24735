import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, provision, withClient, type ProvisionedDatabase } from '@mediai/db/admin';

const serverUrl = process.env.TEST_POSTGRES_URL;
if (!serverUrl) throw new Error('TEST_POSTGRES_URL is not set: run "npm test", or start the parts with "npm run parts" and set the variables that it prints.');

/** What docs/migrations.md says of indexes built beside the writes, on PostgreSQL itself. */
describe('a migration of one CREATE INDEX CONCURRENTLY', () => {
  const prefix = `mediai_reltest_${randomUUID().slice(0, 8)}`;
  const folder = mkdtempSync(join(tmpdir(), 'mediai-concurrent-'));
  const folders = { schemaDir: join(folder, 'schema'), migrationsDir: join(folder, 'migrations') };
  let database: ProvisionedDatabase;
  let options: Parameters<typeof migrate>[0];

  const write = (name: string, sql: string) => {
    mkdirSync(join(folders.migrationsDir, name), { recursive: true });
    writeFileSync(join(folders.migrationsDir, name, 'migration.sql'), sql);
  };
  const remove = (name: string) => rmSync(join(folders.migrationsDir, name), { recursive: true });
  const asOwner = (sql: string) => withClient(database.ownerUrl, async (client) => (await client.query(sql)).rows as Record<string, unknown>[]);
  const isValid = async (index: string) => (await asOwner(`SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = '${index}'::regclass`))[0]?.['valid'];

  beforeAll(async () => {
    mkdirSync(folders.schemaDir);
    writeFileSync(join(folders.schemaDir, 'essai.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n');
    database = await provision({ superuserUrl: serverUrl, service: 'essai', prefix, ownerPassword: 'owner', appPassword: 'app' });
    options = { ...folders, ownerUrl: database.ownerUrl, appRole: database.appRole };
    write('20260101000000_table', 'CREATE TABLE "salle" ("id" SERIAL NOT NULL, "nom" TEXT);\nCREATE TABLE "audit" ("id" INTEGER NOT NULL);');
    await migrate(options);
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await withClient(serverUrl, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${prefix}_essai WITH (FORCE)`);
      await client.query(`DROP ROLE IF EXISTS ${prefix}_essai_owner`);
      await client.query(`DROP ROLE IF EXISTS ${prefix}_essai_app`);
    });
  });

  it('is applied, while another that migrates waits for it', async () => {
    write('20260102000000_index', '-- looked for by name\nCREATE INDEX CONCURRENTLY "salle_nom_idx" ON "salle" ("nom");\n');
    const [one, other] = await Promise.all([migrate(options), migrate(options)]);
    expect([...one.applied, ...other.applied]).toEqual(['20260102000000_index']);
    expect(await isValid('salle_nom_idx')).toBe(true);
  });

  it('is refused by PostgreSQL beside another statement', async () => {
    write('20260103000000_two', 'CREATE INDEX CONCURRENTLY "salle_two_idx" ON "salle" ("nom");\nSELECT 1;\n');
    await expect(migrate(options)).rejects.toThrow(/CREATE INDEX CONCURRENTLY cannot/);
    remove('20260103000000_two');
    await asOwner(`DELETE FROM _prisma_migrations WHERE migration_name = '20260103000000_two' AND finished_at IS NULL`);
    expect((await migrate(options)).applied).toEqual([]);
  });

  it('that failed leaves an index that counts for nothing; dropped and forgotten, the migration is applied', async () => {
    await asOwner(`INSERT INTO salle (nom) VALUES ('A'), ('A')`);
    write('20260104000000_unique', 'CREATE UNIQUE INDEX CONCURRENTLY "salle_nom_key" ON "salle" ("nom");\n');
    await expect(migrate(options)).rejects.toThrow(/Unique constraint failed/);
    expect(await isValid('salle_nom_key')).toBe(false);
    await expect(migrate(options)).rejects.toThrow(/20260104000000_unique/);
    await asOwner(`DELETE FROM salle WHERE id = 1`);
    await asOwner('DROP INDEX CONCURRENTLY "salle_nom_key"');
    await asOwner(`DELETE FROM _prisma_migrations WHERE migration_name = '20260104000000_unique' AND finished_at IS NULL`);
    expect((await migrate(options)).applied).toEqual(['20260104000000_unique']);
    expect(await isValid('salle_nom_key')).toBe(true);
  });
});
