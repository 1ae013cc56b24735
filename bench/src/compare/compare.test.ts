import { describe, expect, it } from '@jest/globals';
import type { Report } from '../report/report.ts';
import type { RowMeasured } from '../rows/measured.ts';
import { compareReports } from './compare.ts';

const row = (perSecond: number, floor: number): RowMeasured => {
  const one = (rate: number) => ({ perSecond: rate, p50: 1000 / rate, p99: 2000 / rate, answered: 1, failed: 0, cpu: {}, cpuTotal: 100 / rate, open: [] });
  return { title: 'me', targets: { suite: one(perSecond), floor: one(floor) }, ratios: { floor: perSecond / floor }, notes: [] };
};
const report = (rows: Report['rows']): Report => ({ version: 1, at: '', machine: { cpus: 2, model: '', memoryGb: 1, node: '', load: 0 }, quick: false, rows, measurements: {}, profiles: {} });

describe('two runs compared', () => {
  it('are told as the second over the first, row by row', () => {
    expect(compareReports(report({ me: row(100, 400) }), report({ me: row(200, 400), token: row(1, 1) })).split('\n')).toEqual([
      '| b / a | requests/s | p50 | p99 | CPU ms | share of the floor | the floor\'s requests/s |',
      '| --- | --: | --: | --: | --: | --: | --: |',
      '| me | 2.00 x | 0.50 x | 0.50 x | 0.50 x | 2.00 x | 1.00 x |',
    ]);
  });
});
