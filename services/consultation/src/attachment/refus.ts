import { AppError, notFound } from '@mediai/kit/errors';
import type { Refuser } from '../piece/write-piece.ts';
import { ATTACHMENTS_MAX } from './attachment.ts';

export const attachmentIntrouvable = (): AppError => notFound('attachment.introuvable', 'Pièce jointe introuvable.');

/** Why an attachment was not written, as a client reads it. */
export const REFUS: Refuser = {
  pleine: () => new AppError('invalid', 'attachment.trop_nombreux', `Une fiche ne peut avoir plus de ${ATTACHMENTS_MAX} pièces jointes.`),
  absente: attachmentIntrouvable,
};
