import { seconds } from './steps.ts';

export type Row = { name: string; ms: number; passed: number; failed: number };

/** The table of steps and their times, and the closing line: tests of all packages, and each other check as one. */
export function summary(rows: Row[], totalMs: number): string {
  const width = Math.max(5, ...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, ms, passed, failed }) => `${failed > 0 ? '✗' : '✓'} ${name.padEnd(width)}  ${seconds(ms).padStart(8)}  ${failed > 0 ? `${passed} passed, ${failed} failed` : passed}`);
  const total = (key: 'passed' | 'failed') => rows.reduce((sum, row) => sum + row[key], 0);
  return ['', ...lines, `  ${'total'.padEnd(width)}  ${seconds(totalMs).padStart(8)}`, '', `${total('passed')} passed, ${total('failed')} failed`].join('\n');
}
