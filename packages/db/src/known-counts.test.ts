import { beforeEach, describe, expect, it } from '@jest/globals';
import { createKnownCounts } from './known-counts.ts';

describe('the count of a list', () => {
  let counted = 0;
  let found = 0;
  let time = 0;
  const statement = { sql: 'SELECT $1', params: [1] };
  const open = () => createKnownCounts(async () => { counted++; return found; }, () => time);
  beforeEach(() => {
    counted = 0;
    time = 0;
  });

  it('is read each time where it is short: what was added is counted', async () => {
    const count = open();
    found = 998;
    expect(await count(statement)).toBe(998);
    found = 999;
    expect([await count(statement), counted]).toEqual([999, 2]);
  });

  it('is kept for ten seconds where it is long, for what was asked alone', async () => {
    const count = open();
    found = 1_000;
    await count(statement);
    found = 2_000;
    time = 9_999;
    expect([await count(statement), await count({ ...statement, params: [2] })]).toEqual([1_000, 2_000]);
    time = 10_000;
    expect([await count(statement), counted]).toEqual([2_000, 3]);
  });

  it('that has grown old is read once for all who ask together', async () => {
    const count = open();
    found = 5_000;
    await count(statement);
    time = 20_000;
    expect(await Promise.all([1, 2, 3].map(() => count(statement)))).toEqual([5_000, 5_000, 5_000]);
    expect(counted).toBe(2);
  });
});
