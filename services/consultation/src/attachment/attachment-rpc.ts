import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import * as messages from '@mediai/contracts/consultation/v1/attachment_service';
import { AppError } from '@mediai/kit/errors';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { enReponse, lecture } from '../fiche/demande-rpc.ts';
import type { Lecture } from '../fiche/open-fiche.ts';
import type { Annuaire } from '../fiche/ports.ts';
import { lireEnvoi, versMessages } from '../fichier/envoi-rpc.ts';
import type { FichierLu } from '../fichier/lire-fichier.ts';
import type { ListPieces, PagePieces } from '../piece/list-pieces.ts';
import type { Attachment } from './attachment.ts';
import type { createCreateAttachment } from './create-attachment.ts';
import type { createUpdateAttachment } from './update-attachment.ts';

export type AttachmentUseCases = {
  listAttachments: (demande: ListPieces) => Promise<PagePieces<Attachment>>;
  getAttachment: (lecture: Lecture) => Promise<Attachment>;
  createAttachment: ReturnType<typeof createCreateAttachment>;
  updateAttachment: ReturnType<typeof createUpdateAttachment>;
  deleteAttachment: (lecture: Lecture) => Promise<void>;
  downloadAttachment: (lecture: Lecture) => Promise<FichierLu>;
  /** What users are called, in one batch. */
  nommer: Annuaire['nommer'];
};

type Message = MessageInitShape<typeof messages.AttachmentSchema>;

/** Messages <-> use cases about attachments. */
export function createAttachmentRpc(cas: AttachmentUseCases) {
  const versListe = async (attachments: readonly Attachment[]): Promise<Message[]> => {
    const noms = await cas.nommer([...new Set(attachments.flatMap(({ auteur }) => auteur ?? []))]);
    return attachments.map((attachment) => versMessage(attachment, attachment.auteur === null ? undefined : noms.get(attachment.auteur)?.username));
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
    updateAttachment: async ({ kind, note, complet, ...request }, ctx) => {
      const reponse = await cas.updateAttachment({ ...lecture(request, ctx), dits: { kind, note }, complet });
      if (!('vue' in reponse)) throw new AppError('internal'); // without a key there is no first answer
      return une(reponse.vue);
    },
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
export function versMessage({ id, fiche, kind, note, auteur, created_at, fichier }: Attachment, uploadedByUsername: string | undefined): Message {
  const { nom, typeMime, taille, extension } = fichier;
  return { id, fiche, kind, note: note ?? undefined, uploadedBy: auteur ?? undefined, uploadedByUsername, createdAt: timestampFromDate(created_at), nom, typeMime, taille: BigInt(taille), extension };
}
