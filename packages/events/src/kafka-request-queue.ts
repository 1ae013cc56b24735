// oxlint-disable-next-line typescript/triple-slash-reference -- who compiles this file from elsewhere must find the types too
/// <reference path="./kafkajs-internals.d.ts" />
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

type Queue = { pending: unknown[]; scheduleCheckPendingRequests: () => void };

/**
 * kafkajs 2.2.4 looks at its queue of requests again a millisecond after each answer, for ever, also where nothing is in
 * it: the delay that it counts is negative (tulios/kafkajs, `requestQueue/index.js`, `scheduleCheckPendingRequests`).
 * An idle client so wakes its process 900 times a second, 4 % of a core. What is put into a queue that must wait is
 * scheduled as it comes, and what overtakes the limit of requests under way when one of them is answered: an empty queue
 * needs no look.
 */
export function letEmptyQueuesRest(): void {
  const queue = (RequestQueue as unknown as { prototype: Queue }).prototype;
  const { scheduleCheckPendingRequests } = queue;
  if (resting.has(scheduleCheckPendingRequests)) return;
  const schedule = function (this: Queue): void {
    if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
  };
  resting.add(schedule);
  queue.scheduleCheckPendingRequests = schedule;
}

const resting = new WeakSet<() => void>();
