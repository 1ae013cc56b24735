import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type pg from 'pg';

const charOid = 18;
const charArrayOid = 1002;

/**
 * Prisma's pg adapter on a pool of our own, mended in two places for the schema engine:
 * - it refuses the type `"char"` that PostgreSQL's catalogue uses, so that `diff` could not read a database;
 * - it cuts scripts at every `;`, also inside a function's body, a text or a comment. Sent whole, a migration also
 *   becomes one transaction: it is applied wholly or not at all.
 */
export function migrationAdapter(pool: pg.Pool): PrismaPg {
  const factory = new PrismaPg(passingChar(pool));
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      const columnTypes = result.columnTypes.map((type) => (type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type));
      return { ...result, columnTypes };
    };
    adapter.executeScript = async (script) => {
      await pool.query(script).catch((error: unknown) => adapter['onError'](error));
    };
    return adapter;
  };
  return factory;
}

/** Name `"char"` as its array type, the only one of the two that the adapter knows; no catalogue query answers arrays of it. */
function passingChar(pool: pg.Pool): pg.Pool {
  const query = pool.query.bind(pool) as unknown as (config: unknown) => Promise<pg.QueryResult>;
  pool.query = (async (config: unknown) => {
    const result = await query(config);
    for (const field of result.fields ?? []) if (field.dataTypeID === charOid) field.dataTypeID = charArrayOid;
    return result;
  }) as unknown as typeof pool.query;
  return pool;
}
