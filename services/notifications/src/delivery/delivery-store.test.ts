import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, explain, multiplyRow, type TestDatabase } from '@mediai/testing';
import { openDatabase, type Database } from '../database-store.ts';
import { createNotificationsMetrics } from '../metrics.ts';
import { createDeliveryStore } from './delivery-store.ts';
import type { ClaimedDelivery } from './delivery.ts';
import { createReadWaiting, waitingSql } from './waiting-store.ts';
import { wanted } from './wanted.memory.ts';

/** What of deliveries only a database shows; their contract, which memory keeps too, is in ../stores.test.ts. */
const timing = { leaseMs: 10_000, graceMs: 15_000 };
const hour = 3_600_000;
const systeme = { acteurId: null, acteurRole: 'service' };
const at = new Date('2026-03-02T08:00:00Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);

let test_: TestDatabase;
let database: Database;
beforeAll(async () => {
  test_ = await createTestDatabase('notifications');
  database = openDatabase(test_.appUrl);
});
afterAll(async () => {
  await database.close();
  await test_.drop();
});

test('how many wait is counted by those that wait alone', async () => {
  const { delivery } = await createDeliveryStore(database.db, () => undefined, 'secret').open(wanted(), { now: at, demandeur: systeme });
  await multiplyRow(test_.ownerUrl, { table: 'delivery', where: `id = ${delivery.id}`, count: 5_000, ecarts: { etat: `CASE WHEN g <= 10 THEN 'inconnu' WHEN g <= 20 THEN 'en_cours' ELSE 'livre' END`, deleted_at: 'NULL' } });
  const metrics = createNotificationsMetrics();
  await createReadWaiting(database.db, metrics)();
  const waiting = await database.db.delivery.count({ where: { etat: { in: ['en_attente', 'en_cours', 'inconnu'] } } });
  expect(waiting).toBeGreaterThanOrEqual(20);
  expect(await metrics.registry.metrics()).toContain(`deliveries_waiting{service="notifications"} ${waiting}\n`);
  expect(await explain(test_.ownerUrl, waitingSql)).toEqual({ lues: waiting, chemins: ['delivery_due_partial'], entieres: [] });
});

test('a message is counted by each state that it comes to, once, and timed until it is accepted', async () => {
  const metrics = createNotificationsMetrics();
  const store = createDeliveryStore(database.db, (reached) => reached && metrics.countState(reached), 'secret');
  const { delivery } = await store.open(wanted({ cle: 'fiche:comptee:abc' }), { now: at, demandeur: systeme });
  const claimed = await store.claim(delivery.id, at, timing);
  const accepted = { etat: 'envoye' as const, errorCode: null, uncertainSince: null, messageSid: 'SM-comptee', sentAt: later(4_000) };
  for (const times of [true, false]) expect(await store.settle(claimed as ClaimedDelivery, accepted, later(4_000))).toBe(times);
  for (const etat of ['livre', 'livre', 'envoye'] as const) await store.follow('SM-comptee', { etat, errorCode: null }, { now: later(9_000), etablissementId: null });
  const text = await metrics.registry.metrics();
  expect(text.split('\n').filter((line) => line.startsWith('deliveries_total') && !line.endsWith(' 0'))).toEqual(['envoye', 'livre'].map((statut) => `deliveries_total{canal="whatsapp",statut="${statut}",service="notifications"} 1`));
  expect(text).toContain('delivery_duration_seconds_sum{service="notifications",canal="whatsapp"} 4\n');
});

test('after a restored backup what is new is looked up first, from the time of the backup on; later it is not', async () => {
  const store = createDeliveryStore(database.db, () => undefined, 'secret');
  const opened = (now: Date) => store.open(wanted(), { now, demandeur: systeme }).then(({ delivery }) => store.claim(delivery.id, now, timing));
  const start = new Date('2031-01-10T08:00:00Z');
  const [depuis, end] = [new Date(start.getTime() - hour), new Date(start.getTime() + hour)];
  await database.db.reprise.create({ data: { depuis, jusqu_a: end } });
  const claimed = await opened(start);
  expect(claimed).toMatchObject({ mustReconcile: true, uncertainSince: depuis, resendAfter: null });
  const renewed = await store.renew(claimed as ClaimedDelivery, start, timing);
  expect(renewed?.resendAfter).toEqual(new Date(start.getTime() + 15_000));
  expect(await opened(end)).toMatchObject({ mustReconcile: false, uncertainSince: end });
  await database.db.reprise.deleteMany();
});
