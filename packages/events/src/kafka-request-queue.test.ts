import { afterEach, expect, test } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { letEmptyQueuesRest } from './kafka-request-queue.ts';

type Queue = { pending: unknown[]; maxInFlightRequests: number; throttledUntil: number; throttleCheckTimeoutId: unknown; checkPendingRequests(): void; push(request: object): void; fulfillRequest(answer: object): void; destroy(): void };
type Options = { maxInFlightRequests: number | null; requestTimeout: number; clientId: string; broker: string; logger: object; isConnected: () => boolean };

const logger = { debug: () => undefined, warn: () => undefined };
let queue: Queue;
function open(maxInFlightRequests: number | null = null): Queue {
  letEmptyQueuesRest();
  queue = new (RequestQueue as unknown as new (options: Options) => Queue)({ maxInFlightRequests, requestTimeout: 1_000, clientId: 'essai', broker: 'b', logger, isConnected: () => true });
  return queue;
}
afterEach(() => queue.destroy());

let sent: number[] = [];
const request = (correlationId: number) => ({ entry: { correlationId, resolve: () => undefined, reject: () => undefined }, expectResponse: true, requestTimeout: null, sendRequest: () => sent.push(correlationId) });

test('an empty queue is not looked at again', () => {
  open().checkPendingRequests();
  expect(queue.throttleCheckTimeoutId).toBeNull();
});

test('what waits for its turn goes when a request is answered', () => {
  sent = [];
  open(1);
  queue.push(request(1));
  queue.push(request(2));
  expect(sent).toEqual([1]);
  queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
  expect(sent).toEqual([1, 2]);
});

test('what the broker told to wait goes when that time is over', async () => {
  sent = [];
  open();
  queue.throttledUntil = Date.now() + 30;
  queue.push(request(3));
  expect(sent).toEqual([]);
  for (const limit = Date.now() + 5_000; sent.length === 0 && Date.now() < limit; ) await new Promise((wake) => setTimeout(wake, 5));
  expect(sent).toEqual([3]);
});
