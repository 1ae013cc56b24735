import type { ProvisionedDatabase } from '@mediai/db/admin';
import type { ServiceName } from './suite.ts';
import { databaseServices } from './suite.ts';
import { Failure } from './failure.ts';

/** Brings a service's database to its latest migration. Returns the names of those applied. */
export type Migrate = (service: (typeof databaseServices)[number], made: ProvisionedDatabase) => Promise<string[]>;

const migrateFromCheckout: Migrate = async (service, { ownerUrl, appRole }) => {
  const { migrate, prismaFolders } = await import('@mediai/db/admin');
  const { schemaDir, migrationsDir } = prismaFolders(service);
  return (await migrate({ ownerUrl, appRole, schemaDir, migrationsDir })).applied;
};

/**
 * Gives each service its database and its two roles, and brings every database to the latest migration.
 * @returns each service's URL as its application role, and one line that says what was applied
 */
export async function migrateAll(superuserUrl: string, secret: (name: string) => string, migrate = migrateFromCheckout): Promise<{ urls: Partial<Record<ServiceName, string>>; said: string }> {
  const { provision } = await import('@mediai/db/admin');
  let applied = 0;
  const urls: Partial<Record<ServiceName, string>> = {};
  for (const service of databaseServices) {
    const made = await provision({ superuserUrl, service, ownerPassword: secret(`${service}:owner`), appPassword: secret(`${service}:app`) });
    const done = await migrate(service, made).catch((error: Error) => {
      throw new Failure(`The database of ${service} could not be migrated (${error.message.split('\n')[0]}): correct the migration, or run "npm run reset" to begin anew.`);
    });
    applied += done.length;
    urls[service] = made.appUrl;
  }
  return { urls, said: applied > 0 ? `${applied} migration${applied > 1 ? 's' : ''} applied` : 'up to date' };
}

/** Creates the topics that are missing, with their partitions and compaction. */
export async function ensureAllTopics(brokers: string): Promise<string> {
  const { createKafka, ensureTopics } = await import('@mediai/events');
  const admin = createKafka({ clientId: 'mediai-dev', brokers: brokers.split(',') }).admin();
  await admin.connect();
  try {
    const created = await ensureTopics(admin);
    return created.length > 0 ? `${created.length} created` : 'all there';
  } finally {
    await admin.disconnect();
  }
}
