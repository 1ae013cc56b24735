import { createMigration, diff, diffFromMigrations, migrate, status } from './migrate.ts';
import { provision } from './provision.ts';
import { isServiceWithDatabase, prismaFolders, servicesWithDatabase } from './service-databases.ts';

const usage = `usage: cli.ts <command> <service>    (services: ${servicesWithDatabase.join(', ')})

  provision <service>       create the database and its two roles    POSTGRES_URL, OWNER_PASSWORD, APP_PASSWORD
  migrate   <service>       apply what is pending, grant the app     DATABASE_OWNER_URL
  status    <service>       compare history and folder               DATABASE_OWNER_URL
  diff      <service>       SQL from the database to the schema      DATABASE_OWNER_URL
  create    <service> <name> [--empty]   write the next migration    POSTGRES_URL (scratch databases are made there)
  check     <service>       fail when the migrations do not arrive at the schema    POSTGRES_URL
`;

class UsageError extends Error {}

function required(...names: string[]): string {
  const value = names.map((name) => process.env[name]).find(Boolean);
  if (!value) throw new UsageError(`${names[0]} is not set`);
  return value;
}

/** Run one command; returns the exit code. */
async function run([command, service, ...rest]: string[]): Promise<number> {
  if (!isServiceWithDatabase(service)) throw new UsageError('which service?');
  const folders = prismaFolders(service);
  const print = (text: string) => process.stdout.write(`${text}\n`);
  switch (command) {
    case 'provision': {
      const { database, ownerRole, appRole } = await provision({ service, superuserUrl: required('POSTGRES_URL'), ownerPassword: required('OWNER_PASSWORD'), appPassword: required('APP_PASSWORD') });
      print(`${database}: ${ownerRole}, ${appRole}`);
      return 0;
    }
    case 'migrate': {
      const { applied } = await migrate({ ...folders, ownerUrl: required('DATABASE_OWNER_URL'), appRole: process.env.APP_ROLE ?? `mediai_${service}_app` });
      print(applied.length ? applied.join('\n') : 'up to date');
      return 0;
    }
    case 'status': {
      const found = await status({ ...folders, ownerUrl: required('DATABASE_OWNER_URL') });
      print(JSON.stringify(found, null, 2));
      return Object.values(found).some((names) => names.length > 0) ? 1 : 0;
    }
    case 'diff':
      print(await diff({ ...folders, url: required('DATABASE_OWNER_URL') }) || '-- no difference');
      return 0;
    case 'create': {
      const [name, flag] = rest;
      if (!name) throw new UsageError('which name?');
      const file = await createMigration({ ...folders, serverUrl: required('POSTGRES_URL', 'TEST_POSTGRES_URL'), name, evenIfEmpty: flag === '--empty' });
      print(file ?? 'nothing to do: the migrations arrive at the schema');
      return 0;
    }
    case 'check': {
      const missing = await diffFromMigrations({ ...folders, serverUrl: required('POSTGRES_URL', 'TEST_POSTGRES_URL') });
      if (missing) print(`The migrations of ${service} do not arrive at its schema; run: create ${service} <name>\n\n${missing}`);
      return missing ? 1 : 0;
    }
    default:
      throw new UsageError(`unknown command ${command ?? ''}`);
  }
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(error instanceof UsageError ? `${error.message}\n\n${usage}` : `${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
