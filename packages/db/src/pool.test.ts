import { afterEach, describe, expect, test } from '@jest/globals';
import { createMetrics } from '@mediai/kit/metrics';
import type pg from 'pg';
import { openPool, readServerLimit, sqlExecutor } from './index.ts';
import { operationOf } from './pool-metrics.ts';

const serverUrl = process.env.TEST_POSTGRES_URL;
if (!serverUrl) throw new Error('TEST_POSTGRES_URL is not set: run "npm test", or start the parts with "npm run parts" and set the variables that it prints.');

let pools: pg.Pool[] = [];
afterEach(async () => {
  for (const pool of pools) await pool.end();
  pools = [];
});

function open(url = serverUrl as string) {
  const metrics = createMetrics('essai');
  const pool = openPool(url, { service: 'essai', metrics });
  pools.push(pool);
  const value = async (series: string): Promise<number | undefined> => {
    const line = (await metrics.registry.metrics()).split('\n').find((each) => each.startsWith(series));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  const counted = (operation: string) => value(`db_query_duration_seconds_count{service="essai",operation="${operation}"}`);
  return { pool, metrics, value, counted };
}

describe('a pool with metrics', () => {
  test('times each statement by its operation, of the pool and of a connection, however it is asked', async () => {
    const { pool, counted } = open();
    await pool.query('SELECT 1');
    await pool.query({ text: 'SELECT $1::int', values: [2], rowMode: 'array' });
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('CREATE TEMPORARY TABLE t (a int)');
    await client.query('INSERT INTO t VALUES ($1)', [1]);
    await new Promise<void>((resolve, reject) => client.query('UPDATE t SET a = 2', (error) => (error ? reject(error) : resolve())));
    await client.query('ROLLBACK');
    client.release();
    expect(await Promise.all(['select', 'begin', 'other', 'insert', 'update', 'rollback', 'delete'].map(counted))).toEqual([2, 1, 1, 1, 1, 1, undefined]);
  });

  test('gives answers and errors as they are, and counts these by their class', async () => {
    const { pool, value } = open();
    expect((await pool.query('SELECT 7 AS a')).rows).toEqual([{ a: 7 }]);
    await expect(pool.query("SELECT 'Canarina'::int")).rejects.toMatchObject({ code: '22P02' });
    const client = await pool.connect();
    await expect(client.query('SELECT FROM nowhere_at_all')).rejects.toMatchObject({ code: '42P01' });
    client.release();
    expect(await value('db_errors_total{code="22"')).toBe(1);
    expect(await value('db_errors_total{code="42"')).toBe(1);
  });

  test('tells how many connections PostgreSQL gives, once it has said so', async () => {
    const { pool, metrics, value, counted } = open();
    const read = readServerLimit(sqlExecutor(pool), metrics);
    const away = readServerLimit({ ...sqlExecutor(pool), $queryRawUnsafe: () => Promise.reject(new Error('away')) }, metrics);
    await expect(away()).rejects.toThrow('away');
    expect(await value('pg_max_connections')).toBe(0);
    await read();
    await read();
    const { rows } = await pool.query("SELECT setting::int AS most FROM pg_settings WHERE name = 'max_connections'");
    const most = rows[0].most as number;
    expect(await value('pg_max_connections')).toBeLessThan(most);
    expect(await value('pg_max_connections')).toBeGreaterThan(most - 20);
    expect(await counted('select')).toBe(2);
  });

  test('counts a server that cannot be reached, asked as a pool or for a connection', async () => {
    const { pool, value } = open('postgresql://x@127.0.0.1:9/x');
    await expect(pool.query('SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await expect(pool.connect()).rejects.toThrow('ECONNREFUSED');
    expect(await value('db_errors_total{code="connection"')).toBe(2);
  });

  test('tells its connections and who waits for one', async () => {
    const { pool, value } = open();
    const clients = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
    const waiting = pool.connect();
    const states = () => Promise.all(['total', 'idle', 'waiting'].map((state) => value(`pg_pool_connections{state="${state}"`)));
    expect([await value('pg_pool_max'), ...(await states())]).toEqual([10, 10, 0, 1]);
    for (const client of clients) client.release();
    (await waiting).release();
    expect(await states()).toEqual([10, 10, 0]);
  });

  test('keeps no statement and no value', async () => {
    const { pool, metrics } = open();
    await pool.query("SELECT 'Canarina' AS canarina");
    await pool.query('SELECT $1::text', ['Canarina']);
    expect(await metrics.registry.metrics()).not.toMatch(/canarina/i);
  });
});

test.each([
  ['SELECT 1', 'select'], ['  select 1', 'select'], ['\n  INSERT INTO t', 'insert'], ['COMMIT', 'commit'], ['SAVEPOINT s', 'other'], ['', 'other'],
  ['WITH a AS (SELECT 1 FROM t FOR UPDATE SKIP LOCKED) SELECT 1', 'select'], ['WITH a AS (SELECT 1 FROM t FOR NO KEY UPDATE) DELETE FROM t', 'delete'],
  ['WITH a AS (INSERT INTO t VALUES (1) RETURNING *) SELECT 1', 'insert'], ['WITH due AS (SELECT id FROM t FOR UPDATE) UPDATE t SET a = 1', 'update'],
])('%s is a %s', (sql, operation) => {
  expect(operationOf(sql)).toBe(operation);
  expect(operationOf({ text: sql })).toBe(operation);
});
