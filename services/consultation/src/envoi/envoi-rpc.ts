import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { SendNotificationResponseSchema, SendWhatsappResponseSchema, type FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { cleIdempotence, lecture } from '../fiche/demande-rpc.ts';
import type { createGetDestinataire } from './get-destinataire.ts';
import type { createSendNotification, Envoye } from './send-notification.ts';

export type EnvoiUseCases = {
  sendNotification: ReturnType<typeof createSendNotification>;
  getDestinataire: ReturnType<typeof createGetDestinataire>;
};

const parWhatsapp = ({ messageSid, etat, success, detail }: Envoye): MessageInitShape<typeof SendWhatsappResponseSchema> => ({ messageSid: messageSid ?? undefined, status: etat, success, detail });
const parCanal = ({ messageSid, etat, detail }: Envoye): MessageInitShape<typeof SendNotificationResponseSchema> => ({ messageSid: messageSid ?? undefined, status: etat, detail });
const ecrireWhatsapp = (envoye: Envoye): Uint8Array => toBinary(SendWhatsappResponseSchema, create(SendWhatsappResponseSchema, parWhatsapp(envoye)));
const ecrireCanal = (envoye: Envoye): Uint8Array => toBinary(SendNotificationResponseSchema, create(SendNotificationResponseSchema, parCanal(envoye)));

/** Messages <-> use cases about telling the patient. */
export function createEnvoiRpc({ sendNotification, getDestinataire }: EnvoiUseCases) {
  return {
    sendWhatsapp: async (request, ctx) => {
      const { forceResend } = request;
      const reponse = await sendNotification({ ...lecture(request, ctx), canal: 'whatsapp', forceResend, idempotence: cleIdempotence('SendWhatsapp', request, ctx, ecrireWhatsapp) });
      return 'envoye' in reponse ? parWhatsapp(reponse.envoye) : fromBinary(SendWhatsappResponseSchema, reponse.rejouee);
    },
    sendNotification: async (request, ctx) => {
      const { canal, forceResend } = request;
      const reponse = await sendNotification({ ...lecture(request, ctx), canal, forceResend, idempotence: cleIdempotence('SendNotification', request, ctx, ecrireCanal) });
      return 'envoye' in reponse ? parCanal(reponse.envoye) : fromBinary(SendNotificationResponseSchema, reponse.rejouee);
    },
    getDestinataire: async ({ ficheId }, ctx) => {
      const { fiche, contenuCle } = await getDestinataire({ acteur: acteurOf(ctx), id: ficheId });
      return {
        telephone: fiche.telephone_e164 ?? undefined,
        prenom: fiche.prenom ?? '',
        numeroDossier: fiche.numero_dossier,
        userId: fiche.user ?? undefined,
        contenuCle,
        status: fiche.status,
        etablissementId: fiche.etablissement_id,
      };
    },
  } satisfies Handlers<typeof FicheService>;
}
