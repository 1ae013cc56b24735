import { expect, test } from '@jest/globals';
import { together } from './together.ts';

test('parameters of each part keep their values, in one statement', () => {
  const un = { sql: 'un AS (SELECT $1::int, $2::int, $1::int)', params: [1, 2] };
  const deux = { sql: 'deux AS (SELECT $1::text, $10::text)', params: ['a', ...Array(8).fill(0), 'j'] };
  for (const _ of ['counted', 'known']) {
    expect(together([un, deux], { sql: 'SELECT $2, $1', params: ['x', 'y'] })).toEqual({
      sql: 'WITH un AS (SELECT $1::int, $2::int, $1::int), deux AS (SELECT $3::text, $12::text) SELECT $14, $13',
      params: [1, 2, 'a', ...Array(8).fill(0), 'j', 'x', 'y'],
    });
  }
});
