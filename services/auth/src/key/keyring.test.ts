import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { fixedClock } from '@mediai/testing';
import { createMemoryKeys } from './key-store.memory.ts';
import { createKeyring } from './keyring.ts';
import { announcedMs, createPurgeKeys, createReplaceKeys, createRotateKeys, createRotateKeysWhenDue } from './rotate-keys.ts';
import { decryptPrivateKey, generateSigningKey } from './signing-key.ts';

const secret = 'a-secret-of-at-least-32-characters';
const tokenLifeMs = 7_200_000;
const dayMs = 86_400_000;

function setUp() {
  const keys = createMemoryKeys();
  const clock = fixedClock('2026-03-02T08:00:00Z');
  const needs = { keys, secret, tokenLifeMs, clock: clock.now };
  const ring = createKeyring(needs);
  return {
    keys, clock, needs, ring, rotate: createRotateKeys(needs), replace: createReplaceKeys(needs), purge: createPurgeKeys(needs),
    published: async () => (await ring.publicKeys()).map(({ kid }) => kid),
    signing: async () => (await ring.signingKey()).kid,
  };
}

test('the first start makes one key, and replicas that start together make one', async () => {
  const { keys, needs } = setUp();
  const rings = Array.from({ length: 3 }, () => createKeyring(needs));
  await Promise.all(rings.map((ring) => ring.ensure()));
  expect(keys.rows()).toHaveLength(1);
  const { privateKeyPem, kid } = await (rings[0] as (typeof rings)[number]).signingKey();
  const [published] = await (rings[1] as (typeof rings)[number]).publicKeys();
  expect(published).toMatchObject({ kid, kty: 'RSA', alg: 'RS256', use: 'sig' });
  expect(Object.keys(published ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  expect(createPublicKey(createPrivateKey(privateKeyPem)).export({ format: 'jwk' })).toMatchObject({ n: published?.n });
});

test('a private key is unreadable at rest and with another secret', async () => {
  const key = await generateSigningKey(secret, new Date());
  expect(Buffer.from(key.privateKey).includes(Buffer.from('RSA'))).toBe(false);
  expect(() => decryptPrivateKey(key, `${secret}!`)).toThrow('AUTH_KEY_SECRET');
  expect(() => decryptPrivateKey({ ...key, kid: 'other' }, secret)).toThrow('AUTH_KEY_SECRET');
  await expect(createKeyring({ keys: createMemoryKeys([key]), secret: `${secret}!`, tokenLifeMs, clock: () => new Date() }).ensure()).rejects.toThrow('AUTH_KEY_SECRET');
});

describe('rotation', () => {
  test('publishes the new key at once, which signs 15 minutes later; the old one stays published for a token life, then is forgotten', async () => {
    const { clock, ring, rotate, purge, published, signing } = setUp();
    await ring.ensure();
    const old = await signing();
    const { kid, signsFrom, made } = await rotate();
    expect({ made, waitMs: signsFrom.getTime() - clock.now().getTime() }).toEqual({ made: true, waitMs: announcedMs });
    expect(await published()).toEqual([old, kid]);
    clock.advance(announcedMs - 1);
    expect(await signing()).toBe(old);
    clock.advance(1);
    expect(await signing()).toBe(kid);
    clock.advance(tokenLifeMs);
    expect(await purge()).toBe(0);
    expect(await published()).toEqual([old, kid]);
    clock.advance(60_000);
    expect(await published()).toEqual([kid]);
    expect(await purge()).toBe(1);
    expect(await purge()).toBe(0);
    expect(await signing()).toBe(kid);
  });

  test('makes no second key while one waits for its time', async () => {
    const { ring, rotate, keys } = setUp();
    await ring.ensure();
    const [one, two] = [await rotate(), await rotate()];
    expect(two).toEqual({ ...one, made: false });
    expect(keys.rows()).toHaveLength(2);
  });

  test('by the calendar comes when it is due, so that the next key signs by then; never with 0 days', async () => {
    const { ring, needs, clock, keys } = setUp();
    await ring.ensure();
    const whenDue = createRotateKeysWhenDue({ ...needs, days: 90 });
    const never = createRotateKeysWhenDue({ ...needs, days: 0 });
    clock.advance(90 * dayMs - announcedMs - 1);
    expect([await whenDue(), await never()]).toEqual([false, false]);
    clock.advance(1);
    expect(await never()).toBe(false);
    expect(await Promise.all([whenDue(), whenDue()])).toEqual([true, false]);
    clock.advance(announcedMs);
    expect(await whenDue()).toBe(false);
    expect(keys.raisons).toEqual(['premiere', 'calendrier']);
  });

  test('with another secret is refused: the service could not use the key', async () => {
    const { ring, needs, keys } = setUp();
    await ring.ensure();
    await expect(createRotateKeys({ ...needs, secret: `${secret}!` })()).rejects.toThrow('AUTH_KEY_SECRET');
    expect(keys.rows()).toHaveLength(1);
  });

  test('for a compromise the new key signs at once and all others are withdrawn, one waiting included', async () => {
    const { ring, rotate, replace, keys, clock, published, signing } = setUp();
    await ring.ensure();
    await rotate();
    const { kid } = await replace();
    expect(await published()).toEqual([kid]);
    clock.advance(5_000);
    expect(await signing()).toBe(kid);
    expect(keys.rows()).toHaveLength(1);
    expect(keys.raisons.at(-1)).toBe('compromission');
  });
});
