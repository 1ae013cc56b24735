import { describe, expect, it } from '@jest/globals';
import { bracket, keepsUp, nextRate } from './steady-rate.ts';

const trial = (rate: number, grown: number, failed = 0) => ({ rate, created: rate * 10, analysed: rate * 10 - grown, failed });

describe('a steady rate', () => {
  it('is one at which what waits does not grow and nothing fails', () => {
    expect([trial(20, 3), trial(20, 40), trial(20, 0, 1)].map(keepsUp)).toEqual([true, false, false]);
  });

  it('lies between what was kept up and what was too much', () => {
    expect(bracket([trial(10, 0), trial(40, 300), trial(20, 0), trial(30, 100)])).toEqual({ kept: 20, lost: 30 });
    expect(bracket([trial(10, 100)])).toEqual({ kept: 0, lost: 10 });
    expect(bracket([trial(10, 0)])).toEqual({ kept: 10, lost: Infinity });
  });

  it('is looked for halfway, or further up while all was kept up', () => {
    expect([nextRate([], 30), nextRate([trial(30, 300)], 30), nextRate([trial(30, 0)], 30), nextRate([trial(30, 0), trial(45, 300)], 30)]).toEqual([30, 15, 45, 37.5]);
  });
});
