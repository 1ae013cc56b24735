import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ownRoot } from '../repository.ts';
import { faultsOf, migrationFaults } from './lint.ts';
import { readMigrations, readReleased, renewReleased, servicesWithMigrations, type Migration, type Released } from './released.ts';

const migration = (name: string, sql: string): Migration => ({ name, sql, sha256: createHash('sha256').update(sql).digest('hex') });
const first = migration(
  '20260101000000_first',
  'CREATE TABLE "fiche" ("id" SERIAL NOT NULL, "motif" VARCHAR(200), "age" INTEGER, "prix" NUMERIC(8,2), "etat" VARCHAR(20) NOT NULL DEFAULT \'ouverte\');\nCREATE INDEX "fiche_etat_idx" ON "fiche" ("etat");',
);
const released: Released = { '1.0.0': { [first.name]: first.sha256 }, '1.1.0': {} };
/** What is said of one more migration, after `first`, which is released. */
const said = (sql: string, more: Migration[] = []): Promise<string[]> => faultsOf('consultation', [first, ...more, migration('20260202000000_next', sql)], released);

describe('migrations', () => {
  it.each(servicesWithMigrations(ownRoot))('of %s run beside its previous release', async (service) => {
    const migrations = readMigrations(ownRoot, service);
    expect(migrations.length).toBeGreaterThan(0);
    expect(await faultsOf(service, migrations, { '0.0.0': Object.fromEntries(migrations.map(({ name, sha256 }) => [name, sha256])) })).toEqual([]);
    expect(await migrationFaults(ownRoot, service)).toEqual([]);
  });
});

describe('a step that the previous release outlives', () => {
  it.each([
    ['a new table, with all that is in it', 'CREATE TABLE "note" ("id" SERIAL NOT NULL, CONSTRAINT "note_pkey" PRIMARY KEY ("id"));\nALTER TABLE "note" ADD COLUMN "texte" TEXT NOT NULL;\nCREATE UNIQUE INDEX "note_texte_key" ON "note" ("texte");\nALTER TABLE "note" ADD CONSTRAINT "c" CHECK (id > 0);'],
    ['a column that may be null', 'ALTER TABLE "fiche" ADD COLUMN "note" TEXT;'],
    ['a column with a default', 'ALTER TABLE "fiche" ADD COLUMN "vu" BOOLEAN NOT NULL DEFAULT false, ADD COLUMN "le" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;'],
    ['a longer text', 'ALTER TABLE "fiche" ALTER COLUMN "motif" SET DATA TYPE VARCHAR(400);'],
    ['a text without an end', 'ALTER TABLE "fiche" ALTER COLUMN "motif" SET DATA TYPE TEXT;'],
    ['a number with more digits', 'ALTER TABLE "fiche" ALTER COLUMN "prix" SET DATA TYPE NUMERIC(10,2);'],
    ['an index built beside the writes', '-- why\nCREATE INDEX CONCURRENTLY "fiche_age_idx" ON "fiche" ("age");'],
    ['null allowed, a default given', 'ALTER TABLE "fiche" ALTER COLUMN "etat" DROP NOT NULL;\nALTER TABLE "fiche" ALTER COLUMN "age" SET DEFAULT 0;'],
    ['a check of a new column, not of old rows', 'ALTER TABLE "fiche" ADD COLUMN "taille" INTEGER;\nALTER TABLE "fiche" ADD CONSTRAINT "t" CHECK ("taille" > 0) NOT VALID;'],
    ['a validated constraint', 'ALTER TABLE "fiche" VALIDATE CONSTRAINT "t";'],
    ['a new value of an enumeration', "ALTER TYPE \"etat\" ADD VALUE 'relue';"],
    ['rows taken out by a condition', 'DELETE FROM "fiche" WHERE "age" < 0;'],
  ])('passes: %s', async (_, sql) => {
    expect(await said(sql)).toEqual([]);
  });
});

