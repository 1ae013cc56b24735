import { invalid, notFound, type AppError } from '@mediai/kit/errors';
import type { Refuser } from '../piece/write-piece.ts';
import { RESULTATS_MAX } from './lab-result.ts';

export const resultatIntrouvable = (): AppError => notFound('resultat.introuvable', 'Résultat introuvable.');

/** Why a result was not written, as a client reads it. */
export const REFUS: Refuser = {
  pleine: () => invalid({ non_field_errors: [`Cette fiche compte déjà ${RESULTATS_MAX} résultats, le maximum.`] }, 'resultat.trop_nombreux'),
  absente: resultatIntrouvable,
};
