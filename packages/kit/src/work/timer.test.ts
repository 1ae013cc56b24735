import { expect, test } from '@jest/globals';
import { createTimer } from './index.ts';

test('runs again and again until it is stopped, whatever a round throws, and never two rounds at once', async () => {
  let rounds = 0;
  let running = 0;
  const errors: unknown[] = [];
  const third = Promise.withResolvers<void>();
  const timer = createTimer({
    run: async () => {
      expect(++running).toBe(1);
      rounds += 1;
      await new Promise((wake) => setTimeout(wake, 2));
      running -= 1;
      if (rounds === 3) third.resolve();
      if (rounds === 1) throw new Error('once');
    },
    intervalMs: 1,
    onError: (error) => errors.push(error),
  });
  timer.start();
  await third.promise;
  await timer.stop();
  const done = rounds;
  await new Promise((wake) => setTimeout(wake, 20));
  expect([rounds, running, errors]).toEqual([done, 0, [new Error('once')]]);
});
