import { setTimeout as sleep } from 'node:timers/promises';
import { notFound } from '@mediai/kit/errors';
import type { Deliver } from './deliver.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { Delivery } from './delivery.ts';

type Needs = { deliveries: Pick<DeliveryStore, 'find'>; deliver: Pick<Deliver, 'tryNow'> };

/** Longest wait for the provider's word before the caller is told that the message is on its way. */
const maxWaitMs = 4_000;
const pollMs = 50;

/**
 * Tries a delivery if it is due, then waits while somebody has it in hand, `waitMs` (4 s at most) in all.
 * @throws AppError not_found
 */
export function createAttemptAndWait({ deliveries, deliver }: Needs) {
  return async (id: number, waitMs = maxWaitMs): Promise<Delivery> => {
    const untilMs = Date.now() + Math.min(waitMs, maxWaitMs);
    const giveUp = new AbortController();
    await Promise.race([deliver.tryNow(id), sleep(Math.max(0, untilMs - Date.now()), undefined, { signal: giveUp.signal }).catch(() => undefined)]);
    giveUp.abort();
    for (let looks = 1; ; looks += 1) {
      const delivery = await deliveries.find(id);
      if (!delivery) throw notFound();
      // One that nobody tried yet may be in the hands of another caller whose lease is not committed: a second look tells.
      const inHand = delivery.etat === 'en_cours' || (delivery.attempts === 0 && looks === 1);
      if (!inHand || Date.now() >= untilMs) return delivery;
      await sleep(pollMs);
    }
  };
}

export type AttemptAndWait = ReturnType<typeof createAttemptAndWait>;
