import { describe, expect, it } from '@jest/globals';
import { rows } from '../rows/rows.ts';
import { limits, limitsReport } from './limits.ts';

describe('what is asked of rows', () => {
  it('is asked of rows that there are', () => {
    expect(Object.keys(limits).filter((name) => !rows.some((row) => row.name === name))).toEqual([]);
  });

  it('stands beside what was measured, and what misses it is bold', () => {
    const suite = { perSecond: 100, p50: 1, p99: 2, answered: 1, failed: 0, cpu: {}, cpuTotal: 0.9, open: [] };
    expect(limitsReport({ me: { title: 'me', targets: { suite }, ratios: { floor: 0.19, hop: 0.6 }, notes: [] } })?.split('\n').at(-1)).toBe('| me | **19 %** (20 %) | 60 % (60 %) | 0.90 (1.00) |');
  });

  it('is not told where none of them was measured', () => {
    expect(limitsReport({})).toBeUndefined();
  });
});
