import { describe, expect, it } from '@jest/globals';
import { parseKilobytes, parseStat } from './proc-stat.ts';

describe('/proc', () => {
  it('tells the parent and the CPU time of a process whose name holds spaces and brackets', () => {
    expect(parseStat('4242 (postgres: a) b (c)) S 4200 4242 4242 0 -1 4194560 100 200 0 0 31 12 7 3 20 0 1 0 5000 1000 50')).toEqual({ parent: 4200, ownMs: 430, endedMs: 100 });
  });

  it('tells memory in bytes, and 0 of what it does not tell', () => {
    const rollup = '55d0-7ffe ---p 00000000 00:00 0 [rollup]\nRss:               12345 kB\nPss:                6789 kB\nPss_Anon:           1000 kB\n';
    expect([parseKilobytes(rollup, 'Pss'), parseKilobytes(rollup, 'Rss'), parseKilobytes(rollup, 'Swap')]).toEqual([6789 * 1024, 12345 * 1024, 0]);
  });
});
