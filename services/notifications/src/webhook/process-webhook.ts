import { toAppError } from '@mediai/kit/errors';
import type { Logger } from '@mediai/kit/log';
import { runWithTraceparent, withSpan } from '@mediai/kit/telemetry';
import { toE164 } from '../contact/phone.ts';
import type { DeliveryStore } from '../delivery/delivery-store.ts';
import { retryDelayMs } from '../delivery/delivery.ts';
import type { BringMessage } from './inbound-client.ts';
import type { OppositionStore } from './opposition-store.ts';
import type { WebhookStore } from './webhook-store.ts';
import { canalOf, errorTold, etatTold, giveUpAfterMs, isIncoming, unknownAfterMs, volonteOf, type Fin, type Webhook } from './webhook.ts';

export type ProcessWebhookDeps = {
  webhooks: Pick<WebhookStore, 'finish' | 'postpone'>;
  deliveries: Pick<DeliveryStore, 'follow'>;
  oppositions: Pick<OppositionStore, 'note'>;
  bringMessage: BringMessage;
  log: Logger;
  clock: () => Date;
};

/** Told of a message that no delivery has yet. */
const inconnu = 'message.inconnu';

/**
 * Gives an event that was taken its effect: a patient's message goes to their latest fiche, a state to its delivery, a
 * word of refusal to the oppositions. Each effect is one however often this runs. What fails is tried again, up to every
 * 5 min for a week; what consultation will never take is left failed, for people to see.
 */
export function createProcessWebhook({ webhooks, deliveries, oppositions, bringMessage, log, clock }: ProcessWebhookDeps): (webhook: Webhook) => Promise<void> {
  async function effect(webhook: Webhook): Promise<Fin> {
    return isIncoming(webhook) ? messageEffect(webhook) : statusEffect(webhook);
  }

  async function messageEffect(webhook: Webhook): Promise<Fin> {
    const telephone = toE164(webhook.senderPhone);
    if (telephone === undefined) return ignored('telephone.illisible');
    const volonte = volonteOf(webhook.content);
    // What an admin writes is no word of the patient's own.
    if (volonte && webhook.createdBy === null) {
      await oppositions.note(telephone, canalOf(webhook), volonte, clock());
      return { status: 'processed', error: null };
    }
    if (webhook.content.trim() === '') return ignored('contenu.vide');
    const recu = await bringMessage({ telephone, contenu: webhook.content, sourceId: webhook.externalId, etablissementId: webhook.createdBy === null ? null : webhook.etablissementId });
    if (!recu) return ignored('telephone.inconnu');
    const rattachement = { relatedUserId: recu.userId, relatedFicheId: recu.ficheId, createdMessageId: recu.messageId, etablissementId: recu.etablissementId };
    // It is read among the events then, by who may open the fiche.
    return recu.messageId === null ? { ...ignored('fiche.sans_compte'), ...rattachement } : { status: 'processed', error: null, ...rattachement };
  }

  async function statusEffect(webhook: Webhook): Promise<Fin> {
    const etat = etatTold(webhook.content);
    if (etat === undefined) return ignored('statut.inconnu');
    const errorCode = etat === 'echec' ? errorTold(webhook) : null;
    const delivery = await deliveries.follow(webhook.externalId, { etat, errorCode }, { now: clock(), etablissementId: webhook.createdBy === null ? null : webhook.etablissementId });
    if (delivery) return { status: 'processed', error: null, relatedUserId: delivery.userId, relatedFicheId: delivery.ficheId, etablissementId: delivery.etablissementId };
    return ignored(inconnu);
  }

  /** A state may come before the answer to the call that sent the message: it waits for it. */
  const mayComeYet = ({ receivedAt }: Webhook, fin: Fin): boolean => fin.error === inconnu && clock().getTime() - receivedAt.getTime() < unknownAfterMs;

  const later = ({ attempts }: Webhook): Date => new Date(clock().getTime() + retryDelayMs(attempts));

  async function run(webhook: Webhook): Promise<void> {
    const fields = { webhook_id: webhook.id, event_type: webhook.eventType, attempt: webhook.attempts };
    const fin = await effect(webhook).catch((err: unknown): Fin => {
      log.warn({ ...fields, err }, 'webhook event failed');
      return failed(err);
    });
    if (mayComeYet(webhook, fin)) return webhooks.postpone(webhook, { status: 'pending', error: null, until: later(webhook) }, clock());
    if (fin.status === 'failed' && isRetried(webhook, fin)) return webhooks.postpone(webhook, { status: 'failed', error: fin.error, until: later(webhook) }, clock());
    await webhooks.finish(webhook, fin, clock());
    log.info({ ...fields, state: fin.status, code: fin.error ?? undefined }, 'webhook event taken');
  }

  const isRetried = ({ receivedAt }: Webhook, { error }: Fin): boolean => !error?.startsWith(refusePrefix) && clock().getTime() - receivedAt.getTime() < giveUpAfterMs;

  return (webhook) =>
    runWithTraceparent(webhook.traceparent ?? undefined, () =>
      withSpan('webhook', { kind: 'consumer', attributes: { 'mediai.webhook_id': webhook.id, 'mediai.attempt': webhook.attempts } }, () => run(webhook)),
    );
}

/** Before the code of what consultation will refuse again, whenever it is asked. */
const refusePrefix = 'refuse.';

function ignored(error: string): Fin {
  return { status: 'ignored', error };
}

function failed(thrown: unknown): Fin {
  const { kind, code } = toAppError(thrown);
  return { status: 'failed', error: kind === 'invalid' ? `${refusePrefix}${code}` : code };
}
