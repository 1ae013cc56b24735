import { describe, expect, it } from '@jest/globals';
import { countLosses, wasUnderWay } from './loss.ts';

const kill = { killedMs: 100, goneMs: 110 };
const one = (beganMs: number, endedMs: number, failure?: string) => ({ beganMs, endedMs, body: '', ...(failure ? { failure } : {}) });

describe('what a kill costs', () => {
  it('a request was under way when it began before the end and ended after the kill', () => {
    expect([one(90, 99), one(90, 100), one(105, 130), one(50, 400), one(111, 120)].map((asked) => wasUnderWay(asked, kill))).toEqual([false, true, true, true, false]);
  });

  it('failures are counted apart: those under way, and those that must not be', () => {
    const asked = [one(0, 5), one(95, 101, '503'), one(108, 112, 'ECONNRESET'), one(95, 140), one(115, 118, '503')];
    expect(countLosses(asked, kill)).toEqual({ asked: 5, underWay: 3, failedUnderWay: 2, failedOthers: 1, failures: { 503: 2, ECONNRESET: 1 } });
  });
});
