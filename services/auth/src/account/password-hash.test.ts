import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { hash as argon2 } from '@node-rs/argon2';
import { readDjangoHash } from './django-hash.ts';
import { createPasswords } from './password-hash.ts';

test('hashes with argon2id at 19 MiB, 2 passes, 1 lane, and knows its own', async () => {
  const passwords = await createPasswords();
  const hash = await passwords.hash('caf\u00e9-du-matin');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.matches('cafe\u0301-du-matin', hash)).toBe(true);
  expect(await passwords.matches('café-du-soir', hash)).toBe(false);
  expect(passwords.isOutdated(hash)).toBe(false);
});

test('knows a hash made with other parameters, and that it is outdated', async () => {
  const passwords = await createPasswords();
  for (const options of [{ memoryCost: 8_192, timeCost: 1, parallelism: 1 }, { algorithm: 0 as never, memoryCost: 19_456, timeCost: 2, parallelism: 1 }]) {
    const weak = await argon2('palmier-bleu-7', options);
    expect(await passwords.matches('palmier-bleu-7', weak)).toBe(true);
    expect(await passwords.matches('palmier-bleu-8', weak)).toBe(false);
    expect(passwords.isOutdated(weak)).toBe(true);
  }
});

test('without a hash, or with a text that is none, nothing matches', async () => {
  const passwords = await createPasswords();
  for (const hash of [undefined, '', '!', '!unusable', 'md5$x$y', '$argon2id$v=19$broken', 'palmier']) expect(await passwords.matches('palmier', hash)).toBe(false);
});

describe('a hash of Django', () => {
  // make_password('palmier-bleu-7', salt='seasalt2', iterations=...) of django.contrib.auth.hashers.
  const made = (password: string, iterations = 1_000, salt = 'seasalt2') =>
    `pbkdf2_sha256$${iterations}$${salt}$${pbkdf2Sync(password, salt, iterations, 32, 'sha256').toString('base64')}`;

  test("is verified: the example of Django's own tests", async () => {
    const passwords = await createPasswords();
    // tests/auth_tests/test_hashers.py, test_low_level_pbkdf2 of Django 4.2: 'lètmein', salt 'seasalt2', 600 000 iterations.
    const known = 'pbkdf2_sha256$600000$seasalt2$OSllgFdJjYQjb0RfMzrx8u0XYl4Fkt+wKpI1yq4lZlo=';
    expect(await passwords.matches('lètmein', known)).toBe(true);
    expect(await passwords.matches('letmein', known)).toBe(false);
    expect(passwords.isOutdated(known)).toBe(true);
  });

  test('is taken as typed, not normalised', async () => {
    const passwords = await createPasswords();
    expect(await passwords.matches('cafe\u0301-du-matin', made('cafe\u0301-du-matin'))).toBe(true);
    expect(await passwords.matches('caf\u00e9-du-matin', made('cafe\u0301-du-matin'))).toBe(false);
  });

  test.each([
    ['too many iterations', made('x').replace('$1000$', '$2000001$')], ['no iterations', made('x').replace('$1000$', '$0$')], ['iterations that are no number', made('x').replace('$1000$', '$1e3$')],
    ['no salt', made('x').replace('seasalt2', '')], ['a short digest', made('x').slice(0, -8)], ['another hasher', made('x').replace('sha256', 'sha1')],
  ])('with %s is none', (_, text) => {
    expect(readDjangoHash(text)).toBeUndefined();
  });

  test('while some remain, a refusal costs their iterations whatever is kept', async () => {
    const asked: number[] = [];
    const passwords = await createPasswords({ djangoIterations: async () => asked.push(200_000) && 200_000 });
    const own = await passwords.hash('palmier-bleu-7');
    const timed = async (hash: string | undefined): Promise<number> => {
      const start = performance.now();
      expect(await passwords.matches('faux', hash)).toBe(false);
      return performance.now() - start;
    };
    const times = [await timed(undefined), await timed(own), await timed(made('x', 200_000)), await timed(made('x', 50_000))];
    expect(asked).toHaveLength(4);
    expect(Math.max(...times) / Math.min(...times)).toBeLessThan(4);
    expect(await passwords.matches('palmier-bleu-7', own)).toBe(true);
    expect(asked).toHaveLength(4);
  });
});
