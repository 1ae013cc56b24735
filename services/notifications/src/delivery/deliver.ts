import type { Logger } from '@mediai/kit/log';
import { runWithTraceparent, withSpan } from '@mediai/kit/telemetry';
import type { DeliveryStore, LeaseTiming } from './delivery-store.ts';
import { settle, type Canal, type ClaimedDelivery, type Outcome } from './delivery.ts';
import type { Messenger } from './messenger.ts';
import { reconcile } from './reconcile.ts';

export type DeliverDeps = {
  deliveries: DeliveryStore;
  messenger: Messenger;
  timing: LeaseTiming;
  /** Whether this phone asked to be told nothing more over this channel. */
  isOpposed: (telephone: string, canal: Canal) => Promise<boolean>;
  log: Logger;
  /** Told each attempt's outcome. */
  counted: (delivery: ClaimedDelivery, outcome: Outcome) => void;
  clock: () => Date;
};

export type Deliver = ReturnType<typeof createDeliver>;

/**
 * Attempts at deliveries that were taken. The row says that an attempt began before anything leaves; whatever ends
 * this process afterwards leaves it to be found, looked up with the provider and only then sent again.
 */
export function createDeliver({ deliveries, messenger, timing, isOpposed, log, counted, clock }: DeliverDeps) {
  const running = new Set<Promise<void>>();

  /** Undefined when the lease ran out, or may while we send: whoever takes it next will look first. */
  async function attempt(claimed: ClaimedDelivery): Promise<Outcome | undefined> {
    let delivery: ClaimedDelivery | undefined = claimed;
    if (claimed.mustReconcile) {
      const seen = await reconcile({ deliveries, messenger, clock }, claimed);
      if (seen) return seen;
      delivery = await deliveries.renew(claimed, clock(), timing);
    }
    if (!delivery || delivery.leaseUntil.getTime() - clock().getTime() < messenger.timeoutMs) return undefined;
    if (await isOpposed(delivery.telephone, delivery.canal)) return { kind: 'refused', code: 'destinataire.oppose' };
    return messenger.send(delivery);
  }

  async function run(delivery: ClaimedDelivery): Promise<void> {
    const outcome = await attempt(delivery);
    if (!outcome) return log.warn({ delivery_id: delivery.id, attempt: delivery.attempts }, 'lease lost, left to the next attempt');
    counted(delivery, outcome);
    const settlement = settle(delivery, outcome, clock());
    const kept = await deliveries.settle(delivery, settlement, clock());
    const fields = { delivery_id: delivery.id, channel: delivery.canal, attempt: delivery.attempts, state: settlement.etat, code: settlement.errorCode ?? undefined };
    if (!kept) log.warn(fields, 'outcome not kept: the lease was lost or the message is already counted');
    else if (settlement.etat === 'envoye') log.info(fields, 'message handed over');
    else log.warn(fields, settlement.etat === 'echec' ? 'message refused' : 'message not handed over yet');
  }

  /** One attempt, in the trace that asked for the message. */
  async function deliver(delivery: ClaimedDelivery): Promise<void> {
    const work = runWithTraceparent(delivery.traceparent ?? undefined, () =>
      withSpan('deliver', { kind: 'consumer', attributes: { 'mediai.delivery_id': delivery.id, 'mediai.attempt': delivery.attempts } }, () => run(delivery)),
    );
    running.add(work);
    await work.finally(() => running.delete(work));
  }

  return {
    deliver,
    claimDue: async (limit: number): Promise<ClaimedDelivery[]> => (messenger.isBlocked() ? [] : deliveries.claimDue(clock(), limit, timing)),
    /** Attempts this delivery if it is due and nobody else has it; never throws, as the worker makes failures good. */
    async tryNow(id: number): Promise<void> {
      try {
        const claimed = messenger.isBlocked() ? undefined : await deliveries.claim(id, clock(), timing);
        if (claimed) await deliver(claimed);
      } catch (err) {
        log.warn({ delivery_id: id, err }, 'attempt failed, left to the worker');
      }
    },
    /** Resolves when no attempt is under way. */
    async drain(): Promise<void> {
      await Promise.allSettled(running);
    },
  };
}
