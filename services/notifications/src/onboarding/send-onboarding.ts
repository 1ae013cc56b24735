import { auteurDe, type Acteur } from '@mediai/kit/acteur';
import { AppError, invalid } from '@mediai/kit/errors';
import { exiger } from '../acces/acces.ts';
import { toE164 } from '../contact/phone.ts';
import type { AttemptAndWait } from '../delivery/attempt-and-wait.ts';
import type { CleAppel, DeliveryStore } from '../delivery/delivery-store.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { smsNonConfigure } from '../delivery/send.ts';
import { dayMs, maxPerDay } from './onboarding.ts';

export type SendOnboardingDeps = {
  deliveries: Pick<DeliveryStore, 'open' | 'findByKey' | 'findAnswered' | 'countSince'>;
  attemptAndWait: AttemptAndWait;
  zoneOf: (etablissementId: number) => Promise<string>;
  canSendSms: boolean;
  clock: () => Date;
};

export type Onboarded = { messageSid: string | null; etat: Delivery['etat']; detail: string };
export type SendOnboarding = ReturnType<typeof createSendOnboarding>;

/**
 * Joining instructions by SMS to a phone, for any account: once within 10 minutes whoever asks, and 5 times a day. That
 * they were sent before is not told: nobody learns who uses the service. A call repeated under its key is about the first
 * message, also after the 10 minutes.
 * @throws AppError invalid (`phone_number`, or without a sender of SMS), forbidden, exhausted, conflict or unprocessable (key), unavailable
 */
export function createSendOnboarding({ deliveries, attemptAndWait, zoneOf, canSendSms, clock }: SendOnboardingDeps) {
  return async (acteur: Acteur, phoneNumber: string, { waitMs, idempotence }: { waitMs?: number; idempotence?: CleAppel | undefined } = {}): Promise<Onboarded> => {
    exiger(acteur, 'inviter');
    const telephone = toE164(phoneNumber);
    if (telephone === undefined) throw invalid({ phone_number: ['Saisissez un numéro de téléphone valide, par exemple +243 81 234 5678.'] });
    if (!canSendSms) throw smsNonConfigure();
    const answered = idempotence && (await deliveries.findAnswered(idempotence));
    return answer(await attemptAndWait(answered ?? (await open(acteur, telephone, idempotence)), waitMs));
  };

  async function open(acteur: Acteur, telephone: string, idempotence: CleAppel | undefined): Promise<number> {
    const { etablissementId } = acteur;
    const cle = `onboarding:${telephone}`;
    const held = await deliveries.findByKey(etablissementId, cle, clock());
    if (!held && (await deliveries.countSince('onboarding', telephone, new Date(clock().getTime() - dayMs))) >= maxPerDay) {
      throw new AppError('exhausted', 'notification.trop_frequente', "Ce numéro a déjà reçu plusieurs fois ces instructions : réessayez demain.", { retryAfterSeconds: dayMs / 1000 });
    }
    const { delivery } = await deliveries.open(
      { cle, canal: 'sms', modele: 'onboarding', telephone, userId: null, prenom: '', numeroDossier: null, ficheId: null, appointmentId: null, appointmentVersion: null, debut: null, fuseau: await zoneOf(etablissementId), etablissementId },
      { now: clock(), demandeur: auteurDe(acteur), idempotence },
    );
    return delivery.id;
  }
}

function answer({ messageSid, etat }: Delivery): Onboarded {
  return { messageSid, etat, detail: detailOf(messageSid, etat) };
}

function detailOf(messageSid: string | null, etat: Delivery['etat']): string {
  if (etat === 'echec') return "Le SMS n'a pas pu être envoyé à ce numéro.";
  return messageSid === null ? 'Le SMS est en attente : il sera envoyé dès que possible.' : 'Les instructions ont été envoyées par SMS.';
}
