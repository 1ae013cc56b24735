import type { Champ, Choix } from './champ.ts';
import { CHAMPS, LISTES } from './champs.ts';

/** Choices as clients ask for them. */
export type ListesDeChoix = Record<string, { value: string; label: string }[]>;

const nomDe = (choix: Choix, champ: Champ): string => Object.entries(LISTES).find(([, liste]) => liste === choix)?.[0] ?? champ.nom;

/**
 * The lists of choices of a fiche: by the list's name where fields share one (`frequence`), else by the field's.
 * @param champs the table of fields
 * @returns for each list what is sent (`value`) and what is shown (`label`), in the order of the paper fiche
 */
export function champsChoix(champs: readonly Champ[] = CHAMPS): ListesDeChoix {
  const listes = champs.flatMap((champ) => (champ.choix ? [[nomDe(champ.choix, champ), champ.choix] as const] : []));
  return Object.fromEntries(listes.map(([nom, choix]) => [nom, choix.map(({ valeur, libelle }) => ({ value: valeur, label: libelle }))]));
}
