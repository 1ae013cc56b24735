import { AppError, invalid, notFound } from '@mediai/kit/errors';
import type { Acteur } from '@mediai/kit/acteur';
import { estPatient, type Objet } from '../acces/acces.ts';
import type { Acte, Cle } from '../acces/journal.ts';
import { transition, type Fiche } from '../fiche/fiche.ts';
import type { FichierDepose } from '../fichier/ports.ts';
import type { FiltrePieces, PageListee } from '../piece/piece.ts';

/** What an attachment may be, as the contract calls it. */
export const KINDS = ['image', 'document', 'xray', 'scan', 'prescription', 'other'] as const;
export type Kind = (typeof KINDS)[number];

/** A file beside a fiche. */
export interface Attachment {
  readonly id: number;
  readonly fiche: number;
  readonly kind: Kind;
  readonly note: string | null;
  /** Null for an account that is no more. */
  readonly uploaded_by: number | null;
  readonly created_at: Date;
  readonly fichier: FichierDepose;
}

/** What people say of it. */
export type Dits = Pick<Attachment, 'kind' | 'note'>;
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

/**
 * Whether an actor who may open the fiche may change or delete what lies beside it: who cares for it always may; who
 * stands before it as its patient only what they uploaded themselves, and only while it is not validated.
 * @throws AppError forbidden `attachment.pas_le_votre`, invalid `fiche.etat_invalide`
 */
export function exigerSien(acteur: Acteur, fiche: Objet & Pick<Fiche, 'status'>, { uploaded_by: par }: Pick<Attachment, 'uploaded_by'>): void {
  if (!estPatient(acteur, fiche)) return;
  if (par !== acteur.id) throw new AppError('forbidden', 'attachment.pas_le_votre', "Seul qui a envoyé ce fichier, ou l'équipe soignante, peut le modifier ou le supprimer.");
  transition(fiche.status, 'supprimer_patient');
}

/** Files that lie beside one fiche at most, deleted ones included: their bytes stay. */
export const ATTACHMENTS_MAX = 100;
export const tropDAttachments = (): AppError => new AppError('invalid', 'attachment.trop_nombreux', `Une fiche ne peut avoir plus de ${ATTACHMENTS_MAX} pièces jointes.`);

export const attachmentIntrouvable = (): AppError => notFound('attachment.introuvable', 'Pièce jointe introuvable.');

/** The key of a call whose answer is made of the attachment. */
export interface IdempotenceAttachment extends Cle {
  readonly ecrire: (attachment: Attachment) => Uint8Array;
}

/** `perdue`: the fiche has changed since it was read, or is no more; `absent`: the attachment is no more. */
export type NonEcrit = 'perdue' | 'absent';

/** Each write is done on the version of the fiche that was read, and commits with its audit row. */
export interface AttachmentStore {
  find(id: number): Promise<Attachment | undefined>;
  /** Newest first, with what of their fiches is noted of a reading; the count is exact up to 10 000. */
  list(filtre: FiltrePieces): Promise<PageListee<Attachment>>;
  /** Keeps the file too, and the first answer under the key; `plein` where `ATTACHMENTS_MAX` lie there. */
  create(fiche: Fiche, dits: Dits, fichier: FichierDepose, acteur: Pick<Acteur, 'id'>, acte: Acte, idempotence?: IdempotenceAttachment): Promise<{ cree: Attachment } | { rejouee: Uint8Array } | 'perdue' | 'plein'>;
  update(fiche: Fiche, id: number, dits: Dits, acte: Acte): Promise<Attachment | NonEcrit>;
  /** The file stays: nothing of a dossier is destroyed by deleting it. */
  delete(fiche: Fiche, id: number, acte: Acte): Promise<Attachment | NonEcrit>;
}
