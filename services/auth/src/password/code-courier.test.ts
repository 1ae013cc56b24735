import { expect, test } from '@jest/globals';
import { AppError, unavailable } from '@mediai/kit/errors';
import { createLogger } from '@mediai/kit/log';
import { fixedClock } from '@mediai/testing';
import { createCodeCourier, type Letter } from './code-courier.ts';

const clock = fixedClock('2026-03-02T08:00:00Z');
const letter: Letter = {
  userId: 7, telephone: '+243812345678', email: 'canari@exemple.cd', prenom: 'Canari', etablissementId: 1, code: '48291357', expiresAt: new Date('2026-03-02T08:10:00Z'),
};

/** A courier that gets these answers, one an attempt, the last again and again. */
function setUp(answers: ('envoye' | 'sans_canal' | 'refuse' | Error)[], pausesMs: readonly number[] = [1, 1, 1]) {
  const outcomes: string[] = [];
  const lines: string[] = [];
  let attempts = 0;
  const courier = createCodeCourier({
    send: async () => {
      const answer = answers[Math.min(attempts++, answers.length - 1)] as (typeof answers)[number];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    counted: (outcome) => void outcomes.push(outcome), log: createLogger({ service: 'auth', level: 'debug', stream: { write: (line) => void lines.push(line) } }), clock: clock.now, pausesMs,
  });
  return { courier, outcomes, lines, attempts: () => attempts };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('a letter leaves after the answer, and once', async () => {
  const { courier, outcomes, attempts } = setUp(['envoye']);
  courier.post(letter);
  expect(attempts()).toBe(0);
  await Promise.resolve();
  expect(attempts()).toBe(0);
  await courier.close();
  expect({ outcomes, attempts: attempts() }).toEqual({ outcomes: ['envoye'], attempts: 1 });
});

test('while notifications is away or no channel takes it, it is tried again, four times in all', async () => {
  const recovering = setUp([unavailable(), new AppError('deadline'), 'refuse', 'envoye']);
  recovering.courier.post(letter);
  await until(() => recovering.outcomes.length === 1);
  expect(recovering.outcomes).toEqual(['envoye']);
  const lost = setUp(['refuse']);
  lost.courier.post(letter);
  await until(() => lost.outcomes.length === 1);
  expect([lost.outcomes, lost.attempts()]).toEqual([['echec'], 4]);
});

test('what will not pass is not tried again: no channel, a refusal', async () => {
  const without = setUp(['sans_canal']);
  without.courier.post(letter);
  await until(() => without.outcomes.length === 1);
  const forbidden = setUp([new AppError('forbidden')]);
  forbidden.courier.post(letter);
  await until(() => forbidden.outcomes.length === 1);
  expect([without.outcomes, forbidden.outcomes]).toEqual([['sans_canal'], ['echec']]);
  expect([without.attempts(), forbidden.attempts()]).toEqual([1, 1]);
});

test('nothing is tried once the code has expired', async () => {
  const { courier, outcomes, attempts } = setUp([unavailable()]);
  courier.post({ ...letter, expiresAt: clock.now() });
  await until(() => outcomes.length === 1);
  expect([outcomes, attempts()]).toEqual([['echec'], 1]);
});

test('a shutdown gives what waits its last attempt at once, and waits for it', async () => {
  const { courier, outcomes, attempts } = setUp([unavailable()], [60_000]);
  courier.post(letter);
  await until(() => attempts() === 1);
  await new Promise((resolve) => setImmediate(resolve));
  await courier.close();
  expect(outcomes).toEqual(['echec']);
  expect(attempts()).toBe(2);
});

test('of too many at once the last are dropped and counted, and no log line holds what a letter holds', async () => {
  const { courier, outcomes, lines } = setUp([unavailable(new Error(`canari ${letter.code}`)), 'envoye']);
  for (let i = 0; i < 210; i++) courier.post(letter);
  expect(outcomes).toEqual(Array.from({ length: 10 }, () => 'abandonne'));
  await courier.close();
  expect(outcomes).toHaveLength(210);
  expect(lines.length).toBeGreaterThan(0);
  for (const canary of [letter.code, 'Canari', 'canari', '243812345678']) expect(lines.join('')).not.toContain(canary);
});
