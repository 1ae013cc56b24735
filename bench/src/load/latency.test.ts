import { describe, expect, it } from '@jest/globals';
import { median, percentile, spread } from './latency.ts';

describe('a percentile', () => {
  it('is the value by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => n + 1);
    expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile(hundred, 1), percentile(hundred, 0)]).toEqual([50, 99, 100, 1]);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('of nothing is 0', () => {
    expect([percentile([], 0.5), median([])]).toEqual([0, 0]);
  });

  it('does not depend on the order of what was measured', () => {
    expect(spread([30, 1, 20, 10])).toEqual({ p50: 10, p99: 30 });
    expect(median([9, 1, 5])).toBe(5);
  });
});
