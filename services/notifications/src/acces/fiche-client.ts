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

/** Has consultation judge, and keep, that an actor opens a fiche, or those of a page; with the actor's own token. */
export function createOpenFiches(consultation: Pick<GrpcClient<typeof FicheService>, 'getAccesFiche'>) {
  return {
    /** @throws AppError forbidden, not_found, unavailable */
    async openFiche(id: number, { token }: Acteur, motif: string | undefined): Promise<void> {
      await consultation.getAccesFiche({ id, ouverture: true }, { token, deadlineMs, ...(motif ? { accessReason: motif } : {}) });
    },
    /** Those that the actor may see without a reason. @throws AppError unavailable */
    async openFiches(ids: readonly number[], { token }: Acteur): Promise<ReadonlySet<number>> {
      return new Set((await consultation.getAccesFiche({ ids: [...ids], ouverture: true }, { token, deadlineMs })).ids);
    },
  };
}
