import { describe, expect, it } from '@jest/globals';
import { ratiosOf, type TargetMeasured } from './measured.ts';

const at = (perSecond: number): TargetMeasured => ({ perSecond, p50: 1, p99: 2, answered: 1, failed: 0, cpu: {}, cpuTotal: 0, open: [] });

describe('ratios', () => {
  it("are the suite's share of what the floor and the hop do", () => {
    expect(ratiosOf({ suite: at(50), floor: at(200), hop: at(100) })).toEqual({ floor: 0.25, hop: 0.5 });
  });

  it('are missing where there is nothing to compare with', () => {
    expect(ratiosOf({ suite: at(50), hop: at(0) })).toEqual({});
    expect(ratiosOf({ floor: at(50) })).toEqual({});
  });
});
