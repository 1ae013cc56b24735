import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { provision, withClient, type ProvisionedDatabase } from '@mediai/db/admin';
import { createLogger } from '@mediai/kit/log';
import { testParts } from '@mediai/testing';
import { createKafka } from '../kafka.ts';
import { deadLetterTopic } from '../topics.ts';
import { describeFailure, runMigration } from './run-migration.ts';

const { postgresUrl, kafkaBrokers } = testParts();
const mark = randomUUID().slice(0, 8);
const prefix = `mediai_migtest_${mark}`;
const topic = { name: `mediai.essai.${mark}.v1`, partitions: 2, compacted: false };
const lines: string[] = [];
const log = createLogger({ service: 'essai-migrate', stream: { write: (line) => void lines.push(line) } });

let prismaDir: string;
let database: ProvisionedDatabase;

const writeMigration = async (name: string, sql: string) => {
  await mkdir(join(prismaDir, 'migrations', name), { recursive: true });
  await writeFile(join(prismaDir, 'migrations', name, 'migration.sql'), sql);
};
const envOf = (more: Record<string, string> = {}) => ({ DATABASE_OWNER_URL: database.ownerUrl, DATABASE_APP_ROLE: database.appRole, KAFKA_BROKERS: kafkaBrokers.join(','), ...more });
const run = (env: Record<string, string> = envOf()) => runMigration({ service: 'essai', prismaDir, topics: [topic], env }, log);

beforeAll(async () => {
  prismaDir = await mkdtemp(join(tmpdir(), 'mediai-migration-'));
  await mkdir(join(prismaDir, 'schema'));
  await writeFile(join(prismaDir, 'schema', 'essai.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n');
  await writeMigration('20260101000000_un', 'CREATE TABLE patient (nom text);');
  database = await provision({ superuserUrl: postgresUrl, service: 'essai', prefix, ownerPassword: 'owner', appPassword: 'app' });
});

afterAll(async () => {
  await withClient(postgresUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${prefix}_essai WITH (FORCE)`);
    await client.query(`DROP ROLE IF EXISTS ${prefix}_essai_owner, ${prefix}_essai_app`);
  });
  await rm(prismaDir, { recursive: true });
});

test('two at once and one more apply each migration once and make each topic once', async () => {
  await Promise.all([run(), run()]);
  await run();
  const said = lines.map((line) => JSON.parse(line) as { msg: string; migration?: string; topic?: string });
  expect(said.filter(({ migration }) => migration).map(({ migration }) => migration)).toEqual(['20260101000000_un']);
  expect(new Set(said.map((line) => line.topic).filter(Boolean))).toEqual(new Set([topic.name, deadLetterTopic(topic.name)]));
  const admin = createKafka({ clientId: 'essai', brokers: kafkaBrokers }).admin();
  await admin.connect();
  const { topics: [made] } = await admin.fetchTopicMetadata({ topics: [topic.name] });
  await admin.disconnect();
  expect(made?.partitions).toHaveLength(2);
  await withClient(database.appUrl, (client) => client.query("INSERT INTO patient VALUES ('Mwamba')"));
});

test('what PostgreSQL refuses ends it with the migration\'s name and without a row of a table', async () => {
  await withClient(database.appUrl, (client) => client.query("INSERT INTO patient VALUES ('Mwamba')"));
  await writeMigration('20260101000001_deux', 'ALTER TABLE patient ADD CONSTRAINT patient_nom_check CHECK (length(nom) > 9) NOT VALID; UPDATE patient SET nom = nom;');
  const refusal = await run().then(() => '', describeFailure);
  expect(refusal).toContain('20260101000001_deux');
  expect(refusal).toContain('patient_nom_check');
  expect(refusal).not.toContain('Mwamba');
});

test('every variable that is missing or wrong is named at once', async () => {
  await expect(run({ DATABASE_OWNER_URL: 'nulle part' })).rejects.toThrow(/KAFKA_BROKERS is required[\s\S]*DATABASE_OWNER_URL must be a URL/);
});
