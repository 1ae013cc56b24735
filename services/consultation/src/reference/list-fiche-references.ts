import type { Lecture, NoterLecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { PieceStore } from '../piece/piece.ts';
import { REFERENCES_MAX, type Reference, type ValeursReference } from './reference.ts';

type Needs = { openFiche: OpenFiche; noterLecture: NoterLecture; references: Pick<PieceStore<Reference, ValeursReference>, 'listOfFiche'> };

/** All references of a fiche, newest first. @throws AppError forbidden by role or `acces.motif_requis`, not_found */
export function createListFicheReferences({ openFiche, noterLecture, references }: Needs) {
  return async (lecture: Lecture): Promise<Reference[]> => {
    const ouverture = await openFiche('lister_references', lecture);
    await noterLecture(ouverture);
    return references.listOfFiche(ouverture.fiche.id, REFERENCES_MAX);
  };
}