describe('a step that would break the previous release', () => {
  it.each([
    ['DROP TABLE "fiche";', 'drops table fiche'],
    ['ALTER TABLE "fiche" DROP COLUMN "motif";', 'drops fiche.motif'],
    ['DROP INDEX "fiche_etat_idx";', 'drops index fiche_etat_idx'],
    ['ALTER TABLE "fiche" RENAME COLUMN "motif" TO "raison";', 'renames fiche.motif to raison'],
    ['ALTER TABLE "fiche" RENAME TO "dossier";', 'renames fiche to dossier'],
    ['ALTER TYPE "etat" RENAME VALUE \'a\' TO \'b\';', 'renames the value a to b'],
    ['ALTER TABLE "fiche" ALTER COLUMN "motif" SET DATA TYPE VARCHAR(100);', 'makes fiche.motif, which is varchar(200), a varchar(100)'],
    ['ALTER TABLE "fiche" ALTER COLUMN "age" TYPE BIGINT;', 'makes fiche.age, which is int4, a int8'],
    ['ALTER TABLE "fiche" ALTER COLUMN "prix" TYPE NUMERIC(10,4);', 'makes fiche.prix'],
    ['ALTER TABLE "fiche" ADD COLUMN "note" TEXT NOT NULL;', 'must not be null and has no default'],
    ['ALTER TABLE "fiche" ADD COLUMN "cle" UUID NOT NULL DEFAULT gen_random_uuid();', 'written anew'],
    ['ALTER TABLE "fiche" ADD COLUMN "rang" BIGSERIAL;', 'written anew'],
    ['ALTER TABLE "fiche" ADD COLUMN "cle" TEXT UNIQUE;', 'an index built under a lock'],
    ['ALTER TABLE "fiche" ALTER COLUMN "motif" SET NOT NULL;', 'lets fiche.motif be null no longer'],
    ['ALTER TABLE "fiche" ALTER COLUMN "etat" DROP DEFAULT;', 'takes the default of fiche.etat away'],
    ['ALTER TABLE "fiche" ADD CONSTRAINT "c" CHECK ("age" > 0);', 'checks the constraint c of fiche on every row'],
    ['ALTER TABLE "fiche" ADD CONSTRAINT "c" CHECK ("age" > 0) NOT VALID;', 'which writes of the previous release may not keep'],
    ['ALTER TABLE "fiche" ADD CONSTRAINT "u" UNIQUE ("motif");', 'builds the index of the constraint u'],
    ['ALTER TABLE "fiche" DROP CONSTRAINT "u";', 'drops the constraint u of fiche'],
    ['CREATE INDEX "i" ON "fiche" ("age");', 'while nothing can be written to fiche'],
    ['CREATE INDEX CONCURRENTLY "i" ON "fiche" ("age");\nSELECT 1;', 'must be the one statement of its migration'],
    ['CREATE UNIQUE INDEX CONCURRENTLY "i" ON "fiche" ("age");', 'refuse what the previous release may write'],
    ['TRUNCATE "fiche";', 'empties a table'],
    ['DELETE FROM "fiche";', 'empties fiche'],
    ["DO $$ BEGIN EXECUTE 'DROP TABLE fiche'; END $$;", 'runs a block of code'],
    ['ALTER TABLE "fiche" DROP COLUMN;', 'PostgreSQL would not take it'],
  ])('is refused: %s', async (sql, words) => {
    expect((await said(sql)).join('\n')).toContain(words);
  });

  it('is told with its file and its line', async () => {
    expect(await said('-- é\n\nSELECT 1;\n\n-- gone\nALTER TABLE "fiche" DROP COLUMN "age";')).toEqual([expect.stringMatching(/^consultation\/20260202000000_next:6: drops fiche\.age: /)]);
  });

  it('is refused also where an earlier new migration made nothing of it', async () => {
    expect(await said('ALTER TABLE "fiche" DROP COLUMN "age";', [migration('20260201000000_more', 'ALTER TABLE "fiche" ADD COLUMN "b" TEXT;')])).toHaveLength(1);
    expect(await said('ALTER TABLE "fiche" DROP COLUMN "b";', [migration('20260201000000_more', 'ALTER TABLE "fiche" ADD COLUMN "b" TEXT;')])).toEqual([]);
  });
});

