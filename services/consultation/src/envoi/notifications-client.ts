import type { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import type { GrpcClient } from '@mediai/kit/grpc';
import type { Envoyer } from './send-whatsapp.ts';

/** Hands a message to notifications with the médecin's own token; the provider may take some seconds. */
export function createEnvoyer({ client, deadlineMs = 9_000 }: { client: GrpcClient<typeof NotificationsService>; deadlineMs?: number }): Envoyer {
  return async ({ telephone, userId, ...envoi }, appel) => {
    const message = { canal: 'whatsapp', modele: 'fiche_prete', ...envoi, telephone: telephone ?? undefined, userId: userId ?? undefined };
    const { messageSid, etat, dejaEnvoye } = await client.send(message, { ...appel, deadlineMs });
    return { messageSid: messageSid ?? null, etat, dejaEnvoye };
  };
}
