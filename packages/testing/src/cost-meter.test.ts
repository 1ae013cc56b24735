import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openPool } from '@mediai/db';
import { startTelemetry, withSpan, type Telemetry } from '@mediai/kit/telemetry';
import type pg from 'pg';
import { createCostMeter, type Cost } from './cost-meter.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const meter = createCostMeter();
let telemetry: Telemetry;
let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'essai', exporter: meter.spans });
  database = await createTestDatabase('auth');
  pool = openPool(database.appUrl, { service: 'essai' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  await telemetry.shutdown();
});

const nothing: Cost = { statements: 0, transactions: 0, roundTrips: 0, grpcCalls: 0 };
const callGrpc = () => withSpan('essai.v1.EchoService/Echo', { kind: 'client', attributes: { 'rpc.system': 'grpc' } }, async () => undefined);

/** A transaction of so many statements. */
async function transact(statements: number): Promise<void> {
  const client = await pool.connect();
  await client.query('BEGIN');
  for (let i = 0; i < statements; i += 1) await client.query({ text: 'SELECT $1::int', values: [i] });
  await client.query('COMMIT');
  client.release();
}

test('statements, transactions, round trips and calls are counted', async () => {
  expect((await meter.count(async () => undefined)).cost).toEqual(nothing);
  const { cost, sql } = await meter.count(() => Promise.all([pool.query('SELECT 1'), transact(2), callGrpc(), callGrpc()]));
  expect(cost).toEqual({ statements: 3, transactions: 1, roundTrips: 5, grpcCalls: 2 });
  expect(sql.filter((text) => text.startsWith('SELECT'))).toHaveLength(3);
});

test('what runs beside does not count, what an operation does after its answer does', async () => {
  const beside = setInterval(() => void pool.query('SELECT 2'), 5);
  const later = (): void => void pool.query('SELECT 4');
  const { sql } = await meter.count(async () => {
    await pool.query('SELECT 3');
    setTimeout(later, 20);
  });
  clearInterval(beside);
  expect(sql).toEqual(['SELECT 3', 'SELECT 4']);
});

test('an operation is counted as it is the second time, without what was made ready for it', async () => {
  let times = 0;
  const prepare = async () => {
    await transact(1);
    return async () => {
      if (times === 0) await pool.query('SELECT 5');
      times += 1;
    };
  };
  expect((await meter.measure(prepare)).cost).toEqual(nothing);
});

test('one statement more than said fails, and is named; so does one less', async () => {
  const one: Cost = { ...nothing, statements: 1, roundTrips: 1 };
  const deviation = (operation: () => Promise<unknown>) => meter.deviation(one, async () => operation);
  expect(await deviation(() => pool.query('SELECT 6'))).toBeUndefined();
  expect(await deviation(() => Promise.all([pool.query('SELECT 6'), pool.query('SELECT\n  7')]))).toMatch(/^costs 2 statements, 0 transactions, 2 round trips, 0 gRPC calls; .*\n- SELECT 6\n- SELECT 7$/);
  expect(await deviation(async () => undefined)).toContain('costs 0 statements');
  expect(await deviation(() => transact(1))).toContain('1 transactions, 3 round trips');
});
