import { createPrivateKey, createPublicKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { fixedClock } from '@mediai/testing';
import { createMemoryKeys } from './key-store.memory.ts';
import { createKeyring } from './keyring.ts';
import { decryptPrivateKey, generateSigningKey } from './signing-key.ts';

const secret = 'a-secret-of-at-least-32-characters';
const tokenLifeMs = 7_200_000;

test('the first start makes one key, and replicas that start together make one', async () => {
  const keys = createMemoryKeys();
  const clock = fixedClock('2026-03-02T08:00:00Z');
  const rings = Array.from({ length: 3 }, () => createKeyring({ keys, secret, tokenLifeMs, clock: clock.now }));
  await Promise.all(rings.map((ring) => ring.ensure()));
  expect(keys.rows).toHaveLength(1);
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

test('a retired key stays published while a token it signed may be valid, and signs no more', async () => {
  const clock = fixedClock('2026-03-02T08:00:00Z');
  const old = { ...(await generateSigningKey(secret, new Date('2026-01-01T00:00:00Z'))), retiredAt: clock.now() };
  const ring = createKeyring({ keys: createMemoryKeys([old]), secret, tokenLifeMs, clock: clock.now });
  await ring.ensure();
  expect((await ring.signingKey()).kid).not.toBe(old.kid);
  expect((await ring.publicKeys()).map(({ kid }) => kid)).toContain(old.kid);
  clock.advance(tokenLifeMs + 1);
  expect((await ring.publicKeys()).map(({ kid }) => kid)).not.toContain(old.kid);
});
