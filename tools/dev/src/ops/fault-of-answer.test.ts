import { expect, test } from '@jest/globals';
import { faultOfAnswer } from './fault-of-answer.ts';

const asked = { labels: ['service', 'code'] };

test('an answer with numbers and every label that the expression names is taken', () => {
  expect(faultOfAnswer(asked, [{ metric: {}, values: [[1, '0']] }, { metric: { service: 'ia', code: 'ok' }, values: [[1, 'NaN'], [2, '0']] }])).toBeUndefined();
  expect(faultOfAnswer({ labels: [] }, [{ metric: {}, values: [[1, '3']] }])).toBeUndefined();
});

test('an answer without a series, without a number, or without a label is refused', () => {
  expect(faultOfAnswer(asked, [])).toBe('no series');
  expect(faultOfAnswer(asked, [{ metric: { service: 'ia', code: 'ok' }, values: [[1, 'NaN']] }])).toBe('no number in any series');
  expect(faultOfAnswer(asked, [{ metric: { service: 'ia' }, values: [[1, '3']] }, { metric: { code: 'ok' }, values: [[1, '3']] }])).toBe('no series with the labels service, code');
});
