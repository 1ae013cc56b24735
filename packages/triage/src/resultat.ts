import type { News2, Urgence, ValeurAVerifier } from './modele.ts';
import type { CodeSigne } from './regles/index.ts';

/** A rule that fired. `champs`: the fields it was read from; `valeur`: what was read there. */
export type SigneAlerte = { code: CodeSigne; libelle: string; niveau: Urgence; source: string; champs: string[]; valeur: string | null };

export type ResultatTriage = {
  urgence: Urgence; signes_alerte: SigneAlerte[]; signes_vitaux_manquants: string[]; valeurs_a_verifier: ValeurAVerifier[];
  news2: News2 | null; triage_version: string;
};
