import type { Acteur } from '@mediai/kit/acteur';
import { forbidden } from '@mediai/kit/errors';
import { ficheIntrouvable } from '../fiche/acces.ts';
import type { Fiche } from '../fiche/fiche.ts';
import type { FicheStore } from '../fiche/ports.ts';
import type { ContenuCle } from './contenu-cle.ts';

/**
 * Whom to tell about a fiche, and the key of what would be told.
 * @throws AppError forbidden for anyone but the service notifications, which alone needs the phone; not_found
 */
export function createGetDestinataire({ fiches, contenuCle }: { fiches: Pick<FicheStore, 'find'>; contenuCle: ContenuCle }) {
  return async ({ acteur, id }: { acteur: Acteur; id: number }): Promise<{ fiche: Fiche; contenuCle: string }> => {
    if (acteur.service !== 'notifications') throw forbidden();
    const fiche = await fiches.find(id);
    if (!fiche) throw ficheIntrouvable();
    return { fiche, contenuCle: contenuCle(fiche) };
  };
}
