import type { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import type { GrpcClient } from '@mediai/kit/grpc';
import type { Letter } from './code-courier.ts';
import { codeMinutes } from './reset-code.ts';

/** Notifications tries every channel within 10 s. */
const deadlineMs = 12_000;

/** Hands a code over to notifications, with auth's own token. */
export function createSendCode(notifications: Pick<GrpcClient<typeof NotificationsService>, 'sendCode'>, serviceToken: () => Promise<string>) {
  return async ({ userId, telephone, email, prenom, etablissementId, code }: Letter): Promise<'envoye' | 'sans_canal' | 'refuse'> => {
    const { canal, deliveryId } = await notifications.sendCode(
      { telephone: telephone ?? undefined, email: email ?? undefined, prenom, code, minutes: codeMinutes, userId, etablissementId },
      { token: await serviceToken(), deadlineMs },
    );
    if (canal !== undefined) return 'envoye';
    return deliveryId === undefined ? 'sans_canal' : 'refuse';
  };
}
