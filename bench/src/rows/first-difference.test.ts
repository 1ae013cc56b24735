import { describe, expect, it } from '@jest/globals';
import { firstDifference } from './first-difference.ts';

describe('the first difference of two answers', () => {
  it('is told by the member in which it lies', () => {
    expect(firstDifference('{"count":2,"next":"http://a/"}', '{"count":2,"next":"http://b/"}')).toBe('next');
    expect(firstDifference('[1]', '[2]')).toBe('the beginning');
    expect(firstDifference('{"a":1}', '{"a":1,"b":2}')).toBe('a');
  });

  it('is none of equal ones', () => {
    expect(firstDifference('{"a":1}', '{"a":1}')).toBeUndefined();
  });
});
