import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { isTransient } from '@mediai/db';
import { migrate } from '@mediai/db/admin';
import { ConfigError, loadConfig, migrationConfig } from '@mediai/kit/config';
import { createLogger, type Logger } from '@mediai/kit/log';
import { createKafka } from '../kafka.ts';
import { ensureTopics, type TopicDefinition } from '../topics.ts';

export type MigrationOptions = {
  service: string;
  /** The service's folder of `schema` and `migrations`. */
  prismaDir: string;
  /** The topics that the service writes. */
  topics: readonly TopicDefinition[];
  env: Record<string, string | undefined>;
};

const retryMs = 2_000;
/** A database or a broker that is not up after this time is waited for by whoever started this program. */
const patienceMs = 300_000;

/**
 * Brings one service's database to the schema of this version, gives the app's role its rights and makes the topics that
 * are missing. Running it again, or twice at once, changes nothing more. A database or broker that is away is waited
 * for; what is wrong ends it. Throws.
 */
export async function runMigration({ service, prismaDir, topics, env }: MigrationOptions, log: Logger): Promise<void> {
  const config = loadConfig(migrationConfig, env);
  const folders = { schemaDir: join(prismaDir, 'schema'), migrationsDir: join(prismaDir, 'migrations') };
  const appRole = config.DATABASE_APP_ROLE ?? `mediai_${service}_app`;
  const { applied } = await patiently(() => migrate({ ...folders, ownerUrl: config.DATABASE_OWNER_URL, appRole }), isTransient, log);
  for (const migration of applied) log.info({ migration }, 'migration applied');
  const created = await patiently(() => createTopics(service, config.KAFKA_BROKERS, topics), isBrokerAway, log);
  for (const topic of created) log.info({ topic }, 'topic created');
  log.info({ count: applied.length }, 'the database is at the schema of this version');
}

/** The same as a program: the process ends with 0, or with 1 and the reason on standard error. */
export async function migrateAndExit(options: MigrationOptions): Promise<void> {
  const log = createLogger({ service: `${options.service}-migrate`, level: options.env['LOG_LEVEL'] || 'info' });
  try {
    await runMigration(options, log);
  } catch (error) {
    process.stderr.write(`${options.service} migration: ${describeFailure(error)}\n`);
    if (!(error instanceof ConfigError)) log.fatal({ err: error }, 'the migration failed');
    process.exitCode = 1;
  }
}

/** The words of a failure, without those of PostgreSQL that quote a row and without stack frames. */
export function describeFailure(error: unknown): string {
  const lines = error instanceof Error ? error.message.split('\n') : ['failed'];
  return lines.filter((line) => !/^\s+at |\bdetail\b/i.test(line)).join('\n');
}

async function createTopics(service: string, brokers: string[], topics: readonly TopicDefinition[]): Promise<string[]> {
  const admin = createKafka({ clientId: `${service}-migrate`, brokers }).admin();
  try {
    await admin.connect();
    return await ensureTopics(admin, topics);
  } finally {
    await admin.disconnect();
  }
}

async function patiently<T>(work: () => Promise<T>, isAway: (error: unknown) => boolean, log: Logger): Promise<T> {
  for (const giveUpAt = Date.now() + patienceMs; ; await sleep(retryMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || Date.now() > giveUpAt) throw error;
      log.warn({ err: error, delay_ms: retryMs }, 'not there yet, trying again');
    }
  }
}

function isBrokerAway(error: unknown): boolean {
  return (error as { retriable?: boolean }).retriable === true || ['KafkaJSNumberOfRetriesExceeded', 'KafkaJSConnectionError'].includes((error as Error).name);
}
