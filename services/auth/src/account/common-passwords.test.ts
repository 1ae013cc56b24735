import { expect, test } from '@jest/globals';
import { commonPasswords } from './common-passwords.ts';
import { passwordFaults } from './password.ts';

test('holds the commonest of the world and those of here, all in lower case', () => {
  expect(commonPasswords.size).toBeGreaterThan(3_500);
  for (const password of ['password', 'iloveyou', 'trustno1', '1qaz2wsx', 'qwertyuiop', 'marlboro', 'azertyuiop', 'motdepasse', 'lubumbashi1', 'tpmazembe', 'dieuestbon']) {
    expect(commonPasswords.has(password)).toBe(true);
  }
  expect([...commonPasswords].filter((password) => password !== password.toLowerCase() || password.length < 8)).toEqual([]);
});

test('every one of them is refused, in any case and in full-width letters, with a reason', () => {
  for (const password of commonPasswords) expect(passwordFaults(password)).not.toEqual([]);
  for (const password of ['Password1', 'TRUSTNO1', 'ｐａｓｓｗｏｒｄ', 'MotDePasse123']) expect(passwordFaults(password)).toEqual(['Ce mot de passe est trop courant.']);
  expect(passwordFaults('palmier-bleu-7')).toEqual([]);
});
