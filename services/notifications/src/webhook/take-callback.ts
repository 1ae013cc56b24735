import { AppError, forbidden, invalid } from '@mediai/kit/errors';
import type { Canal } from '../delivery/delivery.ts';
import { canaux } from '../delivery/delivery.ts';
import type { VerifySignature } from './signature-client.ts';
import type { WebhookStore } from './webhook-store.ts';
import { readTwilio, type Parametre } from './webhook.ts';

export type TakeCallbackCommand = { canal: string; parametres: readonly Parametre[]; signature: string };

export type TakeCallbackDeps = {
  webhooks: Pick<WebhookStore, 'take'>;
  verifySignature: VerifySignature;
  /** Called once an event waits. */
  taken: () => void;
  clock: () => Date;
};

export type TakeCallback = ReturnType<typeof createTakeCallback>;

/** More names than any form of Twilio has. */
const maxParametres = 200;

/**
 * Keeps what the provider tells, once, to be processed afterwards: it is answered at once and nothing is lost meanwhile.
 * @throws AppError forbidden `webhook.signature_invalide`, invalid (not a message's form), unavailable
 */
export function createTakeCallback({ webhooks, verifySignature, taken, clock }: TakeCallbackDeps) {
  return async ({ canal, parametres, signature }: TakeCallbackCommand): Promise<void> => {
    if (!isCanal(canal)) throw invalid({ canal: ['Canal inconnu : whatsapp ou sms.'] });
    if (parametres.length > maxParametres) throw new AppError('invalid', 'webhook.illisible', 'Ce formulaire compte trop de champs.');
    if (!(await verifySignature(canal, parametres, signature))) throw forbidden('webhook.signature_invalide', "La signature de cet appel n'est pas valide.");
    const webhook = readTwilio(canal, parametres);
    if (!webhook) throw new AppError('invalid', 'webhook.illisible', "Ce formulaire ne nomme pas de message (MessageSid).");
    if (await webhooks.take(webhook, clock())) taken();
  };
}

function isCanal(text: string): text is Canal {
  return (canaux as readonly string[]).includes(text);
}
