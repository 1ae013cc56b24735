import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { SendWhatsappResponseSchema, type FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { cleIdempotence, lecture } from '../fiche/demande-rpc.ts';
import type { createGetDestinataire } from './get-destinataire.ts';
import type { createSendWhatsapp, Envoye } from './send-whatsapp.ts';

export type EnvoiUseCases = {
  sendWhatsapp: ReturnType<typeof createSendWhatsapp>;
  getDestinataire: ReturnType<typeof createGetDestinataire>;
};

const versInit = ({ messageSid, etat, success, detail }: Envoye): MessageInitShape<typeof SendWhatsappResponseSchema> => ({ messageSid: messageSid ?? undefined, status: etat, success, detail });
const ecrire = (envoye: Envoye): Uint8Array => toBinary(SendWhatsappResponseSchema, create(SendWhatsappResponseSchema, versInit(envoye)));

/** Messages <-> use cases about telling the patient. */
export function createEnvoiRpc({ sendWhatsapp, getDestinataire }: EnvoiUseCases) {
  return {
    sendWhatsapp: async (request, ctx) => {
      const reponse = await sendWhatsapp({ ...lecture(request, ctx), forceResend: request.forceResend, idempotence: cleIdempotence('SendWhatsapp', request, ctx, ecrire) });
      return 'envoye' in reponse ? versInit(reponse.envoye) : fromBinary(SendWhatsappResponseSchema, reponse.rejouee);
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
