import type { Reponse } from '../fiche/change-fiche.ts';
import type { Lecture } from '../fiche/open-fiche.ts';
import type { OpenPiece } from '../piece/open-piece.ts';
import { exigerAuteur } from '../piece/piece.ts';
import type { WritePiece } from '../piece/write-piece.ts';
import { lireDits, type Attachment, type DitsSaisis } from './attachment.ts';
import type { AttachmentStore } from './attachment-store.ts';
import { REFUS } from './refus.ts';

export interface UpdateAttachment extends Lecture {
  readonly dits: DitsSaisis;
  /** True for PUT: what was not said goes back to its default. */
  readonly complet: boolean;
}

type Needs = { openPiece: OpenPiece<Attachment>; writePiece: WritePiece; attachments: Pick<AttachmentStore, 'update'> };

/**
 * Changes what is said of an attachment; its file stays.
 * @throws AppError invalid by field, forbidden `piece.pas_la_votre`, invalid `fiche.etat_invalide`, conflict, not_found
 */
export function createUpdateAttachment({ openPiece, writePiece, attachments }: Needs) {
  return ({ dits, complet, ...demande }: UpdateAttachment): Promise<Reponse<Attachment>> =>
    writePiece(
      'modifier_attachment',
      demande,
      (ouvrant) => openPiece('modifier_attachment', { ...ouvrant, id: demande.id }),
      async ({ fiche, piece }, effets) => {
        exigerAuteur(demande.acteur, fiche, piece);
        return attachments.update(fiche, piece, lireDits(dits, complet ? undefined : piece), effets);
      },
      REFUS,
    );
}
