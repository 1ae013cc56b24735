import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { FicheStateSchema } from '@mediai/contracts/consultation/v1/events';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { currentBaggage, runWithBaggage, runWithTraceparent, startTelemetry, withSpan, currentTrace, type Telemetry } from '@mediai/kit/telemetry';
import { sqlExecutor, type SqlExecutor } from '@mediai/db';
import { createTestDatabase, explain, multiplyRow, type TestDatabase } from '@mediai/testing';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import pg from 'pg';
import { appendOutbox, createMemoryBus, createRelay, findFiches, findUsers, on, onceInInbox, projectFiche, projectFiches, projectUser, readOutboxGauges, userProjection, type EventProducer } from './index.ts';
import { waitingSql } from './event-metrics.ts';

const log = createLogger({ service: 'test', level: 'silent' });
const metrics = createMetrics('test');
const topic = 'mediai.auth.user.v1';
const event = (id: number, version = 1) => ({ topic, key: id, schema: UserChangedSchema, message: create(UserChangedSchema, { id, username: `u${id}`, version, etablissementId: 1, role: 'patient' }) });

let database: TestDatabase;
let pool: pg.Pool;
let telemetry: Telemetry;
const exporter = new InMemorySpanExporter();

beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'test', exporter });
});
beforeEach(async () => {
  database = await createTestDatabase('ia');
  pool = new pg.Pool({ connectionString: database.appUrl });
  pool.on('error', () => undefined);
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});
afterAll(async () => {
  await telemetry.shutdown();
});

