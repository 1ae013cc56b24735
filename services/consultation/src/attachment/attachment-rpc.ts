import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import * as messages from '@mediai/contracts/consultation/v1/attachment_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { enReponse, lecture } from '../fiche/demande-rpc.ts';
import type { Annuaire } from '../fiche/ports.ts';
import { lireEnvoi, versMessages } from '../fichier/envoi-rpc.ts';
import type { ListPieces, PagePieces } from '../piece/list-pieces.ts';
import type { Attachment } from './attachment.ts';
import type { createCreateAttachment } from './create-attachment.ts';
import type { AttachmentActs } from './open-attachment.ts';

export type AttachmentUseCases = AttachmentActs & {
  createAttachment: ReturnType<typeof createCreateAttachment>;
  listAttachments: (demande: ListPieces) => Promise<PagePieces<Attachment>>;
  /** What users are called, in one batch. */
  nommer: Annuaire['nommer'];
};

type Message = MessageInitShape<typeof messages.AttachmentSchema>;

/** Messages <-> use cases about attachments. */
export function createAttachmentRpc(cas: AttachmentUseCases) {
  const versListe = async (attachments: readonly Attachment[]): Promise<Message[]> => {
    const noms = await cas.nommer([...new Set(attachments.flatMap(({ uploaded_by }) => uploaded_by ?? []))]);
    return attachments.map((attachment) => versMessage(attachment, attachment.uploaded_by === null ? undefined : noms.get(attachment.uploaded_by)?.username));
  };
  const une = async (attachment: Attachment): Promise<{ attachment: Message | undefined }> => ({ attachment: (await versListe([attachment]))[0] });

  return {
    listAttachments: async ({ fiche: ficheId, page, pageSize, cursor }, ctx) => {
      const { pieces, suite: nextCursor, count, countExact } = await cas.listAttachments({ acteur: acteurOf(ctx), ficheId, page, pageSize, cursor, motif: ctx.accessReason });
      return { attachments: await versListe(pieces), nextCursor, count, countExact };
    },
    createAttachment: async (requests, ctx) => {
      const acteur = acteurOf(ctx);
      const nom = (await cas.nommer([acteur.id])).get(acteur.id)?.username; // before the transaction, which waits for nobody
      const creation = enReponse(messages.CreateAttachmentResponseSchema, (attachment: Attachment) => ({ attachment: versMessage(attachment, nom) }), (premiere) => ({ ...premiere, replayed: true }));
      const envoi = await lireEnvoi<messages.AttachmentFormulaire>(requests);
      const cle = ctx.idempotencyKey;
      const idempotence =
        cle === undefined
          ? undefined
          : ({ sha256, nom: nomFichier }: { sha256: Uint8Array; nom: string }) => {
              const formulaire = toBinary(messages.AttachmentFormulaireSchema, create(messages.AttachmentFormulaireSchema, envoi.formulaire()));
              return { route: 'CreateAttachment', cle, corps: Buffer.concat([sha256, Buffer.from(`${nomFichier}\0`), formulaire]), ecrire: creation.ecrire };
            };
      return creation.lire(await cas.createAttachment({ acteur, motif: ctx.accessReason, ...envoi, idempotence }));
    },
    getAttachment: async (request, ctx) => une(await cas.getAttachment(lecture(request, ctx))),
    updateAttachment: async ({ kind, note, complet, ...request }, ctx) => une(await cas.updateAttachment({ ...lecture(request, ctx), dits: { kind, note }, complet })),
    deleteAttachment: async (request, ctx) => {
      await cas.deleteAttachment(lecture(request, ctx));
      return {};
    },
    downloadAttachment: async function* (request, ctx) {
      yield* versMessages(await cas.downloadAttachment(lecture(request, ctx)));
    },
  } satisfies Handlers<typeof messages.AttachmentService>;
}

/** An attachment as a message, with what its uploader is called. */
export function versMessage({ id, fiche, kind, note, uploaded_by: uploadedBy, created_at, fichier }: Attachment, uploadedByUsername: string | undefined): Message {
  const { nom, typeMime, taille, extension } = fichier;
  return { id, fiche, kind, note: note ?? undefined, uploadedBy: uploadedBy ?? undefined, uploadedByUsername, createdAt: timestampFromDate(created_at), nom, typeMime, taille: BigInt(taille), extension };
}
