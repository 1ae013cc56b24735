import type { Lecture, NoterLecture } from '../fiche/open-fiche.ts';
import type { FichierLu, LireFichier } from '../fichier/lire-fichier.ts';
import { fichierIntrouvable } from '../fichier/ports.ts';
import type { OpenPiece } from '../piece/open-piece.ts';
import type { LabResult } from './lab-result.ts';

type Needs = { openPiece: OpenPiece<LabResult>; noterLecture: NoterLecture; lireFichier: LireFichier };

/** The file of a result, which is an opening of its fiche. @throws AppError not_found, also `fichier.introuvable` where it has none; forbidden, unavailable */
export function createDownloadLabResult({ openPiece, noterLecture, lireFichier }: Needs) {
  return async (lecture: Lecture): Promise<FichierLu> => {
    const ouverture = await openPiece('telecharger_resultat', lecture);
    const { fichier } = ouverture.piece;
    if (fichier === null) throw fichierIntrouvable();
    const lu = await lireFichier(fichier.id);
    await noterLecture(ouverture);
    return lu;
  };
}
