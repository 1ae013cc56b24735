import { describe, expect, it } from '@jest/globals';
import { withClient } from '@mediai/db/admin';
import { fixedClock } from './fixed-clock.ts';
import { createTestDatabase } from './test-database.ts';

describe('a test database', () => {
  it('is empty, migrated, its own, and gone after drop', async () => {
    const [one, other] = await Promise.all([createTestDatabase('notifications'), createTestDatabase('notifications')]);
    await withClient(one.appUrl, (client) => client.query("INSERT INTO inbox (consumer, event_id) VALUES ('a', gen_random_uuid())"));
    const count = await withClient(other.appUrl, (client) => client.query('SELECT count(*)::int AS n FROM inbox'));
    expect(count.rows).toEqual([{ n: 0 }]);
    await Promise.all([one.drop(), other.drop()]);
    await expect(withClient(one.appUrl, async () => 'open')).rejects.toMatchObject({ code: '3D000' });
  });

  it('gives the app no right to change the structure or the audit', async () => {
    const database = await createTestDatabase('notifications');
    const refused = (sql: string) => expect(withClient(database.appUrl, (client) => client.query(sql))).rejects.toMatchObject({ code: '42501' });
    await refused('CREATE TABLE x (id int)');
    await refused('DELETE FROM audit');
    await refused("UPDATE audit SET issue = 'ok'");
    await refused('SELECT * FROM _prisma_migrations');
    await refused('DELETE FROM _prisma_migrations');
    const { rows } = await withClient(database.appUrl, (client) => client.query('SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL'));
    expect(rows.length).toBeGreaterThan(1);
    await database.drop();
  });
});

it('a fixed clock moves only when told', () => {
  const clock = fixedClock('2026-11-24T08:00:00+02:00');
  clock.advance(1_500);
  expect(clock.now().toISOString()).toBe('2026-11-24T06:00:01.500Z');
  clock.set('2027-01-01T00:00:00Z');
  expect(clock.now().toISOString()).toBe('2027-01-01T00:00:00.000Z');
  expect(() => fixedClock('demain')).toThrow(RangeError);
});
