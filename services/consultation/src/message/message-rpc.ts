import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { CreateFicheMessageResponseSchema, type DossierService } from '@mediai/contracts/consultation/v1/dossier_service';
import type { Handlers } from '@mediai/kit/grpc';
import { cleIdempotence, enReponse, lecture } from '../fiche/demande-rpc.ts';
import type { createCreateFicheMessage, MessageEcrit } from './create-message.ts';
import type { createListFicheMessages, MessageNomme } from './list-messages.ts';

export type MessageUseCases = { listFicheMessages: ReturnType<typeof createListFicheMessages>; createFicheMessage: ReturnType<typeof createCreateFicheMessage> };

/** A message of a fiche as it goes over the wire. */
export const versMessage = ({ id, fiche, author, username, nom, content, created_at }: MessageNomme) => ({
  id, fiche, author, authorUsername: username, authorName: nom === '' ? username : nom, content, createdAt: timestampFromDate(created_at),
});
const creation = enReponse(CreateFicheMessageResponseSchema, (message: MessageEcrit) => ({ message: versMessage(message), urgence: message.urgence, orientation: message.orientation }), (premiere) => ({ ...premiere, replayed: true }));

/** Messages <-> use cases about the messages of a fiche. */
export function createMessageRpc({ listFicheMessages, createFicheMessage }: MessageUseCases) {
  return {
    listFicheMessages: async ({ fiche }, ctx) => ({ messages: (await listFicheMessages(lecture({ id: fiche }, ctx))).map(versMessage) }),
    createFicheMessage: async (request, ctx) =>
      creation.lire(await createFicheMessage({ ...lecture({ id: request.fiche }, ctx), content: request.content, idempotence: cleIdempotence('CreateFicheMessage', request, ctx, creation.ecrire) })),
  } satisfies Handlers<typeof DossierService>;
}
