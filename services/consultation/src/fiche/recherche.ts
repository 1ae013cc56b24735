import type { Fiche } from './fiche.ts';

/** Words below this length are looked for at the beginning of a word only: PostgreSQL's index of trigrams knows no shorter ones elsewhere. */
export const LONGUEUR_TRIGRAMME = 3;
const MOTS_MAX = 8;
const LONGUEUR_MAX = 1_000;

/** Small letters without accents: how words are compared. */
export const plier = (texte: string): string => texte.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** The text in which a fiche is searched: names, dossier number, motif. */
export function texteRecherche(fiche: Pick<Fiche, 'nom' | 'postnom' | 'prenom' | 'numero_dossier' | 'motif_consultation'>): string {
  return plier([fiche.nom, fiche.postnom, fiche.prenom, fiche.numero_dossier, fiche.motif_consultation].filter(Boolean).join(' '));
}

/** The words of a search, folded; eight at most of the first 1000 characters, each at most 60. Wildcards of SQL are left out. */
export function motsRecherche(recherche: string): string[] {
  return plier(recherche.slice(0, LONGUEUR_MAX)).replace(/[%_\\\0]/g, ' ').split(/\s+/).filter(Boolean).slice(0, MOTS_MAX).map((mot) => mot.slice(0, 60));
}
