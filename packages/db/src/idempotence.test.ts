import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runWithRequest } from '@mediai/kit/telemetry';
import pg from 'pg';
import { migrate, prismaFolders, provision, withClient } from './admin.ts';
import { appendAudit, appendLectures, claimIdempotence, completeIdempotence, findFirstAnswer, pruneIdempotence, sqlExecutor, type SqlExecutor } from './index.ts';

const serverUrl = process.env.TEST_POSTGRES_URL;
if (!serverUrl) throw new Error('TEST_POSTGRES_URL is not set: run "npm test", or start the parts with "npm run parts" and set the variables that it prints.');

const prefix = `mediai_dbtest_${randomUUID().slice(0, 8)}`;
let pool: pg.Pool;
let ownerUrl: string;

beforeAll(async () => {
  const database = await provision({ superuserUrl: serverUrl, service: 'ia', prefix, ownerPassword: 'o', appPassword: 'a' });
  await migrate({ ...prismaFolders('ia'), ownerUrl: database.ownerUrl, appRole: database.appRole });
  ownerUrl = database.ownerUrl;
  pool = new pg.Pool({ connectionString: database.appUrl });
});

afterAll(async () => {
  await pool.end();
  await withClient(serverUrl, async (client) => {
    await client.query(`DROP DATABASE ${prefix}_ia WITH (FORCE)`);
    await client.query(`DROP ROLE ${prefix}_ia_owner`);
    await client.query(`DROP ROLE ${prefix}_ia_app`);
  });
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

const body = Buffer.from('{"a":1}');
const answer = { statut: 201, reponse: Buffer.from([0, 200, 255]) };
const newKey = () => ({ acteurId: 7, route: 'POST /fiches', cle: randomUUID() });

describe('an idempotency key', () => {
  it('gives the first answer again, byte for byte', async () => {
    const key = newKey();
    expect(await transaction(async (tx) => {
      const first = await claimIdempotence(tx, key, body, 'secret');
      await completeIdempotence(tx, key, answer);
      return first;
    })).toBeNull();
    const again = await transaction((tx) => claimIdempotence(tx, key, body, 'secret'));
    expect({ ...again, reponse: [...(again?.reponse ?? [])] }).toEqual({ statut: 201, reponse: [0, 200, 255] });
  });

  it('is refused with another body (422), and is free for another actor', async () => {
    const key = newKey();
    await transaction((tx) => claimIdempotence(tx, key, body, 'secret'));
    await expect(transaction((tx) => claimIdempotence(tx, key, Buffer.from('{}'), 'secret'))).rejects.toMatchObject({ kind: 'unprocessable' });
    expect(await transaction((tx) => claimIdempotence(tx, { ...key, acteurId: 8 }, body, 'secret'))).toBeNull();
  });

  it('is looked up without being taken: the answer once there is one, for a day, and never for another body', async () => {
    const key = newKey();
    const look = (corps = body) => findFirstAnswer(sqlExecutor(pool), key, corps, 'secret');
    expect(await look()).toBeNull();
    await transaction((tx) => claimIdempotence(tx, key, body, 'secret'));
    expect(await look()).toBeNull();
    await completeIdempotence(sqlExecutor(pool), key, answer);
    expect(await look()).toMatchObject({ statut: 201 });
    await expect(look(Buffer.from('{}'))).rejects.toMatchObject({ kind: 'unprocessable' });
    await pool.query("UPDATE idempotence SET created_at = now() - interval '25 hours' WHERE cle = $1", [key.cle]);
    expect(await look()).toBeNull();
  });

  it('lets one of many rivals in, and tells the others that it is in flight (409)', async () => {
    const key = newKey();
    const rivals = await Promise.allSettled(Array.from({ length: 8 }, () => transaction(async (tx) => {
      const first = await claimIdempotence(tx, key, body, 'secret');
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (first === null) await completeIdempotence(tx, key, answer);
      return first;
    })));
    expect(rivals.filter((rival) => rival.status === 'fulfilled' && rival.value === null)).toHaveLength(1);
    for (const rival of rivals) if (rival.status === 'rejected') expect(rival.reason).toMatchObject({ kind: 'conflict' });
  });

  it('is free again when the call that took it was rolled back', async () => {
    const key = newKey();
    await expect(transaction(async (tx) => {
      await claimIdempotence(tx, key, body, 'secret');
      throw new Error('killed');
    })).rejects.toThrow('killed');
    expect(await transaction((tx) => claimIdempotence(tx, key, body, 'secret'))).toBeNull();
  });

  it('is in flight while claimed without an answer, and free again after a day', async () => {
    const key = newKey();
    await transaction((tx) => claimIdempotence(tx, key, body, 'secret'));
    await expect(transaction((tx) => claimIdempotence(tx, key, body, 'secret'))).rejects.toMatchObject({ kind: 'conflict' });
    await pool.query("UPDATE idempotence SET created_at = now() - interval '25 hours' WHERE cle = $1", [key.cle]);
    expect(await transaction((tx) => claimIdempotence(tx, key, Buffer.from('{}'), 'secret'))).toBeNull();
    await pool.query("UPDATE idempotence SET created_at = now() - interval '25 hours'");
    expect(await pruneIdempotence(sqlExecutor(pool))).toBeGreaterThan(0);
  });
});

it('an audit row is written with the act, and vanishes with it', async () => {
  const entry = { acteurId: 3, acteurRole: 'medecin', action: 'fiche.valider', objetType: 'fiche', objetId: 12, etablissementId: 1, issue: 'ok' as const };
  await transaction((tx) => appendAudit(tx, entry));
  await expect(transaction(async (tx) => {
    await appendAudit(tx, { ...entry, objetId: 13 });
    throw new Error('rolled back');
  })).rejects.toThrow('rolled back');
  const { rows } = await pool.query('SELECT acteur_id, action, objet_id, issue FROM audit');
  expect(rows).toEqual([{ acteur_id: 3, action: 'fiche.valider', objet_id: '12', issue: 'ok' }]);
});

it('an audit row has the address and the id of the request that it was written under, unless it gives others', async () => {
  const entry = { acteurId: 3, acteurRole: 'medecin', action: 'fiche.lire', objetType: 'fiche', objetId: 40, issue: 'ok' as const };
  await runWithRequest({ requestId: 'req-1', adresse: '203.0.113.7' }, () => transaction(async (tx) => {
    await appendAudit(tx, entry);
    await appendAudit(tx, { ...entry, adresse: '2001:db8::7', requestId: 'req-2' });
  }));
  await transaction((tx) => appendAudit(tx, entry));
  const { rows } = await pool.query("SELECT adresse, request_id FROM audit WHERE objet_id = '40' ORDER BY id");
  expect(rows).toEqual([{ adresse: '203.0.113.7', request_id: 'req-1' }, { adresse: '2001:db8::7', request_id: 'req-2' }, { adresse: null, request_id: null }]);
});

it('objects read together have a row each, once an hour for each reader and way of reading', async () => {
  const lecture = { acteurId: 3, acteurRole: 'medecin', action: 'fiche.lister', objetType: 'fiche' };
  const objets = [{ id: 51, etablissementId: 1 }, { id: 52, etablissementId: 1 }];
  const lire = (plus: Partial<typeof lecture> = {}, lus = objets) => runWithRequest({ requestId: 'req-3', adresse: '203.0.113.9' }, () => appendLectures(sqlExecutor(pool), { ...lecture, ...plus }, lus));
  const compter = async () => (await pool.query("SELECT objet_id, count(*)::int FROM audit WHERE objet_id IN ('51', '52') AND issue = 'ok' AND request_id = 'req-3' AND adresse IS NOT NULL GROUP BY 1 ORDER BY 1")).rows.map(({ count }) => count);
  await lire({}, []);
  await lire();
  await lire();
  expect(await compter()).toEqual([1, 1]);
  await lire({ acteurId: 4 });
  await lire({ action: 'fiche.ouvrir' }, objets.slice(1));
  expect(await compter()).toEqual([2, 3]);
  await withClient(ownerUrl, (client) => client.query("UPDATE audit SET le = now() - interval '61 minutes' WHERE objet_id = '51'"));
  await lire();
  expect(await compter()).toEqual([3, 3]);
});
