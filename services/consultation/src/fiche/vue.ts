import type { Acteur } from '@mediai/kit/acteur';
import { estPatient } from '../acces/acces.ts';
import type { Fiche } from './fiche.ts';

/** A fiche as one reader may see it. */
export interface VueFiche {
  readonly vue: 'patient' | 'medecin';
  /** What this reader may not read is null or empty. */
  readonly fiche: Fiche;
  /** The fixed text: what to do now. */
  readonly orientation: string;
  /** Where the médecin's signature can be seen, for some minutes; null where there is none for this reader. */
  readonly signature?: string | null;
}

/** Writes the fixed orientation of a fiche, with the emergency number of its établissement. */
export type EcrireOrientation = (fiche: Pick<Fiche, 'urgence' | 'signes_alerte'>, telephoneUrgence: string | null) => string;

/**
 * A fiche as an actor may see it.
 *
 * Nothing that an IA wrote reaches a patient before a médecin has validated it: until then `diagnostic_ia` and the four
 * result texts and the signature are null, afterwards `diagnostic_ia` is what the last validation published. Red flags, scores and
 * failures are for médecins.
 */
export function vuePour(acteur: Acteur, fiche: Fiche, orientation: string): VueFiche {
  return estPatient(acteur, fiche) ? { vue: 'patient', fiche: masquer(fiche), orientation } : { vue: 'medecin', fiche, orientation };
}

/** What of a fiche its patient may read; the rest is null or empty. */
export function masquer(fiche: Fiche): Fiche {
  const valide = fiche.status === 'valide_medecin';
  return {
    ...fiche,
    diagnostic_ia: valide ? fiche.diagnostic_ia_publie : null,
    derniere_analyse: null,
    urgence_ia: null,
    signes_alerte: [],
    news2: null,
    signes_non_acquittes: [],
    analyse_echec_code: null,
    analyse_echec_le: null,
    ...(valide ? {} : { signature_medecin: null, diagnostic: null, traitement: null, examen_complementaire: null, recommandations: null }),
  };
}
