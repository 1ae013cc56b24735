import { ecrirePlace, rangDe } from '@mediai/kit/page';
import type { FicheStore } from '../fiche/ports.ts';
import type { FiltrePieces, PageListee } from './piece.ts';

/** A page of pieces without a database, as `listerPieces` makes it. @param pieces newest first */
export async function listerEnMemoire<P extends { readonly id: number; readonly fiche: number }>(pieces: readonly P[], fiches: Pick<FicheStore, 'find'>, filtre: FiltrePieces): Promise<PageListee<P>> {
  const { ficheId, user, etablissementId, visibleDe, apres, pageSize } = filtre;
  const trouvees = [];
  for (const piece of pieces) {
    const fiche = await fiches.find(piece.fiche);
    const convient = fiche && (ficheId === undefined || fiche.id === ficheId) && (user === undefined || fiche.user === user) && (etablissementId === undefined || fiche.etablissement_id === etablissementId)
      && (visibleDe === undefined || fiche.assigned_medecin === null || fiche.assigned_medecin === visibleDe || fiche.user === visibleDe);
    if (convient) trouvees.push({ piece, sujet: { id: fiche.id, etablissement_id: fiche.etablissement_id, user: fiche.user } });
  }
  const reste = apres === undefined ? trouvees.slice(rangDe(filtre)) : trouvees.filter(({ piece }) => piece.id < apres);
  const page = reste.slice(0, pageSize);
  const derniere = page.at(-1);
  return { pieces: page, suite: reste.length > pageSize && derniere ? ecrirePlace(derniere.piece.id) : undefined, count: trouvees.length, countExact: true };
}
