import { exiger } from '../acces/acces.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { OpenFiche } from '../fiche/open-fiche.ts';
import type { Annuaire, Horloge } from '../fiche/ports.ts';
import type { PieceStore } from '../piece/piece.ts';
import type { DemandePiece, WritePiece } from '../piece/write-piece.ts';
import { lireReference, REFERENCES_MAX, type Reference, type SaisieReference, type ValeursReference } from './reference.ts';
import { anneeDe, REFUS } from './refus.ts';

export interface CreateReference extends DemandePiece<Reference> {
  readonly saisie: SaisieReference;
}

type Needs = { openFiche: OpenFiche; writePiece: WritePiece; references: Pick<PieceStore<Reference, ValeursReference>, 'create'>; annuaire: Pick<Annuaire, 'etablissement'>; clock: Horloge };

/**
 * Adds a reference to a fiche.
 * @throws AppError invalid by field, `title` for one that the fiche has already; conflict, forbidden, not_found
 */
export function createCreateReference({ openFiche, writePiece, references, annuaire, clock }: Needs) {
  return async ({ saisie, ...demande }: CreateReference): Promise<Reponse<Reference>> => {
    const { acteur, id } = demande;
    exiger(acteur, 'ajouter_reference');
    const annee = await anneeDe(annuaire, acteur.etablissementId, clock());
    const valeurs = lireReference(saisie, { complet: true, annee }) as ValeursReference;
    return writePiece('ajouter_reference', demande, (ouvrant) => openFiche('ajouter_reference', { ...ouvrant, id }), ({ fiche }, effets) => references.create(fiche, valeurs, acteur.id, effets, REFERENCES_MAX), REFUS);
  };
}
