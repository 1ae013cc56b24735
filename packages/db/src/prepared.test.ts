import { expect, test } from '@jest/globals';
import { createStatementNames } from './prepared.ts';

const named = (text: string): string | undefined => {
  const nameOf = createStatementNames();
  return [1, 2, 3].map(() => nameOf(text)).at(-1);
};

test('a statement is named when it comes back, and then by one name that no other text has', () => {
  const nameOf = createStatementNames();
  const [first, second, third, fourth] = [1, 2, 3, 4].map(() => nameOf('SELECT 1'));
  expect([first, second]).toEqual([undefined, undefined]);
  expect(third).toMatch(/^[0-9a-f]{32}$/);
  expect(fourth).toBe(third);
  expect(named('SELECT 2')).not.toBe(third);
  expect(named('SELECT 1')).toBe(third);
});

test.each(["SELECT a FROM t WHERE b LIKE '%x%'", 'SELECT * FROM t', 'SELECT t.* FROM t', 'UPDATE t SET a = 1 RETURNING t.*', 'SELECT "t".* FROM t'])('%s is planned each time', (text) => {
  expect(named(text)).toBeUndefined();
});

test.each(['SELECT a, count(*) FROM t GROUP BY a', 'WITH a AS (UPDATE t SET b = 1 RETURNING *) SELECT a.b FROM a', 'SELECT likely FROM t'])('%s is prepared', (text) => {
  expect(named(text)).toBeDefined();
});

test('statements of ever new texts are not kept without end', () => {
  const nameOf = createStatementNames();
  const names = Array.from({ length: 5_000 }, (_, at) => [1, 2, 3].map(() => nameOf(`SELECT ${at}`)).at(-1));
  expect(new Set(names.filter(Boolean)).size).toBe(200);
});
