import type { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import type { Send } from './send.ts';

/** What is kept of the caller's deadline for the way back. */
export const wayBackMs = 500;

/** The method about messages, from message to command and back. */
export function createDeliveryHandlers({ send }: { send: Send }): Pick<Handlers<typeof NotificationsService>, 'send'> {
  return {
    async send(request, context) {
      const { canal, modele, prenom, cle, forceResend, etablissementId } = request;
      const result = await send(
        acteurOf(context),
        { canal, modele, telephone: request.telephone ?? null, userId: request.userId ?? null, prenom, numeroDossier: request.numeroDossier ?? null, ficheId: request.ficheId ?? null, cle, forceResend, etablissementId },
        Math.max(0, context.deadlineMs - wayBackMs),
      );
      return { deliveryId: result.deliveryId, messageSid: result.messageSid ?? undefined, etat: result.etat, dejaEnvoye: result.dejaEnvoye };
    },
  };
}
