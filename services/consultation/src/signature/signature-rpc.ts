import * as messages from '@mediai/contracts/consultation/v1/signature_service';
import type { UpdateFicheRequest } from '@mediai/contracts/consultation/v1/fiche_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { demande, enReponse } from '../fiche/demande-rpc.ts';
import { saisieDe, versTextes } from '../fiche/fiche-rpc.ts';
import { versMessage } from '../fiche/vue-rpc.ts';
import { lireEnvoi, versMessages } from '../fichier/envoi-rpc.ts';
import type { createLireSignature } from './lire-signature.ts';
import type { createSignFiche } from './sign-fiche.ts';

export type SignatureUseCases = { signFiche: ReturnType<typeof createSignFiche>; downloadSignature: ReturnType<typeof createLireSignature> };

const signature = enReponse(messages.SignFicheResponseSchema, (vue: Parameters<typeof versMessage>[0]) => ({ fiche: versMessage(vue) }));

/** Messages <-> use cases about signatures. */
export function createSignatureRpc(cas: SignatureUseCases) {
  return {
    signFiche: async (requests, ctx) => {
      const { nom, contenu, formulaire } = await lireEnvoi<UpdateFicheRequest>(requests);
      const change = () => {
        const request = formulaire();
        return { ...demande('UpdateFiche', request, ctx), saisie: saisieDe(request.fiche), complet: request.complet, user: request.user, textes: versTextes(request.textes) };
      };
      return signature.lire(await cas.signFiche({ acteur: acteurOf(ctx), nom, contenu, formulaire: change }));
    },
    downloadSignature: async function* ({ jeton }) {
      yield* versMessages(await cas.downloadSignature(jeton));
    },
  } satisfies Handlers<typeof messages.SignatureService>;
}
