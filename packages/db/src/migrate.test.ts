import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMigration, diff, diffFromMigrations, migrate, prismaFolders, provision, servicesWithDatabase, status, withClient, type ProvisionedDatabase } from './admin.ts';

const serverUrl = process.env.TEST_POSTGRES_URL;
if (!serverUrl) throw new Error('TEST_POSTGRES_URL is not set: run "npm test", or start the parts with "npm run parts" and set the variables that it prints.');

const prefix = `mediai_dbtest_${randomUUID().slice(0, 8)}`;
const dropAll = () => withClient(serverUrl, async (client) => {
  await client.query(`DROP DATABASE IF EXISTS ${prefix}_essai WITH (FORCE)`);
  await client.query(`DROP ROLE IF EXISTS ${prefix}_essai_owner`);
  await client.query(`DROP ROLE IF EXISTS ${prefix}_essai_app`);
});

const model = (fields: string) => `datasource db {\n  provider = "postgresql"\n}\nmodel Salle {\n  id Int @id @default(autoincrement())\n${fields}\n  @@map("salle")\n}\nmodel Audit {\n  id Int @id\n  @@map("audit")\n}\n`;

let folder: string;
let folders: { schemaDir: string; migrationsDir: string };
let database: ProvisionedDatabase;
const writeModel = (fields: string) => writeFile(join(folders.schemaDir, 'essai.prisma'), model(fields));
const setUp = () => provision({ superuserUrl: serverUrl, service: 'essai', prefix, ownerPassword: "o'wner", appPassword: 'app' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediai-db-'));
  folders = { schemaDir: join(folder, 'schema'), migrationsDir: join(folder, 'migrations') };
  await mkdir(folders.schemaDir);
  [database] = await Promise.all([setUp(), setUp()]);
});

afterAll(async () => {
  await dropAll();
  await rm(folder, { recursive: true });
});

describe('migrations', () => {
  it('are made from the schema, applied once, and give the app its rights', async () => {
    await writeModel('  nom String');
    const file = await createMigration({ ...folders, serverUrl, name: 'Première table', now: new Date('2026-01-02T03:04:05Z') });
    expect(file).toMatch(/20260102030405_premi_re_table\/migration\.sql$/);
    expect(await readFile(file ?? '', 'utf8')).toContain('CREATE TABLE "salle"');
    const options = { ...folders, ownerUrl: database.ownerUrl, appRole: database.appRole };
    expect(await status(options)).toMatchObject({ pending: ['20260102030405_premi_re_table'] });
    expect((await migrate(options)).applied).toHaveLength(1);
    expect((await migrate(options)).applied).toEqual([]);
    expect(await status(options)).toEqual({ pending: [], unknown: [], edited: [], failed: [] });
    await withClient(database.appUrl, (client) => client.query("INSERT INTO salle (nom) VALUES ('A')"));
    await withClient(database.appUrl, (client) => client.query('INSERT INTO audit (id) VALUES (1)'));
    await expect(withClient(database.appUrl, (client) => client.query('DELETE FROM audit'))).rejects.toMatchObject({ code: '42501' });
    await expect(withClient(database.appUrl, (client) => client.query('ALTER TABLE salle ADD COLUMN x int'))).rejects.toMatchObject({ code: '42501' });
    expect(await createMigration({ ...folders, serverUrl, name: 'rien' })).toBeNull();
  });

  it('may hold functions and hand-written objects, which a later diff leaves alone', async () => {
    const file = await createMigration({ ...folders, serverUrl, name: 'main', evenIfEmpty: true, now: new Date('2026-01-02T03:04:06Z') });
    await writeFile(file ?? '', `
      -- a comment; with a semicolon
      CREATE EXTENSION IF NOT EXISTS btree_gist;
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
      ALTER TABLE salle ADD CONSTRAINT salle_nom_excl EXCLUDE USING gist (nom WITH =);
      ALTER TABLE salle ADD CONSTRAINT salle_nom_check CHECK (nom <> '');
      CREATE INDEX salle_nom_trgm ON salle USING gin (nom gin_trgm_ops);
      CREATE INDEX salle_nom_partial ON salle (nom) WHERE id > 5;
      CREATE INDEX salle_nom_lower ON salle (lower(nom));
      CREATE FUNCTION deux() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; RETURN 2; END; $$;`);
    await migrate({ ...folders, ownerUrl: database.ownerUrl, appRole: database.appRole });
    expect(await diff({ ...folders, url: database.ownerUrl })).toBe('');
    await writeModel('  nom String\n  etage Int?\n  @@index([etage])');
    expect(await diff({ ...folders, url: database.ownerUrl })).toBe('-- AlterTable\nALTER TABLE "salle" ADD COLUMN     "etage" INTEGER;\n\n-- CreateIndex\nCREATE INDEX "salle_etage_idx" ON "salle"("etage");\n');
  });

  it('are applied wholly or not at all, and the failure says which and why', async () => {
    await mkdir(join(folders.migrationsDir, '20260102030407_fautive'));
    await writeFile(join(folders.migrationsDir, '20260102030407_fautive', 'migration.sql'), 'CREATE TABLE moitie (id int); CREATE TABLE salle (id int);');
    const options = { ...folders, ownerUrl: database.ownerUrl, appRole: database.appRole };
    await expect(migrate(options)).rejects.toThrow(/"salle" already exists[\s\S]*20260102030407_fautive/);
    const found = await withClient(database.ownerUrl, (client) => client.query("SELECT to_regclass('moitie') AS found"));
    expect(found.rows).toEqual([{ found: null }]);
    expect(await status(options)).toMatchObject({ failed: ['20260102030407_fautive'] });
  });
});

describe.each(servicesWithDatabase)('the migrations of %s', (service) => {
  it('arrive at its schema', async () => {
    expect(await diffFromMigrations({ ...prismaFolders(service), serverUrl })).toBe('');
  });
});
