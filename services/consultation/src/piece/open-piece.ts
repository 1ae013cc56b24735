import { AppError } from '@mediai/kit/errors';
import { exiger, type Action } from '../acces/acces.ts';
import type { Lecture, OpenFiche, Ouverture } from '../fiche/open-fiche.ts';
import type { Piece } from './piece.ts';

/** A piece that the actor may act on, with its fiche. */
export interface OuverturePiece<P> extends Ouverture {
  readonly piece: P;
}

type Needs<P> = { openFiche: OpenFiche; find: (id: number) => Promise<P | undefined>; introuvable: () => AppError };

/** No fiche has this id: who asks for a piece that is not there waits as long as who asks for another's. */
const AUCUNE_FICHE = 0;

/**
 * Finds a piece for an act of someone who may do it, by opening its fiche.
 * @throws AppError not_found `introuvable` for what is missing or not theirs to see, and what opening a fiche throws
 */
export function createOpenPiece<P extends Piece>({ openFiche, find, introuvable }: Needs<P>) {
  return async (action: Action, { id, ...lecture }: Lecture): Promise<OuverturePiece<P>> => {
    exiger(lecture.acteur, action);
    const piece = await find(id);
    try {
      const ouverture = await openFiche(action, { ...lecture, id: piece?.fiche ?? AUCUNE_FICHE });
      if (piece) return { ...ouverture, piece };
    } catch (error) {
      throw error instanceof AppError && error.kind === 'not_found' ? introuvable() : error;
    }
    throw introuvable();
  };
}

export type OpenPiece<P> = (action: Action, lecture: Lecture) => Promise<OuverturePiece<P>>;
