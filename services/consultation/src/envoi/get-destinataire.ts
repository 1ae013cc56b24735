import type { Acteur } from '@mediai/kit/acteur';
import type { Fiche } from '../fiche/fiche.ts';
import type { NoterLecture, OpenFiche } from '../fiche/open-fiche.ts';
import type { ContenuCle } from './contenu-cle.ts';

/**
 * Whom to tell about a fiche, and the key of what would be told.
 * @throws AppError forbidden for anyone but the service notifications, which alone needs the phone; not_found
 */
export function createGetDestinataire({ openFiche, noterLecture, contenuCle }: { openFiche: OpenFiche; noterLecture: NoterLecture; contenuCle: ContenuCle }) {
  return async ({ acteur, id }: { acteur: Acteur; id: number }): Promise<{ fiche: Fiche; contenuCle: string }> => {
    const ouverture = await openFiche('lire_destinataire', { acteur, id });
    await noterLecture(ouverture);
    return { fiche: ouverture.fiche, contenuCle: contenuCle(ouverture.fiche) };
  };
}
