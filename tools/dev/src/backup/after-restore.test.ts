import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { withClient } from '@mediai/db/admin';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { databaseServices } from '../suite.ts';
import { afterRestore, type DatabaseService, type Restored } from './after-restore.ts';

const databases = {} as Record<DatabaseService, TestDatabase>;
const query = async <T extends object>(service: DatabaseService, sql: string): Promise<T[]> => withClient(databases[service].ownerUrl, async (client) => (await client.query<T>(sql)).rows);
let restored: Restored;
const since = new Date(Date.now() - 3 * 86_400_000).toISOString();

beforeAll(async () => {
  for (const service of databaseServices) databases[service] = await createTestDatabase(service);
  await query('auth', `INSERT INTO etablissement (id, nom) VALUES (1, 'Un'); INSERT INTO users (id, username, username_key, password_hash, role, etablissement_id) VALUES (7, 'a', 'a', 'x', 'patient', 1);
    INSERT INTO refresh_family (id, user_id, created_at) VALUES ('${randomUUID()}', 7, now());
    INSERT INTO signing_key (kid, public_jwk, private_key, created_at) VALUES ('k1', '{}', '\\x00', now());
    INSERT INTO password_reset_code (user_id, code_hash, created_at, expires_at) VALUES (7, '\\x00', now(), now() + interval '1 hour')`);
  for (const service of databaseServices) await query(service, `INSERT INTO outbox (event_id, topic, key, type, sent_at) VALUES ('${randomUUID()}', 'mediai.x.y.v1', '1', 'x', now())`);
  await query('consultation', `INSERT INTO numero_dossier_bloc (jour, dernier) VALUES (('${since}'::timestamptz AT TIME ZONE 'Africa/Lubumbashi')::date, 40)`);
  restored = await afterRestore(Object.fromEntries(databaseServices.map((service) => [service, databases[service].ownerUrl])) as Record<DatabaseService, string>, since);
});
afterAll(async () => {
  await Promise.all(databaseServices.map((service) => databases[service].drop()));
});

it('what was sent is published again, in every database, and its audit says what happened', async () => {
  expect(restored.events).toBe(databaseServices.length);
  for (const service of databaseServices) {
    expect(await query(service, 'SELECT sent_at FROM outbox')).toEqual([{ sent_at: null }]);
    expect(await query(service, "SELECT acteur_role, raison FROM audit WHERE action = 'base.restauration'")).toEqual([{ acteur_role: `service:${service}`, raison: since }]);
  }
});

it('no id of the lost time is given again', async () => {
  for (const service of databaseServices) {
    const [row] = await query<{ id: string }>(service, `INSERT INTO outbox (event_id, topic, key, type) VALUES ('${randomUUID()}', 'x', '1', 'x') RETURNING id`);
    expect(Number(row?.id)).toBeGreaterThan(100_000);
  }
});

it('nor any dossier number, of the days in between', async () => {
  expect((await query<{ dernier: number }>('consultation', 'SELECT dernier FROM numero_dossier_bloc ORDER BY jour')).map(({ dernier }) => dernier)).toEqual([5_040, 5_000, 5_000, 5_000]);
});

it('no token, session or code of before is good, and the audit names the keys that went', async () => {
  expect(await query('auth', 'SELECT kid FROM signing_key')).toEqual([]);
  expect(await query('auth', "SELECT objet_id, raison FROM audit WHERE action = 'cle.retrait'")).toEqual([{ objet_id: 'k1', raison: 'restauration' }]);
  expect(await query('auth', 'SELECT revoked_reason FROM refresh_family WHERE revoked_at IS NOT NULL')).toEqual([{ revoked_reason: 'restauration' }]);
  expect(await query('auth', 'SELECT id FROM password_reset_code WHERE expires_at > now()')).toEqual([]);
});

it('messages are looked up with the provider from the time of the backup on, for a week', async () => {
  expect(await query('notifications', `SELECT depuis = '${since}'::timestamptz AS since, jusqu_a > now() + interval '6 days' AND jusqu_a <= now() + interval '7 days' AS week FROM reprise`)).toEqual([{ since: true, week: true }]);
});
