import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, credentials } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, prismaFolders, provision, withClient, type ProvisionedDatabase } from '@mediai/db/admin';
import { root } from './paths.ts';
import { createPorts } from './ports.ts';
import { databaseServices, serviceEnv, serviceNames, type ServiceName, type World } from './suite.ts';

const { TEST_POSTGRES_URL: superuserUrl = '', TEST_KAFKA_BROKERS: kafkaBrokers = '' } = process.env;
if (!superuserUrl || !kafkaBrokers) throw new Error('TEST_POSTGRES_URL and TEST_KAFKA_BROKERS are not set: run "npm test", or start the parts with "npm run parts" and set the variables that it prints.');

type DatabaseService = (typeof databaseServices)[number];
const prefix = `mediai_schema_${randomUUID().slice(0, 8)}`;
const databases = {} as Record<DatabaseService, ProvisionedDatabase>;
const services = {} as Record<DatabaseService, ReturnType<typeof run>>;
const children: ChildProcess[] = [];
let folder = '';
let world: World;

/** A program of a service, from its source. */
function run(name: ServiceName, program: string, more: Record<string, string | undefined>) {
  const env = { ...process.env, NODE_OPTIONS: '', ...more } as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, ['--conditions=@mediai/source', '--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning', `services/${name}/src/${program}.ts`], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { said: () => said, ended: new Promise<number | null>((resolve) => child.once('exit', resolve)) };
}

const migrateOf = (name: DatabaseService, more: Record<string, string> = {}) =>
  run(name, 'migrate', { LOG_LEVEL: 'warn', KAFKA_BROKERS: kafkaBrokers, DATABASE_OWNER_URL: databases[name].ownerUrl, DATABASE_APP_ROLE: databases[name].appRole, ...more });

/** What Kubernetes' native probe asks. */
function isServing(name: ServiceName): Promise<boolean> {
  const { path, requestSerialize, responseDeserialize } = healthService.Check!;
  const client = new Client(`127.0.0.1:${world.ports[name].grpc}`, credentials.createInsecure());
  return new Promise<boolean>((resolve) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service: '' } as never, { deadline: Date.now() + 2_000 }, (_error, answer) => {
      client.close();
      resolve((answer as { status?: string } | undefined)?.status === 'SERVING');
    });
  });
}

async function readyz(name: ServiceName): Promise<{ status: number; checks: Record<string, string> }> {
  const answer = await fetch(`http://127.0.0.1:${world.ports[name].internal}/readyz`).catch(() => undefined);
  return { status: answer?.status ?? 0, checks: answer ? ((await answer.json()) as { checks: Record<string, string> }).checks : {} };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** The database of a version that had all migrations but the last. */
async function migrateButLast(name: DatabaseService, made: ProvisionedDatabase): Promise<void> {
  const { schemaDir, migrationsDir } = prismaFolders(name);
  const former = join(folder, name);
  cpSync(migrationsDir, former, { recursive: true });
  const last = readdirSync(former, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort().at(-1) ?? '';
  rmSync(join(former, last), { recursive: true });
  await migrate({ schemaDir, migrationsDir: former, ownerUrl: made.ownerUrl, appRole: made.appRole });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mediai-schema-'));
  const ports = createPorts(join(folder, 'ports.json'));
  const claimed = [];
  for (const name of serviceNames) claimed.push([name, { grpc: await ports.claim(`${name}-grpc`), internal: await ports.claim(`${name}-internal`) }] as const);
  world = {
    mode: 'test', env: { LOG_LEVEL: 'silent' }, ports: Object.fromEntries(claimed) as World['ports'], gatewayPort: 1, sandboxUrl: 'http://127.0.0.1:1', postgres: {},
    kafkaBrokers, redisUrl: '', filesDir: join(folder, 'files'), secret: (name) => `secret-of-${name}-0123456789abcdef0123456789`,
  };
  for (const name of databaseServices) {
    databases[name] = await provision({ superuserUrl, service: name, prefix, ownerPassword: 'owner', appPassword: 'app' });
    world.postgres[name] = databases[name].appUrl;
    await migrateButLast(name, databases[name]);
  }
  for (const name of databaseServices) services[name] = run(name, 'main', serviceEnv(world, name));
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await withClient(superuserUrl, async (client) => {
    for (const name of databaseServices) {
      await client.query(`DROP DATABASE IF EXISTS ${prefix}_${name} WITH (FORCE)`);
      await client.query(`DROP ROLE IF EXISTS ${prefix}_${name}_owner, ${prefix}_${name}_app`);
    }
  });
  rmSync(folder, { recursive: true });
});

describe('a service whose database lacks a migration', () => {
  it.each(databaseServices)('%s is not ready, and becomes ready once its own program has applied it', async (name) => {
    await until(async () => (await readyz(name)).status > 0);
    expect(await readyz(name)).toMatchObject({ status: 503, checks: { database: 'ok', schema: 'down' } });
    expect(await isServing(name)).toBe(false);
    const migration = migrateOf(name);
    expect([await migration.ended, migration.said()]).toEqual([0, '']);
    await until(async () => (await readyz(name)).status === 200 && (await isServing(name)));
    expect(services[name].said()).toBe('');
  });
});

describe('a migration that cannot be done', () => {
  it('ends with 1 and its reason', async () => {
    const refused = migrateOf('ia', { DATABASE_OWNER_URL: databases.ia.ownerUrl.replace(/:owner@/, ':faux@') });
    expect(await refused.ended).toBe(1);
    expect(refused.said()).toMatch(/^ia migration: password authentication failed/);
  });
});