async function transaction<T>(work: (tx: SqlExecutor) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(sqlExecutor(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await condition());) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const backlog = async () => (await metrics.registry.getSingleMetric('outbox_backlog')?.get())?.values[0]?.value;
const eventIds = (bus: ReturnType<typeof createMemoryBus>) => bus.published(topic).map(({ headers }) => headers['ce_id']);

describe('the relay', () => {
  it('publishes what was committed, once and in order, and nothing that was rolled back', async () => {
    const bus = createMemoryBus();
    const relay = createRelay({ databaseUrl: database.appUrl, producer: bus.producer, log, metrics });
    relay.start();
    const ids = await transaction((tx) => appendOutbox(tx, [event(1, 1), event(2, 1), event(1, 2)]));
    await expect(transaction(async (tx) => {
      await appendOutbox(tx, [event(3)]);
      throw new Error('rolled back');
    })).rejects.toThrow('rolled back');
    const later = await transaction((tx) => appendOutbox(tx, [event(4)]));
    await until(() => bus.published(topic).length === 4);
    await until(async () => (await pool.query('SELECT FROM outbox WHERE sent_at IS NULL')).rowCount === 0);
    expect(eventIds(bus)).toEqual([...ids, ...later]);
    expect(await relay.check()).toBe('ok');
    await relay.stop();
    expect(bus.published(topic)[0]?.headers).toMatchObject({ ce_specversion: '1.0', ce_source: '/mediai/auth', ce_type: 'mediai.auth.v1.UserChanged', ce_subject: '1', 'content-type': 'application/protobuf' });
    expect((await pool.query('SELECT FROM outbox')).rowCount).toBe(4);
  });

  it('looks at once when woken', async () => {
    const bus = createMemoryBus();
    const relay = createRelay({ databaseUrl: database.appUrl, producer: bus.producer, log, metrics, pollMs: 60_000 });
    relay.start();
    await until(async () => (await relay.check()) === 'ok');
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (const round of [1, 2, 3]) {
      await transaction((tx) => appendOutbox(tx, [event(round)]));
      relay.wake();
      await until(() => bus.published(topic).length === round, 2_000);
    }
    await relay.stop();
    expect(bus.published(topic).map(({ key }) => key)).toEqual(['1', '2', '3']);
  });

  it('sends together what is committed close together', async () => {
    const bus = createMemoryBus();
    const batches: number[] = [];
    const producer: EventProducer = { ...bus.producer, send: async (records) => { batches.push(records.length); await bus.producer.send(records); } };
    const relay = createRelay({ databaseUrl: database.appUrl, producer, log, metrics, pollMs: 60_000, batchEveryMs: 3_000, burst: 0 });
    await transaction((tx) => appendOutbox(tx, [event(1)]));
    relay.start();
    await until(() => bus.published(topic).length === 1);
    for (const id of [2, 3, 4]) {
      await transaction((tx) => appendOutbox(tx, [event(id)]));
      relay.wake();
    }
    await until(() => bus.published(topic).length === 4);
    await relay.stop();
    expect(batches).toEqual([1, 3]);
  });

  it('sends at once what is committed after a long backlog', async () => {
    const bus = createMemoryBus();
    await transaction(async (tx) => {
      for (let part = 0; part < 6; part += 1) await appendOutbox(tx, Array.from({ length: 200 }, (_, n) => event(part * 200 + n)));
    });
    const relay = createRelay({ databaseUrl: database.appUrl, producer: bus.producer, log, metrics, pollMs: 60_000, batchEveryMs: 60_000, burst: 1 });
    relay.start();
    await until(() => bus.published(topic).length === 1_200);
    await transaction((tx) => appendOutbox(tx, [event(1_200)]));
    relay.wake();
    await until(() => bus.published(topic).length === 1_201);
    await relay.stop();
    expect(bus.published(topic).at(-1)?.key).toBe('1200');
  });

  it('loses nothing and keeps the order while the broker is away, and counts what waits', async () => {
    const bus = createMemoryBus();
    let away = true;
    const producer: EventProducer = { ...bus.producer, send: async (records) => { if (away) throw new Error('no broker'); await bus.producer.send(records); } };
    const relay = createRelay({ databaseUrl: database.appUrl, producer, log, metrics, pollMs: 20 });
    relay.start();
    for (let version = 1; version <= 5; version++) await transaction((tx) => appendOutbox(tx, [event(1, version)]));
    await until(async () => (await backlog()) === 5 && (await relay.check()) === 'degraded');
    away = false;
    await until(() => bus.published(topic).length === 5);
    await until(async () => (await backlog()) === 0);
    expect(bus.published(topic).map(({ offset }) => offset)).toEqual(['0', '1', '2', '3', '4']);
    await relay.stop();
  });

  it('counts what the broker acknowledged, and nothing that it did not', async () => {
    const bus = createMemoryBus();
    const own = createMetrics('test');
    let refusals = 2;
    const producer: EventProducer = { ...bus.producer, send: async (records) => { if (refusals-- > 0) throw new Error('no broker'); await bus.producer.send(records); } };
    await transaction((tx) => appendOutbox(tx, [event(1), event(2), event(3)]));
    const relay = createRelay({ databaseUrl: database.appUrl, producer, log, metrics: own, pollMs: 5 });
    relay.start();
    await until(() => bus.published(topic).length === 3);
    await relay.stop();
    expect(await own.registry.getSingleMetricAsString('outbox_published_total')).toContain(`outbox_published_total{topic="${topic}",service="test"} 3`);
  });

  it('leaves its gauges to who does not publish as well: how many events wait, and the oldest since when', async () => {
    const own = createMetrics('test');
    const read = readOutboxGauges(sqlExecutor(pool), own);
    const values = async () => Promise.all(['outbox_backlog', 'outbox_oldest_seconds'].map(async (name) => (await own.registry.getSingleMetric(name)?.get())?.values[0]?.value));
    await read();
    expect(await values()).toEqual([0, 0]);
    await transaction((tx) => appendOutbox(tx, [event(1), event(2), event(3)]));
    await pool.query("UPDATE outbox SET occurred_at = now() - interval '10 min' WHERE id = (SELECT min(id) FROM outbox)");
    await read();
    const [waiting, oldest = 0] = await values();
    expect(waiting).toBe(3);
    expect(Math.round(oldest / 60)).toBe(10);
    await pool.query('UPDATE outbox SET sent_at = now() WHERE id = (SELECT min(id) FROM outbox)');
    await read();
    expect((await values())[1]).toBeLessThan(60);
  });

  it('reads what waits, however much was sent', async () => {
    await transaction((tx) => appendOutbox(tx, [event(1)]));
    await multiplyRow(database.ownerUrl, { table: 'outbox', where: 'true', count: 20_000, ecarts: { event_id: 'gen_random_uuid()', sent_at: 'CASE WHEN g <= 19_990 THEN now() END' } });
    const { lues, chemins, entieres } = await explain(database.appUrl, waitingSql);
    expect({ lues, chemins, entieres }).toEqual({ lues: 11, chemins: ['outbox_unsent_partial'], entieres: [] });
  });

  it('works in one process at a time, is taken over, and survives the loss of its connection', async () => {
    const bus = createMemoryBus();
    const relays = [1, 2].map(() => createRelay({ databaseUrl: database.appUrl, producer: bus.producer, log, metrics, pollMs: 20 }));
    for (const relay of relays) relay.start();
    const expected: string[] = [];
    for (let version = 1; version <= 300; version++) {
      expected.push(...await transaction((tx) => appendOutbox(tx, [event(1, version)])));
      if (version % 100 === 50) await pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'mediai-relay'");
    }
    const firstOfEach = () => [...new Set(eventIds(bus))];
    await until(() => firstOfEach().length === 300);
    expect(firstOfEach()).toEqual(expected);
    await Promise.all(relays.map((relay) => relay.stop()));
  });

  it('sends no more at once than a broker takes', async () => {
    const bus = createMemoryBus();
    const sizes: number[] = [];
    const producer: EventProducer = { ...bus.producer, send: async (records) => { sizes.push(records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)); await bus.producer.send(records); } };
    const large = (id: number) => ({ ...event(id), message: create(UserChangedSchema, { id, username: 'u'.repeat(400_000) }) });
    const ids = await transaction((tx) => appendOutbox(tx, [1, 2, 3, 4, 5].map(large)));
    const relay = createRelay({ databaseUrl: database.appUrl, producer, log, metrics, pollMs: 20 });
    relay.start();
    await until(() => bus.published(topic).length === 5);
    await relay.stop();
    expect(eventIds(bus)).toEqual(ids);
    expect(Math.max(...sizes)).toBeLessThan(1_000_000);
  });

  it('keeps nothing of its idle turns in memory', async () => {
    // In a process of its own: objects are counted by realm, and jest's is not the main one.
    const script = `
      import { queryObjects } from 'node:v8';
      import { createLogger } from '@mediai/kit/log';
      import { createMetrics } from '@mediai/kit/metrics';
      import { createMemoryBus, createRelay } from '@mediai/events';
      const log = createLogger({ service: 'test', level: 'silent' });
      const relay = createRelay({ databaseUrl: process.argv[1], producer: createMemoryBus().producer, log, metrics: createMetrics('test'), pollMs: 1 });
      const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      relay.start();
      await later(1_000);
      const before = queryObjects(Promise, { format: 'count' });
      await later(1_500);
      console.log(queryObjects(Promise, { format: 'count' }) - before, await relay.check());
      await relay.stop();`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@mediai/source', '--input-type=module', '-e', script, database.appUrl], { env: { PATH: process.env['PATH'] } });
    const [grown, state] = stdout.trim().split(' ');
    expect(state).toBe('ok');
    expect(Number(grown)).toBeLessThan(50);
  });

  it('waits for a database that is not there yet', async () => {
    const relay = createRelay({ databaseUrl: 'postgresql://x:y@127.0.0.1:9/none', producer: createMemoryBus().producer, log, metrics });
    relay.start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await relay.check()).toBe('degraded');
    await relay.stop();
  });

  it('carries the trace, and in what quality somebody acted, from the act to its effect', async () => {
    const bus = createMemoryBus();
    const relay = createRelay({ databaseUrl: database.appUrl, producer: bus.producer, log, metrics, pollMs: 20 });
    let seen: string | undefined;
    let baggage: string | undefined;
    const consumer = bus.createConsumer({ groupId: 'g', topics: [topic], log, metrics, handlers: Object.fromEntries([on(UserChangedSchema, async () => { seen = currentTrace()?.traceId; baggage = currentBaggage(); })]) });
    relay.start();
    consumer.start();
    const traceId = await runWithTraceparent(undefined, () => withSpan('act', {}, async () => {
      await runWithBaggage({ 'mediai.acteur_role': 'medecin', 'mediai.etablissement_id': '3' }, () => transaction((tx) => appendOutbox(tx, [event(1)])));
      return currentTrace()?.traceId;
    }));
    await until(() => seen !== undefined);
    expect(seen).toBe(traceId);
    expect(baggage).toBe('mediai.acteur_role=medecin,mediai.etablissement_id=3');
    const spans = () => exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId).map((span) => span.name);
    await until(() => spans().length === 3);
    expect(spans().sort()).toEqual(['act', `process ${topic}`, `send ${topic}`]);
    await consumer.stop();
    await relay.stop();
  });
});

