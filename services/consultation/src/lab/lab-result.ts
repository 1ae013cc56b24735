import { estDate } from '@mediai/fiche';
import { invalid } from '@mediai/kit/errors';
import type { Fiche } from '../fiche/fiche.ts';
import type { FichierDepose } from '../fichier/ports.ts';
import { lireTextes } from '../piece/lire-textes.ts';
import type { Piece } from '../piece/piece.ts';

/** The file of a result, as its row knows it. */
export type FichierLab = Pick<FichierDepose, 'id' | 'cle' | 'nom' | 'typeMime' | 'taille'>;

export interface ValeursLabResult {
  readonly type_analyse: string;
  readonly valeur: string;
  readonly unite: string | null;
  readonly valeurs_normales: string | null;
  /** `YYYY-MM-DD`. */
  readonly date_prelevement: string;
  readonly laboratoire: string | null;
  readonly commentaire: string | null;
}

/** One value that a laboratory found. */
export interface LabResult extends Piece, ValeursLabResult {
  readonly fichier: FichierLab | null;
}

/** What is written of a result; a file that was deposited is kept with it, null lets the present one go. */
export type EcritureLabResult = ValeursLabResult & { readonly fichier?: FichierDepose | null | undefined };

/** What a client wrote: what was not sent is absent, null was emptied. */
export type SaisieLabResult = { readonly [N in keyof ValeursLabResult]?: string | null | undefined };

/** Results of one fiche. */
export const RESULTATS_MAX = 2_000;

/** What is taken of each text. */
export const TEXTES_RESULTAT = {
  type_analyse: { max: 100, requis: true }, valeur: { max: 50, requis: true }, unite: { max: 20 }, valeurs_normales: { max: 100 },
  date_prelevement: { max: 10, requis: true }, laboratoire: { max: 255 }, commentaire: { max: 5_000 },
} as const;

/**
 * What was written of a result. A sample is taken of someone who is born, and not tomorrow.
 * @param complet true where it is new or replaced: required fields must be there, the rest is emptied
 * @param jour today in the établissement's zone, `YYYY-MM-DD`
 * @throws AppError invalid with every faulty field
 */
export function lireLabResult(saisie: SaisieLabResult, { date_naissance: naissance }: Pick<Fiche, 'date_naissance'>, { complet, jour }: { complet: boolean; jour: string }): Partial<ValeursLabResult> {
  const dites = Object.fromEntries(Object.entries(saisie).filter(([, texte]) => texte !== undefined)) as Partial<Record<keyof ValeursLabResult, string | null>>;
  const { valeurs, erreurs } = lireTextes(dites, TEXTES_RESULTAT, complet);
  const faute = valeurs.date_prelevement ? fauteDuJour(valeurs.date_prelevement, naissance, jour) : undefined;
  if (dites.date_prelevement && (faute || erreurs['date_prelevement'])) erreurs['date_prelevement'] = [faute ?? JOUR];
  if (Object.keys(erreurs).length > 0) throw invalid(erreurs, 'resultat.invalide');
  return valeurs as Partial<ValeursLabResult>;
}

const JOUR = 'Une date valide est attendue, au format AAAA-MM-JJ.';

function fauteDuJour(date: string, naissance: string | null, jour: string): string | undefined {
  if (!estDate(date)) return JOUR;
  if (date > jour) return 'La date de prélèvement ne peut être dans le futur.';
  return naissance !== null && date < naissance ? 'La date de prélèvement ne peut précéder la naissance.' : undefined;
}

/** What of a result triage reads: what was analysed and found, and the comment. */
export function textesDe({ type_analyse, valeur, unite, commentaire }: Pick<ValeursLabResult, 'type_analyse' | 'valeur' | 'unite' | 'commentaire'>): string[] {
  const ligne = `${type_analyse} : ${[valeur, unite].filter(Boolean).join(' ')}`;
  return commentaire === null ? [ligne] : [ligne, commentaire];
}
