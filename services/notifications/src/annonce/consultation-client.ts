import type { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { AppError } from '@mediai/kit/errors';
import type { GrpcClient } from '@mediai/kit/grpc';
import type { Destinataire } from './resolve-annonce.ts';

export type ConsultationClient = GrpcClient<typeof FicheService>;

/** Asks consultation, as this service, whom to tell about a fiche. */
export function createAskDestinataire(consultation: Pick<ConsultationClient, 'getDestinataire'>, serviceToken: () => Promise<string>) {
  return async (ficheId: number): Promise<Destinataire | undefined> => {
    try {
      const answer = await consultation.getDestinataire({ ficheId }, { token: await serviceToken() });
      const { prenom, numeroDossier, contenuCle, status, etablissementId } = answer;
      return { telephone: answer.telephone ?? null, prenom, numeroDossier, userId: answer.userId ?? null, contenuCle, status, etablissementId };
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not_found') return undefined;
      throw error;
    }
  };
}
