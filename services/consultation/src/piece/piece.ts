import type { Acteur } from '@mediai/kit/acteur';
import { AppError, forbidden } from '@mediai/kit/errors';
import type { Compte, Page } from '@mediai/kit/page';
import { estPatient, type Objet } from '../acces/acces.ts';
import type { Acte, Cle, Sujet } from '../acces/journal.ts';
import type { Changement, Fiche } from '../fiche/fiche.ts';

/** What lies under a fiche: a reference, a result of a laboratory, an attachment. */
export interface Piece {
  readonly id: number;
  readonly fiche: number;
  /** User id of who added it; null for an account that is no more. */
  readonly auteur: number | null;
  readonly created_at: Date;
}

/** What is committed together with a piece. */
export interface EffetsPiece<P> {
  readonly acte: Acte;
  readonly idempotence?: (Cle & { readonly ecrire: (piece: P) => Uint8Array }) | undefined;
  /** What the piece raises of its fiche; null for nothing. */
  readonly hausse?: Changement | null | undefined;
}

/** Why a piece was not written: its fiche changed meanwhile; as many are there as may be; it is there already; it is gone. */
export type NonEcrite = 'perdue' | 'pleine' | 'double' | 'absente';
export type EcriturePiece<P> = { readonly ecrite: P } | { readonly rejouee: Uint8Array } | NonEcrite;

/** Of one fiche, or of those in somebody's reach. */
export type FiltrePieces = Page & { /** Read on behind this id; the page's number then counts for nothing. */ readonly apres?: number | undefined; readonly ficheId?: number | undefined; readonly user?: number | undefined; readonly etablissementId?: number | undefined; readonly visibleDe?: number | undefined };

/** A piece in a list, with what of its fiche is noted and decides. */
export interface PieceListee<P> {
  readonly piece: P;
  readonly sujet: Sujet & Pick<Objet, 'user'>;
}

/** A page of a list, and the place behind it where there is more. */
export type PageListee<P> = { readonly pieces: readonly PieceListee<P>[]; readonly suite: string | undefined } & Compte;

/** Pieces of one kind. Each write commits with its audit row, its key and what it raises, on the version of the fiche that was read. */
export interface PieceStore<P extends Piece, V> {
  /** Not deleted itself; whether its fiche is, opening it tells. */
  find(id: number): Promise<P | undefined>;
  /** Newest first, of fiches that are not deleted; the count is exact up to 10 000. */
  list(filtre: FiltrePieces): Promise<PageListee<P>>;
  /** All of one fiche, newest first, `limite` at most. */
  listOfFiche(ficheId: number, limite: number): Promise<P[]>;
  create(fiche: Fiche, valeurs: V, auteur: number, effets: EffetsPiece<P>, limite: number): Promise<EcriturePiece<P>>;
  update(fiche: Fiche, piece: P, valeurs: Partial<V>, effets: EffetsPiece<P>): Promise<EcriturePiece<P>>;
  /** Softly. */
  delete(fiche: Fiche, piece: P, effets: EffetsPiece<P>): Promise<EcriturePiece<P>>;
}

/**
 * A patient changes and deletes only what they added themselves, while the fiche is not validated: what a médecin relied
 * on stays as it was.
 * @throws AppError forbidden `piece.pas_la_votre`, invalid `fiche.etat_invalide`
 */
export function exigerAuteur(acteur: Acteur, fiche: Fiche, piece: Piece): void {
  if (!estPatient(acteur, fiche)) return;
  if (piece.auteur !== acteur.id) throw forbidden('piece.pas_la_votre', "Vous ne pouvez changer que ce que vous avez ajouté vous-même.");
  if (fiche.status === 'valide_medecin') throw new AppError('invalid', 'fiche.etat_invalide', 'Cette fiche est validée : ce qui y est joint ne peut plus être changé.');
}
