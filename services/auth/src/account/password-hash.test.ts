import { expect, test } from '@jest/globals';
import { createPasswords } from './password-hash.ts';

test('hashes with argon2id at 19 MiB, 2 passes, 1 lane, and knows its own', async () => {
  const passwords = await createPasswords();
  const hash = await passwords.hash('caf\u00e9-du-matin');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.matches('cafe\u0301-du-matin', hash)).toBe(true);
  expect(await passwords.matches('café-du-soir', hash)).toBe(false);
});

test('without a hash nothing matches', async () => {
  const passwords = await createPasswords();
  expect(await passwords.matches('', undefined)).toBe(false);
});
