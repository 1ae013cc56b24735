import type { DeliveryStore } from './delivery-store.ts';
import { mayResend, type ClaimedDelivery, type Outcome } from './delivery.ts';
import type { Messenger } from './messenger.ts';

type ReconcileDeps = { deliveries: Pick<DeliveryStore, 'knownSids'>; messenger: Pick<Messenger, 'list'>; clock: () => Date };

/**
 * Looks for a message that an earlier attempt may have left with the provider: one to the same address with the same
 * text, made since that attempt, that no other delivery has. Its SID is adopted. Undefined when it is certainly not
 * there and may be sent again.
 */
export async function reconcile({ deliveries, messenger, clock }: ReconcileDeps, delivery: ClaimedDelivery): Promise<Outcome | undefined> {
  const listing = await messenger.list(delivery, delivery.uncertainSince ?? delivery.createdAt);
  if (listing.kind === 'unreachable') return { kind: 'unknown', code: listing.code };
  const known = await deliveries.knownSids(listing.sids);
  const sid = listing.sids.findLast((candidate) => !known.has(candidate));
  if (sid) return { kind: 'accepted', sid, adopted: true };
  return mayResend(delivery, clock()) ? undefined : { kind: 'unknown', code: 'reconciliation' };
}
