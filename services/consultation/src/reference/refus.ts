import { invalid, notFound, type AppError } from '@mediai/kit/errors';
import { jourEtHeure } from '../fiche/jour.ts';
import type { Annuaire } from '../fiche/ports.ts';
import type { Refuser } from '../piece/write-piece.ts';
import { REFERENCES_MAX } from './reference.ts';

export const referenceIntrouvable = (): AppError => notFound('reference.introuvable', 'Référence introuvable.');

/** Why a reference was not written, as a client reads it. */
export const REFUS: Refuser = {
  pleine: () => invalid({ non_field_errors: [`Cette fiche compte déjà ${REFERENCES_MAX} références, le maximum.`] }, 'reference.trop_nombreuses'),
  double: () => invalid({ title: ['Cette fiche a déjà une référence de ce titre.'] }, 'reference.titre_double'),
  absente: referenceIntrouvable,
};

/** The year it is in an établissement. */
export async function anneeDe(annuaire: Pick<Annuaire, 'etablissement'>, etablissementId: number, maintenant: Date): Promise<number> {
  const { fuseau } = await annuaire.etablissement(etablissementId);
  return Number(jourEtHeure(maintenant, fuseau).jour.slice(0, 4));
}