it('an event delivered three times, shuffled among others, has one effect', async () => {
  const bus = createMemoryBus();
  const effects: number[] = [];
  const consumer = bus.createConsumer({ groupId: 'g', topics: [topic], log, metrics, firstRetryMs: 1, handlers: Object.fromEntries([on(UserChangedSchema, (message, meta) => transaction(async (tx) => {
    if (!(await onceInInbox(tx, 'essai', meta.eventId))) return;
    if (message.id === 2 && !effects.includes(-2)) {
      effects.push(-2);
      throw new Error('once');
    }
    effects.push(message.id);
  }))]) });
  await transaction((tx) => appendOutbox(tx, [event(1), event(2), event(3)]));
  for (let round = 0; round < 3; round++) {
    const relay = createRelay({ databaseUrl: database.appUrl, producer: bus.producer, log, metrics });
    await pool.query('UPDATE outbox SET sent_at = NULL');
    relay.start();
    await until(() => bus.published(topic).length === 3 * (round + 1));
    await relay.stop();
  }
  consumer.start();
  await bus.settled();
  await consumer.stop();
  expect(effects.sort()).toEqual([-2, 1, 2, 3]);
});

describe('projections', () => {
  it('keep the newest state of a user, and forget it after a tombstone', async () => {
    const db = sqlExecutor(pool);
    const state = (version: number, username: string) => create(UserChangedSchema, { id: 5, username, firstName: 'A', lastName: 'B', role: 'medecin', specialty: 'Pédiatrie', isActive: true, etablissementId: 1, version });
    await projectUser(db, state(2, 'deux'));
    await projectUser(db, state(1, 'un'));
    expect(await findUsers(db, [5, 6])).toEqual(new Map([[5, { id: 5, username: 'deux', firstName: 'A', lastName: 'B', role: 'medecin', isStaff: false, isActive: true, approuve: false, specialty: 'Pédiatrie', isAvailable: false, phone: null, etablissementId: 1, version: 2 }]]));
    await userProjection(db).tombstones['mediai.auth.v1.UserChanged']?.({ eventId: randomUUID(), type: '', topic, partition: 0, offset: '0', key: '5', time: new Date(), traceparent: undefined });
    expect((await findUsers(db, [5])).size).toBe(0);
  });

  it('keep the newest state of a fiche', async () => {
    const db = sqlExecutor(pool);
    const state = (version: number, status: string) => create(FicheStateSchema, { id: 9, numeroDossier: 'CONS-20261124-001', userId: 5, etablissementId: 1, status, version, publishedAnalyseIds: [3, 4] });
    await projectFiche(db, state(2, 'valide_medecin'));
    await projectFiche(db, state(1, 'en_analyse'));
    expect((await findFiches(db, [9])).get(9)).toEqual({ id: 9, numeroDossier: 'CONS-20261124-001', userId: 5, assignedMedecinId: null, etablissementId: 1, status: 'valide_medecin', version: 2, publishedAnalyseIds: [3, 4], deleted: false });
  });

  it('keep the newest states of fiches that are told together, whatever their order and their words', async () => {
    const db = sqlExecutor(pool);
    const state = (id: number, version: number, more: MessageInitShape<typeof FicheStateSchema> = {}) => create(FicheStateSchema, { id, numeroDossier: `CONS-20261124-0${id}`, etablissementId: 1, status: 'en_analyse', version, ...more });
    await projectFiches(db, [state(22, 3)]);
    await projectFiches(db, [state(22, 2, { status: 'rejete' }), state(21, 2, { status: `l'« état » "dit" \\{,}`, userId: 5, assignedMedecinId: 8, publishedAnalyseIds: [7] }), state(21, 1), state(23, 1), state(23, 4, { deleted: true })]);
    await projectFiches(db, []);
    const kept = await findFiches(db, [21, 22, 23]);
    expect([21, 22, 23].map((id) => kept.get(id))).toMatchObject([
      { version: 2, status: `l'« état » "dit" \\{,}`, userId: 5, assignedMedecinId: 8, publishedAnalyseIds: [7], deleted: false },
      { version: 3, status: 'en_analyse', userId: null, assignedMedecinId: null, publishedAnalyseIds: [], deleted: false },
      { version: 4, deleted: true },
    ]);
  });
});

it('refuses an event too large for any broker', async () => {
  await expect(transaction((tx) => appendOutbox(tx, [{ ...event(1), message: create(UserChangedSchema, { username: 'x'.repeat(600_000) }) }]))).rejects.toThrow(RangeError);
  expect(await transaction((tx) => appendOutbox(tx, []))).toEqual([]);
});
