import { exiger } from '../acces/acces.ts';
import type { Reponse } from '../fiche/change-fiche.ts';
import type { Lecture } from '../fiche/open-fiche.ts';
import type { FichierDepose } from '../fichier/ports.ts';
import type { OpenPiece } from '../piece/open-piece.ts';
import { exigerAuteur, type PieceStore } from '../piece/piece.ts';
import type { WritePiece } from '../piece/write-piece.ts';
import { lireLabResult, type EcritureLabResult, type LabResult, type SaisieLabResult } from './lab-result.ts';
import { REFUS } from './refus.ts';
import type { LectureLabResult } from './triage-lab-result.ts';

export interface UpdateLabResult extends Lecture {
  readonly saisie: SaisieLabResult;
  /** True for PUT. */
  readonly complet: boolean;
  /** A deposited file in the place of the present one; null lets that go. */
  readonly fichier?: FichierDepose | null | undefined;
}

type Needs = { openPiece: OpenPiece<LabResult>; writePiece: WritePiece; results: Pick<PieceStore<LabResult, EcritureLabResult>, 'update'>; lectureLabResult: LectureLabResult };

/**
 * Changes a result, which triage reads again.
 * @throws AppError as adding one, and forbidden `piece.pas_la_votre`, invalid `fiche.etat_invalide`
 */
export function createUpdateLabResult({ openPiece, writePiece, results, lectureLabResult }: Needs) {
  return async ({ saisie, complet, fichier, ...demande }: UpdateLabResult): Promise<Reponse<LabResult>> => {
    const { acteur, id } = demande;
    exiger(acteur, 'modifier_resultat');
    const jour = await lectureLabResult.jour(acteur.etablissementId);
    return writePiece(
      'modifier_resultat',
      demande,
      (ouvrant) => openPiece('modifier_resultat', { ...ouvrant, id }),
      async ({ fiche, piece }, effets) => {
        exigerAuteur(acteur, fiche, piece);
        const valeurs = lireLabResult(saisie, fiche, { complet, jour });
        return results.update(fiche, piece, { ...valeurs, fichier }, { ...effets, hausse: lectureLabResult.hausse(fiche, { ...piece, ...valeurs }) });
      },
      REFUS,
    );
  };
}
