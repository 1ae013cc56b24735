import type { AppError } from '@mediai/kit/errors';
import type { Action } from '../acces/acces.ts';
import type { Lecture } from '../fiche/open-fiche.ts';
import type { OpenPiece } from './open-piece.ts';
import { exigerAuteur, type Piece, type PieceStore } from './piece.ts';
import type { WritePiece } from './write-piece.ts';

type Needs<P extends Piece> = { openPiece: OpenPiece<P>; writePiece: WritePiece; store: Pick<PieceStore<P, never>, 'delete'>; introuvable: () => AppError; action: Action };

/**
 * Deletes a piece softly: it is shown to nobody any more, and stays.
 * @throws AppError forbidden `piece.pas_la_votre`, invalid `fiche.etat_invalide`, conflict, not_found
 */
export function createDeletePiece<P extends Piece>({ openPiece, writePiece, store, introuvable, action }: Needs<P>) {
  return async (lecture: Lecture): Promise<void> => {
    await writePiece(
      action,
      lecture,
      (ouvrant) => openPiece(action, { ...ouvrant, id: lecture.id }),
      async ({ fiche, piece }, effets) => {
        exigerAuteur(lecture.acteur, fiche, piece);
        return store.delete(fiche, piece, effets);
      },
      { absente: introuvable },
    );
  };
}
