import type { MessageEntrantService } from '@mediai/contracts/consultation/v1/message_entrant_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import type { createTakeInboundMessage } from './take-inbound-message.ts';

export type EntrantUseCases = { takeInboundMessage: ReturnType<typeof createTakeInboundMessage> };

/** Messages <-> the use case about what patients write elsewhere. */
export function createEntrantRpc({ takeInboundMessage }: EntrantUseCases) {
  return {
    takeInboundMessage: async ({ telephoneE164, contenu, sourceId, etablissementId }, ctx) => {
      const recu = await takeInboundMessage({ acteur: acteurOf(ctx), telephone: telephoneE164, contenu, sourceId, etablissementId: etablissementId === 0 ? null : etablissementId });
      return { ficheId: recu.ficheId, messageId: recu.message?.id, userId: recu.message?.author, etablissementId: recu.etablissementId };
    },
  } satisfies Handlers<typeof MessageEntrantService>;
}
