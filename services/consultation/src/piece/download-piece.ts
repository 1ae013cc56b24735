import type { Action } from '../acces/acces.ts';
import type { Lecture, NoterLecture } from '../fiche/open-fiche.ts';
import type { FichierLu, LireFichier } from '../fichier/lire-fichier.ts';
import { fichierIntrouvable, type FichierDepose } from '../fichier/ports.ts';
import type { OpenPiece } from './open-piece.ts';

type AvecFichier = { readonly fichier: Pick<FichierDepose, 'id'> | null };
type Needs = { openPiece: OpenPiece<AvecFichier>; noterLecture: NoterLecture; lireFichier: LireFichier; action: Action };

/** The file of a piece, which is an opening of its fiche. @throws AppError not_found, also `fichier.introuvable` where it has none; forbidden, unavailable */
export function createDownloadPiece({ openPiece, noterLecture, lireFichier, action }: Needs) {
  return async (lecture: Lecture): Promise<FichierLu> => {
    const ouverture = await openPiece(action, lecture);
    const { fichier } = ouverture.piece;
    if (fichier === null) throw fichierIntrouvable();
    const lu = await lireFichier(fichier.id);
    await noterLecture(ouverture);
    return lu;
  };
}
