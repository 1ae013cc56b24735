import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTokenVerifier, type TokenVerifier } from '@mediai/kit/acteur';
import { createTestDatabase, fixedClock, type FixedClock, type TestDatabase } from '@mediai/testing';
import { openDatabase, type Database } from '../database-store.ts';
import { createAccessTokens, type AccessTokens, type TokenHolder } from '../token/access-token.ts';
import { createKeyStore } from './key-store.ts';
import { createKeyring, type Keyring } from './keyring.ts';
import { createPurgeKeys, createReplaceKeys, createRotateKeys, createRotateKeysWhenDue } from './rotate-keys.ts';

/** Rotations on PostgreSQL, by a clock that is moved: two replicas sign, four services verify with the verifier that they all use. */
const secret = 'a-secret-of-at-least-32-characters';
const accessSeconds = 7_200;
const tokenLifeMs = accessSeconds * 1000;
const minuteMs = 60_000;
const holder: TokenHolder = { id: 7, role: 'patient', isStaff: false, isSuperuser: false, approuve: true, etablissementId: 1, tokensValidFrom: null };

type Replica = { ring: Keyring; tokens: AccessTokens; rotate: ReturnType<typeof createRotateKeys>; replace: ReturnType<typeof createReplaceKeys>; whenDue: () => Promise<boolean>; purge: () => Promise<number> };

let testDatabase: TestDatabase;
let databases: Database[];
let clock: FixedClock;
let replicas: [Replica, Replica];

beforeAll(async () => {
  testDatabase = await createTestDatabase('auth');
  databases = [openDatabase(testDatabase.appUrl), openDatabase(testDatabase.appUrl)];
});
afterAll(async () => {
  await Promise.all(databases.map(({ close }) => close()));
  await testDatabase.drop();
});
beforeEach(async () => {
  clock = fixedClock('2026-03-02T08:00:00Z');
  await databases[0]?.db.signingKey.deleteMany();
  replicas = databases.map(replicaOn) as typeof replicas;
  await Promise.all(replicas.map(({ ring }) => ring.ensure()));
});

function replicaOn({ db }: Database): Replica {
  const needs = { keys: createKeyStore(db), secret, tokenLifeMs, clock: clock.now };
  const ring = createKeyring(needs);
  return {
    ring, tokens: createAccessTokens({ keyring: ring, accessSeconds, clock: clock.now }), rotate: createRotateKeys(needs), replace: createReplaceKeys(needs),
    whenDue: createRotateKeysWhenDue({ ...needs, days: 1 / 6 }), purge: createPurgeKeys(needs),
  };
}

function verifierOf({ ring }: Replica): TokenVerifier {
  return createTokenVerifier({ fetchJwks: async () => ({ keys: await ring.publicKeys() }), issuer: 'mediai', audience: 'mediai', now: () => clock.now().getTime() });
}

const count = () => databases[0]?.db.signingKey.count();

test('during five rotations no request is refused, and old keys go', async () => {
  const verifiers = [0, 1, 2, 3].map((index) => verifierOf(replicas[index % 2] as Replica));
  const live: { token: string; expiresMs: number }[] = [];
  const kids = new Set<string>();
  let verified = 0;
  for (let minute = 0; minute < 20 * 60; minute += 2) {
    clock.advance(2 * minuteMs + (minute % 7)); // never quite in step with any cache
    if (minute % 60 === 0) await Promise.all(replicas.map(async ({ whenDue, purge }) => [await whenDue(), await purge()]));
    const nowMs = clock.now().getTime();
    const issued = await Promise.all(replicas.map(({ tokens }) => tokens.forAccount(holder, clock.now())));
    live.push(...issued.map((token) => ({ token, expiresMs: Math.floor(nowMs / 1000) * 1000 + tokenLifeMs })));
    while (live[0] && live[0].expiresMs <= nowMs) live.shift();
    const asked = live.filter((_, index) => index < 2 || index % 60 === minute % 60 || index >= live.length - 2);
    // Each service in its turn, so that their caches of the keys differ in age.
    await Promise.all(asked.map(({ token }, index) => (verifiers[(minute + index) % 4] as TokenVerifier)(token)));
    verified += asked.length;
    kids.add((await replicas[minute % 4 === 0 ? 0 : 1].ring.signingKey()).kid);
  }
  expect(kids.size).toBe(5);
  expect(verified).toBeGreaterThan(2_000);
  expect(await count()).toBeLessThanOrEqual(2);
});

test("a token of the old key's last second is accepted until it expires, by a verifier that starts then too", async () => {
  await replicas[0].rotate();
  clock.advance(15 * minuteMs - 1);
  const last = await replicas[1].tokens.forAccount(holder, clock.now());
  const known = verifierOf(replicas[0]);
  await known(last);
  clock.advance(tokenLifeMs - 1_000);
  await replicas[0].purge();
  expect(await known(last)).toMatchObject({ id: 7 });
  expect(await verifierOf(replicas[1])(last)).toMatchObject({ id: 7 });
});

test('replicas that rotate at once, by command or by the calendar, make one key, audited once', async () => {
  const made = await Promise.all([...replicas, ...replicas].map(({ rotate }) => rotate()));
  expect(made.filter(({ made: isMine }) => isMine)).toHaveLength(1);
  expect(new Set(made.map(({ kid }) => kid)).size).toBe(1);
  expect(await count()).toBe(2);
  clock.advance(7 * 60 * minuteMs);
  expect((await Promise.all([...replicas, ...replicas].map(({ whenDue }) => whenDue()))).filter(Boolean)).toHaveLength(1);
  expect(await count()).toBe(3);
  const lines = await databases[0]?.db.audit.findMany({ where: { action: 'cle.creation', objet_id: made[0]?.kid ?? '' } });
  expect(lines).toMatchObject([{ raison: 'commande', objet_type: 'signing_key', issue: 'ok' }]);
});

test('after a compromise the old key verifies nothing once a service meets the new one, and new tokens work', async () => {
  const verify = verifierOf(replicas[1]);
  const [before, unseen] = [await replicas[0].tokens.forService('ia'), await replicas[0].tokens.forService('consultation')];
  await verify(before);
  const { kid } = await replicas[0].replace();
  clock.advance(5_000);
  const after = await replicas[1].tokens.forService('ia');
  expect(JSON.parse(Buffer.from(after.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({ kid });
  await verify(after);
  await expect(verify(unseen)).rejects.toMatchObject({ kind: 'unauthenticated' });
  clock.advance(minuteMs);
  await expect(verify(before)).rejects.toMatchObject({ kind: 'unauthenticated' });
});
