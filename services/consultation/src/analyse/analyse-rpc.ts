import { RelancerFicheResponseSchema, type FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { demande, enReponse } from '../fiche/demande-rpc.ts';
import { signeMessage } from '../fiche/vue-rpc.ts';
import type { createGetFicheClinique } from './get-fiche-clinique.ts';
import type { createRelancerFiche } from './relancer-fiche.ts';

export type AnalyseUseCases = {
  relancerFiche: ReturnType<typeof createRelancerFiche>;
  getFicheClinique: ReturnType<typeof createGetFicheClinique>;
};

/** Seconds after which an analysis is usually there. */
const DUREE_HABITUELLE_S = 30;

/** Messages <-> use cases about analyses. */
export function createAnalyseRpc({ relancerFiche, getFicheClinique }: AnalyseUseCases) {
  return {
    relancerFiche: async (request, ctx) => {
      const reponse = enReponse(RelancerFicheResponseSchema, ({ fiche }) => ({ taskId: fiche.analyse_task_id ?? '', status: fiche.status, estimatedSeconds: DUREE_HABITUELLE_S }));
      return reponse.lire(await relancerFiche(demande('RelancerFiche', request, ctx, reponse.ecrire)));
    },
    getFicheClinique: async ({ id }, ctx) => {
      const { fiche, lignes, iaPermise } = await getFicheClinique({ acteur: acteurOf(ctx), id });
      return {
        version: fiche.version,
        lignes: [...lignes],
        urgenceRegles: fiche.urgence_regles,
        signesAlerte: fiche.signes_alerte.map(signeMessage),
        iaPermise,
        userId: fiche.user ?? undefined,
        etablissementId: fiche.etablissement_id,
      };
    },
  } satisfies Handlers<typeof FicheService>;
}
