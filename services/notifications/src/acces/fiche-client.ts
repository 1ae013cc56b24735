import type { Acteur } from '@mediai/kit/acteur';
import type { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import type { GrpcClient } from '@mediai/kit/grpc';

const deadlineMs = 3_000;

/** Asks consultation whether an actor may act on a fiche, with the actor's own token: a reason given for it lately counts. */
export function createAskAccess(consultation: Pick<GrpcClient<typeof FicheService>, 'getAccesFiche'>) {
  return async (ficheId: number, { token }: Acteur): Promise<void> => {
    await consultation.getAccesFiche({ id: ficheId }, { token, deadlineMs });
  };
}
