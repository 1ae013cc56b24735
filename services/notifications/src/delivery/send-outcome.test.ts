import { expect, test } from '@jest/globals';
import { outcomeOfFailure, readRetryAfter, type CallFailure } from './send-outcome.ts';

test.each<[CallFailure, string, string]>([
  [{ status: 400, code: 21_211 }, 'refused', 'twilio.21211'],
  [{ status: 400, code: 63_016 }, 'refused', 'twilio.63016'],
  [{ status: 404 }, 'refused', 'twilio.http_404'],
  [{ status: 401, code: 20_003 }, 'postponed', 'twilio.20003'],
  [{ status: 429, code: 20_429 }, 'postponed', 'twilio.20429'],
  [{ status: 400, code: 63_018 }, 'postponed', 'twilio.63018'],
  [{ status: 400, code: 63_038 }, 'postponed', 'twilio.63038'],
  [{ status: 503, code: 20_503 }, 'failed', 'twilio.20503'],
  [{ status: 408 }, 'unknown', 'twilio.http_408'],
  [{ status: 302 }, 'unknown', 'reseau.sans_reponse'],
  [{ code: 'ECONNREFUSED' }, 'postponed', 'reseau.ECONNREFUSED'],
  [{ code: 'ECONNRESET' }, 'unknown', 'reseau.ECONNRESET'],
  [{ code: 'ECONNABORTED' }, 'unknown', 'reseau.ECONNABORTED'],
  [{}, 'unknown', 'reseau.sans_reponse'],
])('%j is %s (%s)', (failure, kind, code) => {
  expect(outcomeOfFailure(failure)).toMatchObject({ kind, code });
});

test('the day\'s limit waits 5 min, and Retry-After is kept', () => {
  expect(outcomeOfFailure({ status: 429, code: 63_038 })).toMatchObject({ retryAfterMs: 300_000 });
  expect(outcomeOfFailure({ status: 503, retryAfterMs: 7_000 })).toMatchObject({ kind: 'failed', retryAfterMs: 7_000 });
});

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-03-02T08:00:00Z');
  expect(readRetryAfter('3', now)).toBe(3_000);
  expect(readRetryAfter('Mon, 02 Mar 2026 08:00:10 GMT', now)).toBe(10_000);
  for (const nothing of ['', 'bientôt', undefined, 'Mon, 02 Mar 2026 07:00:00 GMT']) expect(readRetryAfter(nothing, now)).toBeUndefined();
});
