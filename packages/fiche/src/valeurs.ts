import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';

type ValeurDe<C extends Champ> = C['type'] extends 'booleen' ? boolean : C['type'] extends 'entier' | 'decimal' ? number : string;

/** Name of a field that a client may write. */
export type NomChamp = (typeof CHAMPS)[number]['nom'];

/** Values of a fiche by field name; null where nothing was said. Dates are `YYYY-MM-DD`. */
export type FicheValeurs = { [C in (typeof CHAMPS)[number] as C['nom']]: ValeurDe<C> | null };

/** The table by name. */
export const CHAMP_PAR_NOM: ReadonlyMap<string, Champ> = new Map(CHAMPS.map((c) => [c.nom, c]));
