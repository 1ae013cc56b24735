import type { Action } from '../acces/acces.ts';
import type { Lecture, NoterLecture } from '../fiche/open-fiche.ts';
import type { OpenPiece } from './open-piece.ts';

type Needs<P> = { openPiece: OpenPiece<P>; noterLecture: NoterLecture; action: Action };

/** One piece, which is an opening of its fiche. @throws AppError forbidden by role or `acces.motif_requis`, not_found */
export function createGetPiece<P>({ openPiece, noterLecture, action }: Needs<P>) {
  return async (lecture: Lecture): Promise<P> => {
    const ouverture = await openPiece(action, lecture);
    await noterLecture(ouverture);
    return ouverture.piece;
  };
}
