import { exiger } from '../acces/acces.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { OpenFiche } from '../fiche/open-fiche.ts';
import type { FichierDepose } from '../fichier/ports.ts';
import type { PieceStore } from '../piece/piece.ts';
import type { DemandePiece, WritePiece } from '../piece/write-piece.ts';
import { lireLabResult, RESULTATS_MAX, type EcritureLabResult, type LabResult, type SaisieLabResult, type ValeursLabResult } from './lab-result.ts';
import { REFUS } from './refus.ts';
import type { LectureLabResult } from './triage-lab-result.ts';

export interface CreateLabResult extends DemandePiece<LabResult> {
  readonly saisie: SaisieLabResult;
  /** A deposited file, kept with the result. */
  readonly fichier?: FichierDepose | undefined;
}

type Needs = { openFiche: OpenFiche; writePiece: WritePiece; results: Pick<PieceStore<LabResult, EcritureLabResult>, 'create'>; lectureLabResult: LectureLabResult };

/**
 * Adds a result to a fiche. Triage reads it, in the same transaction: urgency rises at once and never falls.
 * @throws AppError invalid by field; conflict, forbidden, not_found
 */
export function createCreateLabResult({ openFiche, writePiece, results, lectureLabResult }: Needs) {
  return async ({ saisie, fichier, ...demande }: CreateLabResult): Promise<Reponse<LabResult>> => {
    const { acteur, id } = demande;
    exiger(acteur, 'ajouter_resultat');
    const jour = await lectureLabResult.jour(acteur.etablissementId);
    return writePiece(
      'ajouter_resultat',
      demande,
      (ouvrant) => openFiche('ajouter_resultat', { ...ouvrant, id }),
      async ({ fiche }, effets) => {
        const valeurs = lireLabResult(saisie, fiche, { complet: true, jour }) as ValeursLabResult;
        return results.create(fiche, { ...valeurs, fichier }, acteur.id, { ...effets, hausse: lectureLabResult.hausse(fiche, valeurs) }, RESULTATS_MAX);
      },
      REFUS,
    );
  };
}
