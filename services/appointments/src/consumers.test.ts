import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { create, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { FicheDeletedSchema, FicheUpdatedSchema } from '@mediai/contracts/consultation/v1/events';
import { createMemoryBus, topics } from '@mediai/events';
import { createLogger } from '@mediai/kit/log';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createConsumers } from './consumers.ts';
import { openDatabase, type Database } from './database-store.ts';
import { createAppointmentsMetrics } from './metrics.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase('appointments');
  database = openDatabase(testDatabase.appUrl);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const user = { id: 7, username: 'mwamba', role: 'patient', isActive: true, etablissementId: 1 };
const fiche = { id: 12, numeroDossier: 'CONS-20260302-001', userId: 7, etablissementId: 1, status: 'en_analyse' };

test('users and fiches are kept as they were told last, in whatever order and however often they are told', async () => {
  const bus = createMemoryBus();
  const consumer = bus.createConsumer({ ...createConsumers(database.db.sql), log: createLogger({ service: 'e', level: 'silent' }), metrics: createAppointmentsMetrics() });
  const headers = { ce_specversion: '1.0', ce_time: '2026-03-02T08:00:00Z' };
  const tell = <D extends DescMessage>(topic: string, schema: D, key: number, message: MessageInitShape<D> | null) =>
    bus.producer.send([{ topic, key: String(key), value: message && toBinary(schema, create(schema, message)), headers: { ...headers, ce_id: crypto.randomUUID(), ce_type: schema.typeName } }]);
  consumer.start();
  await tell(topics.user.name, UserChangedSchema, 7, { ...user, version: 2 });
  await tell(topics.user.name, UserChangedSchema, 7, { ...user, username: 'avant', version: 1 });
  await tell(topics.user.name, UserChangedSchema, 8, { ...user, id: 8, username: 'oublie', version: 1 });
  await tell(topics.user.name, UserChangedSchema, 8, null);
  await tell(topics.fiche.name, FicheDeletedSchema, 12, { fiche: { ...fiche, version: 3, deleted: true } });
  await tell(topics.fiche.name, FicheUpdatedSchema, 12, { fiche: { ...fiche, version: 2 } });
  await bus.settled();
  await consumer.stop();
  const { db } = database;
  expect(await db.userProjection.findMany({ select: { id: true, username: true, version: true } })).toEqual([{ id: 7, username: 'mwamba', version: 2 }]);
  expect(await db.ficheProjection.findMany({ select: { id: true, user_id: true, deleted: true, version: true } })).toEqual([{ id: 12, user_id: 7, deleted: true, version: 3 }]);
  for (const topic of [topics.user, topics.fiche]) expect(bus.published(`${topic.name}.dlq`)).toEqual([]);
});
