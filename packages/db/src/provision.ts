import type pg from 'pg';
import { quoteIdentifier, quoteLiteral, withClient, withDatabase } from './connection.ts';

export type ProvisionOptions = {
  /** A role that may create roles and databases; the URL's own database is only used to connect. */
  superuserUrl: string;
  service: string;
  ownerPassword: string;
  appPassword: string;
  /** First part of the names: `<prefix>_<service>`, `<prefix>_<service>_owner`, `<prefix>_<service>_app`. */
  prefix?: string;
  /** Name of the database, when it is not `<prefix>_<service>`. */
  database?: string;
};

export type ProvisionedDatabase = { database: string; ownerRole: string; appRole: string; ownerUrl: string; appUrl: string };

/** Taken while roles and databases are looked for and created, so that parallel callers do not race. */
const provisionLock = 7_305_001;

/**
 * Create a service's database and its two roles where they are missing; passwords are set to those given each time.
 * The owner migrates, the app serves: only the owner may create objects, nobody else may connect.
 */
export async function provision(options: ProvisionOptions): Promise<ProvisionedDatabase> {
  const base = `${options.prefix ?? 'mediai'}_${options.service}`;
  const database = options.database ?? base;
  const ownerRole = `${base}_owner`;
  const appRole = `${base}_app`;
  await withClient(options.superuserUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [provisionLock]);
    await ensureRole(client, ownerRole, options.ownerPassword);
    await ensureRole(client, appRole, options.appPassword);
    // A managed server's administrator is no superuser: it may give a database only to a role it is a member of.
    await client.query(`GRANT ${quoteIdentifier(ownerRole)} TO CURRENT_USER`);
    await ensureDatabase(client, database, ownerRole);
    const name = quoteIdentifier(database);
    await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${quoteIdentifier(appRole)}`);
  });
  return {
    database,
    ownerRole,
    appRole,
    ownerUrl: withDatabase(options.superuserUrl, database, { user: ownerRole, password: options.ownerPassword }),
    appUrl: withDatabase(options.superuserUrl, database, { user: appRole, password: options.appPassword }),
  };
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount ? 'ALTER' : 'CREATE';
  await client.query(`${verb} ROLE ${quoteIdentifier(role)} LOGIN PASSWORD ${quoteLiteral(password)}`);
}

async function ensureDatabase(client: pg.Client, database: string, ownerRole: string): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (rowCount) return;
  // template0 and UTF8: whatever the server's default encoding and collation versions are.
  await client.query(`CREATE DATABASE ${quoteIdentifier(database)} OWNER ${quoteIdentifier(ownerRole)} TEMPLATE template0 ENCODING 'UTF8'`);
}
