import pg from 'pg';
import type { Ligne } from './ecart.ts';

/** The original's database, only read. */
export type Source = {
  /** All rows in the order of their ids, `taille` at a time; `cle` is the id as text. */
  batches: (table: string, colonnes: readonly string[], taille: number) => AsyncGenerator<Ligne[]>;
  /** The rows whose `cle` is one of `ids`, in the order of their own ids. */
  byIds: (table: string, colonnes: readonly string[], cle: string, ids: readonly number[]) => Promise<Ligne[]>;
  query: <T = Ligne>(sql: string, params?: unknown[]) => Promise<T[]>;
  count: (table: string) => Promise<number>;
  /** Of these ids, those that the table has. */
  present: (table: string, ids: readonly unknown[]) => Promise<Set<number>>;
  close: () => Promise<void>;
};

/** OIDs of pg_type: bool, int8, int2, int4, oid, float4, float8, numeric; everything else stays text. */
const numbers = [20, 21, 23, 26, 700, 701, 1700];
const boolean = 16;
const parserOf = (oid: number) => (text: string): unknown => (oid === boolean ? text === 't' : numbers.includes(oid) ? Number(text) : text);

const quote = pg.escapeIdentifier;
const listOf = (colonnes: readonly string[]): string => colonnes.map(quote).join(', ');
/** A literal of int8[]: ids may be of any integer type there. */
export const idArray = (ids: readonly unknown[]): string => `{${ids.map(Number).filter(Number.isSafeInteger).join(',')}}`;

/**
 * Connects to the original's PostgreSQL in a read-only session that speaks UTC and ISO dates.
 * @throws Error of the driver when it cannot be reached or refuses
 */
export async function openSource(url: string): Promise<Source> {
  const client = new pg.Client({
    connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true, application_name: 'mediai-import',
    types: { getTypeParser: (oid: number) => parserOf(oid) },
  });
  // A lost connection is told by the next query; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`SET default_transaction_read_only = on; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET statement_timeout = '300s'`);
  const query = async <T>(sql: string, params: unknown[] = []): Promise<T[]> => (await client.query(sql, params)).rows as T[];

  return {
    query,
    async *batches(table, colonnes, taille) {
      let after = '-9223372036854775808';
      for (;;) {
        const lignes = await query<Ligne>(`SELECT id::text AS cle, ${listOf(colonnes)} FROM ${quote(table)} WHERE id > $1::int8 ORDER BY id LIMIT ${taille}`, [after]);
        if (lignes.length === 0) return;
        yield lignes;
        after = String(lignes.at(-1)?.['cle']);
      }
    },
    byIds: (table, colonnes, cle, ids) =>
      query<Ligne>(`SELECT ${listOf(colonnes)} FROM ${quote(table)} WHERE ${quote(cle)} = ANY($1::int8[]) ORDER BY id`, [idArray(ids)]),
    async count(table) {
      const [row] = await query<{ n: number }>(`SELECT count(*) AS n FROM ${quote(table)}`);
      return row?.n ?? 0;
    },
    async present(table, ids) {
      const wanted = ids.filter((id) => id !== null && id !== undefined);
      if (wanted.length === 0) return new Set();
      const rows = await query<{ id: number }>(`SELECT id FROM ${quote(table)} WHERE id = ANY($1::int8[])`, [idArray(wanted)]);
      return new Set(rows.map(({ id }) => id));
    },
    close: () => client.end(),
  };
}
