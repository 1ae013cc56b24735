import type { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import type { Handlers } from '@mediai/kit/grpc';
import { lecture, lireActeur } from '../fiche/demande-rpc.ts';
import type { createGetDestinataire } from './get-destinataire.ts';
import type { createSendWhatsapp } from './send-whatsapp.ts';

export type EnvoiUseCases = {
  sendWhatsapp: ReturnType<typeof createSendWhatsapp>;
  getDestinataire: ReturnType<typeof createGetDestinataire>;
};

/** Messages <-> use cases about telling the patient. */
export function createEnvoiRpc({ sendWhatsapp, getDestinataire }: EnvoiUseCases) {
  return {
    sendWhatsapp: async (request, ctx) => {
      const { messageSid, etat, success, detail } = await sendWhatsapp({ ...lecture(request, ctx), forceResend: request.forceResend, idempotencyKey: ctx.idempotencyKey });
      return { messageSid: messageSid ?? undefined, status: etat, success, detail };
    },
    getDestinataire: async ({ ficheId }, ctx) => {
      const { fiche, contenuCle } = await getDestinataire({ acteur: lireActeur(ctx), id: ficheId });
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
