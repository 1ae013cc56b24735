import { invalid } from '@mediai/kit/errors';
import type { FichierDepose } from '../fichier/ports.ts';
import type { Piece } from '../piece/piece.ts';

/** What an attachment may be, as the contract calls it. */
export const KINDS = ['image', 'document', 'xray', 'scan', 'prescription', 'other'] as const;
export type Kind = (typeof KINDS)[number];

/** What people say of an attachment. */
export interface Dits {
  readonly kind: Kind;
  readonly note: string | null;
}

/** A file beside a fiche. */
export interface Attachment extends Piece, Dits {
  readonly fichier: FichierDepose;
}

/** What is written of an attachment; the file, that was deposited, only at first. */
export type EcritureAttachment = Dits & Pick<Attachment, 'fichier'>;

export interface DitsSaisis {
  readonly kind?: string | undefined;
  readonly note?: string | undefined;
}

/** Characters of a note. */
export const NOTE_MAX = 5_000;

/**
 * Reads what was said of an attachment.
 * @param avant what stays where nothing was said
 * @throws AppError invalid by field
 */
export function lireDits({ kind, note }: DitsSaisis, avant: Dits = { kind: 'other', note: null }): Dits {
  const erreurs: Record<string, string[]> = {};
  const lu = kind === undefined || kind.trim() === '' ? avant.kind : KINDS.find((un) => un === kind.trim());
  if (lu === undefined) erreurs['kind'] = [`Valeur attendue : ${KINDS.join(', ')}.`];
  const texte = note === undefined ? avant.note : note.trim() || null;
  if (texte !== null && (texte.includes('\0') || !texte.isWellFormed())) erreurs['note'] = ['Ce champ contient des caractères non valides.'];
  else if (texte !== null && [...texte].length > NOTE_MAX) erreurs['note'] = [`Ce champ ne peut dépasser ${NOTE_MAX} caractères.`];
  if (lu === undefined || Object.keys(erreurs).length > 0) throw invalid(erreurs, 'attachment.invalide');
  return { kind: lu, note: texte };
}

/** Files that lie beside one fiche at most, deleted ones included: their bytes stay. */
export const ATTACHMENTS_MAX = 100;
