import { afterAll, describe, expect, it } from '@jest/globals';
import { createIds, openPool, poolSql } from './index.ts';

const serverUrl = process.env.TEST_POSTGRES_URL;
if (!serverUrl) throw new Error('TEST_POSTGRES_URL is not set: run "npm test", or start the parts with "npm run parts" and set the variables that it prints.');

const table = `pool_sql_${Date.now()}_${process.pid}`;
const pool = openPool(serverUrl, { service: 'essai' });
const sql = poolSql(pool);
afterAll(async () => {
  await pool.query(`DROP TABLE IF EXISTS ${table}`);
  await pool.end();
});

describe('SQL beside Prisma', () => {
  it('reads days and times of day as text, instants as Date to the millisecond, in a prepared statement too', async () => {
    for (let time = 0; time < 5; time++) {
      const [row] = await sql.$queryRawUnsafe<object[]>(`SELECT date '2026-11-29' AS jour, time '08:15:00' AS heure, timestamptz '2026-11-29 10:15:00.123456+02' AS instant, timestamptz '0044-03-15 12:00:00+00 BC' AS ancien, ARRAY['a', 'b'] AS textes, '{"a": 1}'::jsonb AS json`);
      expect(row).toEqual({ jour: '2026-11-29', heure: '08:15:00', instant: new Date('2026-11-29T08:15:00.123Z'), ancien: new Date('-000043-03-15T12:00:00Z'), textes: ['a', 'b'], json: { a: 1 } });
    }
  });

  it('undoes a transaction that throws, keeps one that does not, and its connection serves on', async () => {
    await pool.query(`CREATE TABLE ${table} (id serial PRIMARY KEY, a int)`);
    await expect(sql.transaction(async (tx) => {
      await tx.$executeRawUnsafe(`INSERT INTO ${table} (a) VALUES ($1::int)`, 1);
      throw new Error('undo');
    })).rejects.toThrow('undo');
    expect(await sql.transaction((tx) => Promise.resolve(tx.$executeRawUnsafe(`INSERT INTO ${table} (a) VALUES ($1::int)`, 2)))).toBe(1);
    expect(await sql.$queryRawUnsafe(`SELECT a FROM ${table}`)).toEqual([{ a: 2 }]);
    await expect(sql.transaction((tx) => Promise.resolve(tx.$executeRawUnsafe('SELECT pg_terminate_backend(pg_backend_pid())')))).rejects.toThrow();
    expect(await sql.$queryRawUnsafe('SELECT 1 AS un')).toEqual([{ un: 1 }]);
  });

  it('gives each id of a table once, to many who ask together', async () => {
    const takeId = createIds(sql, table);
    const ids = await Promise.all(Array.from({ length: 50 }, takeId));
    expect(new Set(ids).size).toBe(50);
  });

  it('of a server that is away tells so', async () => {
    const away = openPool('postgresql://x@127.0.0.1:9/x', { service: 'essai' });
    await expect(poolSql(away).$queryRawUnsafe('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(poolSql(away).transaction(async () => 1)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await away.end();
  });
});
