import { expect, test } from '@jest/globals';
import { enCompte, lirePage, rangDe } from './index.ts';

test.each([
  [{ page: 0, pageSize: 0 }, { page: 1, pageSize: 20 }],
  [{ page: -2_147_483_648, pageSize: -1 }, { page: 1, pageSize: 20 }],
  [{ page: 3, pageSize: 7 }, { page: 3, pageSize: 7 }],
  [{ page: 1, pageSize: 2_147_483_647 }, { page: 1, pageSize: 100 }],
  [{ page: 100, pageSize: 100 }, { page: 100, pageSize: 100 }],
])('%j is read as %j', (demande, page) => {
  expect(lirePage(demande)).toEqual(page);
});

test.each([{ page: 101, pageSize: 100 }, { page: 2_147_483_647, pageSize: 1 }])('%j is beyond the 10 000th row', (demande) => {
  expect(() => lirePage(demande)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'pagination.trop_profonde' }));
});

test('rows before a page, and counts as they are told', () => {
  expect(rangDe({ page: 3, pageSize: 20 })).toBe(40);
  expect([enCompte(0), enCompte(10_000), enCompte(10_001)]).toEqual([{ count: 0, countExact: true }, { count: 10_000, countExact: true }, { count: 10_000, countExact: false }]);
});
