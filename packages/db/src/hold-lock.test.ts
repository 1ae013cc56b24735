import { afterEach, describe, expect, it } from '@jest/globals';
import { withClient } from './connection.ts';
import { holdLock, type HeldLock } from './hold-lock.ts';

const url = process.env.TEST_POSTGRES_URL ?? '';
if (!url) throw new Error('TEST_POSTGRES_URL is not set: run "npm test", or start the parts with "npm run parts" and set the variables that it prints.');

const lock = 100_000 + Math.floor(Math.random() * 1_000_000);
const name = `mediai-essai-${lock}`;
const held: HeldLock[] = [];
afterEach(async () => void (await Promise.all(held.splice(0).map((one) => one.release()))));

async function hold(waitMs = 0, onLost: () => void = () => undefined): Promise<HeldLock | undefined> {
  const one = await holdLock({ databaseUrl: url, lock, name, waitMs, onLost, everyMs: 50 });
  if (one) held.push(one);
  return one;
}

const isHeld = () => withClient(url, async (client) => (await client.query('SELECT 1 FROM pg_locks WHERE locktype = $1 AND objid = $2', ['advisory', lock])).rowCount === 1);
const cutConnections = () => withClient(url, (client) => client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [name]));

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a held lock', () => {
  it('is one holder\'s, until they let go', async () => {
    const first = await hold();
    expect(first).toBeDefined();
    expect(await hold()).toBeUndefined();
    await first?.release();
    expect(await hold()).toBeDefined();
  });

  it('is waited for while the holder before is about to end', async () => {
    const first = await hold();
    const second = hold(30_000);
    await first?.release();
    expect(await second).toBeDefined();
  });

  it('is taken again when its connection was cut', async () => {
    let losses = 0;
    await hold(0, () => void (losses += 1));
    await cutConnections();
    await until(isHeld);
    expect(await hold()).toBeUndefined();
    expect(losses).toBe(0);
  });

  it('is told lost when somebody else had it meanwhile', async () => {
    const lost = Promise.withResolvers<void>();
    await hold(0, lost.resolve);
    await withClient(url, async (rival) => {
      const taken = rival.query('SELECT pg_advisory_lock($1)', [lock]);
      await until(async () => (await withClient(url, (client) => client.query('SELECT 1 FROM pg_locks WHERE locktype = $1 AND objid = $2 AND NOT granted', ['advisory', lock]))).rowCount === 1);
      await cutConnections();
      await taken;
      await lost.promise;
    });
    expect(await isHeld()).toBe(false);
  });

  it('throws where there is no database', async () => {
    await expect(holdLock({ databaseUrl: 'postgresql://127.0.0.1:1/rien', lock, name, waitMs: 0, onLost: () => undefined })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
