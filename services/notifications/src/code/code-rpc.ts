import type { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { wayBackMs } from '../delivery/delivery-rpc.ts';
import type { SendCode } from './send-code.ts';

/** The method about codes, from message to command and back. */
export function createCodeHandlers({ sendCode }: { sendCode: SendCode }): Pick<Handlers<typeof NotificationsService>, 'sendCode'> {
  return {
    async sendCode(request, context) {
      const { telephone, email, prenom, code, minutes, userId, etablissementId } = request;
      const { canal, deliveryId } = await sendCode(
        acteurOf(context),
        { telephone: telephone ?? null, email: email ?? null, prenom, code, minutes, userId, etablissementId },
        Math.max(0, context.deadlineMs - wayBackMs),
      );
      return { canal: canal ?? undefined, deliveryId: deliveryId ?? undefined };
    },
  };
}
