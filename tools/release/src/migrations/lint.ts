import { historyFaults, readMigrations, readReleased, type Migration, type Released } from './released.ts';
import { objectionsTo, type Objection } from './rules.ts';
import { readStatements, type Statement } from './statements.ts';
import { learn, noTables } from './tables.ts';

/**
 * What keeps the migrations of a service from running while its previous release still serves: a sentence each, with
 * file and line. A service that was never released has no previous release: what it has then is the beginning.
 */
export async function migrationFaults(root: string, service: string): Promise<string[]> {
  const released = readReleased(root, service);
  return released === undefined ? [] : faultsOf(service, readMigrations(root, service), released);
}

/** The same, of migrations at hand. */
export async function faultsOf(service: string, migrations: Migration[], released: Released): Promise<string[]> {
  const history = historyFaults(service, migrations, released);
  const known = new Set(Object.values(released).flatMap((one) => Object.keys(one)));
  const tables = noTables();
  const faults: string[] = [];
  for (const { name, sql } of migrations) {
    const statements = await parsed(sql, `${service}/${name}`);
    if (typeof statements === 'string') {
      faults.push(statements);
      continue;
    }
    for (const statement of statements) {
      if (!known.has(name)) faults.push(...verdict(statement, objectionsTo(statement, tables), statements.length, service, released).map((words) => `${service}/${name}:${statement.line}: ${words}`));
      learn(tables, statement, known.has(name));
    }
  }
  return [...history, ...faults];
}

async function parsed(sql: string, where: string): Promise<Statement[] | string> {
  try {
    return await readStatements(sql);
  } catch (error) {
    return `${where}: PostgreSQL would not take it: ${(error as Error).message}`;
  }
}

function verdict({ contract }: Statement, objections: Objection[], count: number, service: string, released: Released): string[] {
  return objections.flatMap(({ needs, words }) => {
    if (needs === 'never') return [`${words}.`];
    if (needs === 'alone') return count === 1 ? [] : [`${words}: it must be the one statement of its migration.`];
    if (!contract) return [`${words}: a release must have stopped using it first, and "-- contract: ${service}@<that release> …" above the statement must name it.`];
    if (contract.service !== service) return [`${words}: its comment names a release of ${contract.service}, not of ${service}.`];
    return contract.version in released ? [] : [`${words}: ${service}@${contract.version}, which its comment names, is not released; known are ${Object.keys(released).join(', ')}.`];
  });
}
