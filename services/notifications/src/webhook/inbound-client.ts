import type { MessageEntrantService } from '@mediai/contracts/consultation/v1/message_entrant_service';
import { AppError } from '@mediai/kit/errors';
import type { GrpcClient } from '@mediai/kit/grpc';

export type Entrant = { telephone: string; contenu: string; sourceId: string; etablissementId: number | null };
/** Where a message went; without a message where the fiche's patient has no account. */
export type Recu = { ficheId: number; messageId: number | null; userId: number | null; etablissementId: number };

/** Brings a message to the patient's latest fiche, once; undefined when nobody has that phone. @throws AppError unavailable, deadline */
export type BringMessage = (entrant: Entrant) => Promise<Recu | undefined>;

/** Has consultation put a message on a fiche, as this service. */
export function createBringMessage(consultation: Pick<GrpcClient<typeof MessageEntrantService>, 'takeInboundMessage'>, serviceToken: () => Promise<string>): BringMessage {
  return async ({ telephone, contenu, sourceId, etablissementId }) => {
    try {
      const { ficheId, messageId, userId, etablissementId: celui } = await consultation.takeInboundMessage(
        { telephoneE164: telephone, contenu, sourceId, etablissementId: etablissementId ?? 0 },
        { token: await serviceToken() },
      );
      return { ficheId, messageId: messageId ?? null, userId: userId ?? null, etablissementId: celui };
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not_found') return undefined;
      throw error;
    }
  };
}
