import { AssignMedecinResponseSchema, RestoreFicheResponseSchema, type DossierService } from '@mediai/contracts/consultation/v1/dossier_service';
import type { Handlers } from '@mediai/kit/grpc';
import type { createAssignMedecin } from './assign-medecin.ts';
import { demande, enReponse } from './demande-rpc.ts';
import type { createRestoreFiche } from './restore-fiche.ts';
import { versMessage } from './vue-rpc.ts';
import type { VueFiche } from './vue.ts';

export type DossierUseCases = { assignMedecin: ReturnType<typeof createAssignMedecin>; restoreFiche: ReturnType<typeof createRestoreFiche> };

const ficheDe = (vue: VueFiche) => ({ fiche: versMessage(vue) });
const assignation = enReponse(AssignMedecinResponseSchema, ficheDe);
const restauration = enReponse(RestoreFicheResponseSchema, ficheDe);

/** Messages <-> use cases about whom a fiche is with, and whether it is there. */
export function createDossierRpc(cas: DossierUseCases) {
  return {
    assignMedecin: async (request, ctx) => assignation.lire(await cas.assignMedecin({ ...demande('AssignMedecin', request, ctx, assignation.ecrire), medecin: request.medecinId ?? null })),
    restoreFiche: async (request, ctx) => restauration.lire(await cas.restoreFiche(demande('RestoreFiche', request, ctx, restauration.ecrire))),
  } satisfies Handlers<typeof DossierService>;
}
