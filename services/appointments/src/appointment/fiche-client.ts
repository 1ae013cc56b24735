import type { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { AppError } from '@mediai/kit/errors';
import type { GrpcClient } from '@mediai/kit/grpc';
import type { TrouverFiche } from './ports.ts';

export type ConsultationClient = GrpcClient<typeof FicheService>;

const deadlineMs = 3_000;

/** Asks consultation whose a fiche is, with the actor's own token: what the actor may not see does not exist. */
export function createFindFiche(consultation: Pick<ConsultationClient, 'getAccesFiche'>): TrouverFiche {
  return async (acteur, id, motif) => {
    try {
      const { userId, etablissementId } = await consultation.getAccesFiche({ id }, { token: acteur.token, accessReason: motif, deadlineMs });
      return { user: userId ?? null, etablissementId };
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not_found') return undefined;
      throw error;
    }
  };
}
