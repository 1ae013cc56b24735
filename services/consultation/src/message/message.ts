import { invalid } from '@mediai/kit/errors';

/** What someone wrote about a fiche; never changed. */
export interface Message {
  readonly id: number;
  readonly fiche: number;
  /** User id of who wrote it. */
  readonly author: number;
  readonly content: string;
  readonly created_at: Date;
}

/** Characters of one message. */
export const CONTENT_MAX = 5_000;
/** Messages of one fiche: all of them are given together. */
export const MESSAGES_MAX = 2_000;

/**
 * What was written, without the blanks around it.
 * @throws AppError invalid `content`
 */
export function lireContent(content: string): string {
  const texte = content.trim();
  const refus = (message: string): Error => invalid({ content: [message] }, 'message.invalide');
  if (texte === '') throw refus('Ce champ ne peut être vide.');
  if (texte.includes('\0') || !texte.isWellFormed()) throw refus('Ce champ contient des caractères non valides.');
  if ([...texte].length > CONTENT_MAX) throw refus(`Ce champ ne peut dépasser ${CONTENT_MAX} caractères.`);
  return texte;
}
