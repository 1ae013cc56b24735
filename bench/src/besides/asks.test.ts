import { expect, it } from '@jest/globals';
import { askAt, mixed } from './asks.ts';

it('a hundred asks hold each as often as its share says, and not in a row', () => {
  const taken = Array.from({ length: 100 }, (_, n) => mixed.indexOf(askAt(mixed, n + 300)));
  expect(mixed.map((_, i) => taken.filter((one) => one === i).length)).toEqual(mixed.map(({ share }) => share));
  expect(taken.slice(0, 10).every((one, i, all) => one === all[0])).toBe(false);
});

it('shares that are less than a hundred are refused', () => {
  expect(() => Array.from({ length: 100 }, (_, n) => askAt([{ share: 99 }], n))).toThrow(RangeError);
});
