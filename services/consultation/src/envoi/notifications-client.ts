import type { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import type { GrpcClient } from '@mediai/kit/grpc';
import type { Envoyer } from './send-notification.ts';

/** Hands a message to notifications with the médecin's own token; the provider may take some seconds. */
export function createEnvoyer({ client, deadlineMs = 9_000 }: { client: GrpcClient<typeof NotificationsService>; deadlineMs?: number }): Envoyer {
  return async (envoi, appel) => {
    const { messageSid, etat, dejaEnvoye } = await client.send({ modele: 'fiche_prete', ...envoi }, { ...appel, deadlineMs });
    return { messageSid: messageSid ?? null, etat, dejaEnvoye };
  };
}