describe('the contract step', () => {
  const drop = (version: string, service = 'consultation') => said(`-- contract: ${service}@${version} no longer reads or writes the column\nALTER TABLE "fiche" DROP COLUMN "age";`);

  it('may take away what a released version stopped using', async () => {
    expect(await drop('1.1.0')).toEqual([]);
  });

  it('is refused in the release that stops using it', async () => {
    expect(await drop('1.2.0')).toEqual([expect.stringContaining('consultation@1.2.0, which its comment names, is not released; known are 1.0.0, 1.1.0.')]);
  });

  it("is refused with another service's release", async () => {
    expect(await drop('1.1.0', 'auth')).toEqual([expect.stringContaining('a release of auth')]);
  });

  it('says so above each statement, not once for a file', async () => {
    expect(await said('-- contract: consultation@1.1.0 no longer uses it\nALTER TABLE "fiche" DROP COLUMN "age";\nALTER TABLE "fiche" DROP COLUMN "motif";')).toEqual([expect.stringContaining('drops fiche.motif')]);
  });

  it('is no way to rename', async () => {
    expect(await said('-- contract: consultation@1.1.0 no longer uses it\nALTER TABLE "fiche" RENAME TO "dossier";')).toHaveLength(1);
  });
});

describe('released migrations', () => {
  it('never change, go or get a newcomer before them', async () => {
    const changed = migration(first.name, `${first.sql}\n-- a word more`);
    expect(await faultsOf('consultation', [changed], released)).toEqual([expect.stringContaining('was released in 1.0.0 and has changed')]);
    expect(await faultsOf('consultation', [], released)).toEqual([expect.stringContaining('was released in 1.0.0 and is gone')]);
    expect(await faultsOf('consultation', [migration('20250101000000_early', 'SELECT 1;'), first], released)).toEqual([expect.stringContaining('stands before 20260101000000_first')]);
  });

  const root = mkdtempSync(join(tmpdir(), 'mediai-migrations-'));
  const write = (name: string, sql: string) => {
    const file = join(root, 'services/essai/prisma/migrations', name, 'migration.sql');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, sql);
  };
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are those that a release found, kept with their hashes; before the first one nothing is refused', async () => {
    write(first.name, first.sql);
    write('20260102000000_drop', 'ALTER TABLE "fiche" DROP COLUMN "age";');
    expect(await migrationFaults(root, 'essai')).toEqual([]);
    renewReleased(root, 'essai', '1.0.0');
    expect(await migrationFaults(root, 'essai')).toEqual([]);
    write('20260103000000_more', 'ALTER TABLE "fiche" ADD COLUMN "b" TEXT;');
    renewReleased(root, 'essai', '1.1.0');
    expect(Object.entries(readReleased(root, 'essai') ?? {}).map(([version, hashes]) => [version, Object.keys(hashes)])).toEqual([
      ['1.0.0', [first.name, '20260102000000_drop']],
      ['1.1.0', ['20260103000000_more']],
    ]);
    expect(readFileSync(join(root, 'services/essai/prisma/released.json'), 'utf8')).toContain(first.sha256);
    write('20260102000000_drop', 'SELECT 1;');
    write('20260104000000_drop', 'ALTER TABLE "fiche" DROP COLUMN "b";');
    expect(await migrationFaults(root, 'essai')).toEqual([expect.stringContaining('20260102000000_drop was released in 1.0.0 and has changed'), expect.stringContaining('drops fiche.b')]);
  });
});
