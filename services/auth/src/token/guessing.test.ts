import { expect, test } from '@jest/globals';
import { countAttempt, waitSeconds, type Attempts } from './guessing.ts';

const start = new Date('2026-03-02T08:00:00Z');

function waitsOf(attempts: number): number[] {
  let state: Attempts | undefined;
  return Array.from({ length: attempts }, () => {
    state = countAttempt(state, 5, start);
    return waitSeconds(state, start);
  });
}

test('the first failures cost nothing, then the wait doubles up to 15 minutes', () => {
  expect(waitsOf(13)).toEqual([0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
});

test('an hour without an attempt starts anew', () => {
  const blocked = countAttempt({ failures: 9, lastAt: start, blockedUntil: null }, 5, new Date(start.getTime() + 3_600_000));
  expect(blocked).toMatchObject({ failures: 1, blockedUntil: null });
});
