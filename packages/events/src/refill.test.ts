import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import pg from 'pg';
import { refillSql } from './refill.ts';
import { topics } from './topics.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase('auth');
  client = new pg.Client({ connectionString: database.appUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const day = 86_400_000;
const add = (topic: string, key: string, ageDays: number) =>
  client.query<{ id: string }>("INSERT INTO outbox (event_id, topic, key, type, occurred_at, sent_at) VALUES ($1, $2, $3, 'x', $4, now()) RETURNING id", [randomUUID(), topic, key, new Date(Date.now() - ageDays * day)]).then(({ rows }) => rows[0]?.id);

test('what a lost topic would hold is published again: 30 days, and of a compacted one the last state of each key', async () => {
  const old = await add(topics.fiche.name, '1', 31);
  const young = await add(topics.fiche.name, '1', 29);
  const replaced = await add(topics.user.name, '7', 400);
  const lastState = await add(topics.user.name, '7', 300);
  const otherKey = await add(topics.user.name, '8', 200);
  expect((await client.query(refillSql)).rowCount).toBe(3);
  const { rows } = await client.query<{ id: string }>('SELECT id FROM outbox WHERE sent_at IS NULL ORDER BY id');
  expect(rows.map(({ id }) => id)).toEqual([young, lastState, otherKey]);
  expect([old, replaced]).not.toContain(undefined);
});
