import pg from 'pg';
import { DATABASES, type DatabaseName, type Settings } from './settings.ts';

export type Pools = Record<DatabaseName, pg.Pool>;
/** A pool, or one connection of it in a transaction. */
export type Db = Pick<pg.ClientBase, 'query'> | pg.Pool;

const DATE = 1082;
const TIMESTAMPTZ = 1184;

const asText = (text: string): string => text;
/** `2026-11-24 08:00:00.123+00` of a session that speaks UTC; V8 reads ISO 8601 several times as fast as pg's own parser. */
const asInstant = (text: string): Date => new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);

/** Days stay text (`YYYY-MM-DD`), instants are Dates; the rest as pg has it. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (oid === DATE) return asText;
    if (oid === TIMESTAMPTZ) return asInstant;
    return pg.types.getTypeParser(oid, format as 'text');
  },
} as unknown as pg.CustomTypesConfig;

/** Pools as large as those of the services, whose sessions speak UTC as theirs do. */
export function openPools({ databases }: Settings): { pools: Pools; close: () => Promise<void> } {
  const open = (name: DatabaseName): pg.Pool =>
    new pg.Pool({ connectionString: databases[name], application_name: `bench-floor-${name}`, options: '-c TimeZone=UTC', max: 10, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 30_000, statement_timeout: 10_000, keepAlive: true, types });
  const pools = Object.fromEntries(DATABASES.map((name) => [name, open(name)])) as Pools;
  return { pools, close: async () => void (await Promise.all(Object.values(pools).map((pool) => pool.end()))) };
}

/** More texts than these are not prepared: each is kept by every connection of PostgreSQL. */
const MOST_PREPARED = 200;
const prepared = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = prepared.get(text);
  if (known !== undefined || prepared.size >= MOST_PREPARED) return known;
  const name = `s${prepared.size}`;
  prepared.set(text, name);
  return name;
}

/** Runs a statement, prepared once on each connection. Returns its rows. */
export async function run<R extends pg.QueryResultRow>(db: Db, text: string, values: readonly unknown[]): Promise<R[]> {
  const { rows } = await db.query<R>({ name: nameOf(text), text, values: values as unknown[] });
  return rows;
}

/** The same for a statement whose plan depends on its values: it is planned each time. */
export async function runPlanned<R extends pg.QueryResultRow>(db: Db, text: string, values: readonly unknown[]): Promise<R[]> {
  const { rows } = await db.query<R>({ text, values: values as unknown[] });
  return rows;
}
