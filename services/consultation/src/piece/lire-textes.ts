/** French messages by field name. */
export type Erreurs = Record<string, string[]>;

export interface RegleTexte {
  readonly max: number;
  readonly requis?: boolean;
}

const OBLIGATOIRE = 'Ce champ est obligatoire.';
const VIDE = 'Ce champ ne peut être vide.';
const CARACTERES = 'Ce champ contient des caractères non valides.';

/**
 * Reads texts of a form by their rules; the blanks around them are dropped, an empty one is null.
 * @param complet what is not there is null, or refused where it is required; else it stays away
 * @returns what was read and the refusals by field
 */
export function lireTextes<N extends string>(saisie: Partial<Record<N, string | null>>, regles: Readonly<Record<N, RegleTexte>>, complet: boolean): { valeurs: Partial<Record<N, string | null>>; erreurs: Erreurs } {
  const valeurs: Partial<Record<N, string | null>> = {};
  const erreurs: Erreurs = {};
  for (const nom of Object.keys(regles) as N[]) {
    const { max, requis = false } = regles[nom];
    const brut = saisie[nom];
    if (brut === undefined && !complet) continue;
    const texte = brut?.trim() || null;
    const erreur = texte === null ? (requis ? (brut === undefined ? OBLIGATOIRE : VIDE) : undefined) : fauteDe(texte, max);
    if (erreur === undefined) valeurs[nom] = texte;
    else erreurs[nom] = [erreur];
  }
  return { valeurs, erreurs };
}

function fauteDe(texte: string, max: number): string | undefined {
  if (texte.includes('\0') || !texte.isWellFormed()) return CARACTERES;
  return [...texte].length > max ? `Ce champ ne peut dépasser ${max} caractères.` : undefined;
}
