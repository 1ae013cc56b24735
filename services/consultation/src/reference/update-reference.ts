import { exiger } from '../acces/acces.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { Lecture } from '../fiche/open-fiche.ts';
import type { Annuaire, Horloge } from '../fiche/ports.ts';
import type { OpenPiece } from '../piece/open-piece.ts';
import { exigerAuteur, type PieceStore } from '../piece/piece.ts';
import type { WritePiece } from '../piece/write-piece.ts';
import { lireReference, type Reference, type SaisieReference, type ValeursReference } from './reference.ts';
import { anneeDe, REFUS } from './refus.ts';

export interface UpdateReference extends Lecture {
  readonly saisie: SaisieReference;
  /** True for PUT. */
  readonly complet: boolean;
}

type Needs = { openPiece: OpenPiece<Reference>; writePiece: WritePiece; references: Pick<PieceStore<Reference, ValeursReference>, 'update'>; annuaire: Pick<Annuaire, 'etablissement'>; clock: Horloge };

/**
 * Changes a reference.
 * @throws AppError as adding one, and forbidden `piece.pas_la_votre`, invalid `fiche.etat_invalide`
 */
export function createUpdateReference({ openPiece, writePiece, references, annuaire, clock }: Needs) {
  return async ({ saisie, complet, ...demande }: UpdateReference): Promise<Reponse<Reference>> => {
    const { acteur, id } = demande;
    exiger(acteur, 'modifier_reference');
    const annee = await anneeDe(annuaire, acteur.etablissementId, clock());
    const valeurs = lireReference(saisie, { complet, annee });
    return writePiece(
      'modifier_reference',
      demande,
      (ouvrant) => openPiece('modifier_reference', { ...ouvrant, id }),
      async ({ fiche, piece }, effets) => {
        exigerAuteur(acteur, fiche, piece);
        return references.update(fiche, piece, valeurs, effets);
      },
      REFUS,
    );
  };
}
