import type { Urgence } from './modele.ts';
import type { CodeSigne } from './regles/index.ts';

/**
 * What the patient reads at once, before any médecin. Owned by a clinician; short, no jargon, no diagnosis.
 * `{telephone}` is the établissement's emergency number; the sentence in brackets goes when there is none.
 */
export const TEXTES: Record<Urgence, string> = {
  rouge: "Ce que vous décrivez peut être grave. Allez tout de suite au service d'urgence ou au centre de santé le plus proche.[ Appelez maintenant le {telephone}.] Ne restez pas seul et ne conduisez pas vous-même. N'attendez pas notre réponse.",
  orange: "Ce que vous décrivez doit être vu par un soignant très vite, dans l'heure. Allez au centre de santé le plus proche.[ Vous pouvez appeler le {telephone}.] Si votre état s'aggrave, allez tout de suite aux urgences.",
  jaune: "Un médecin doit vous voir aujourd'hui. Nous lisons votre fiche. Si votre état s'aggrave (respiration difficile, forte douleur, malaise, saignement, grande fatigue), allez tout de suite aux urgences.[ Vous pouvez appeler le {telephone}.]",
  vert: "Votre fiche est enregistrée. Un médecin va la lire et vous répondre. Si votre état change ou s'aggrave, ou si vous êtes inquiet, allez au centre de santé sans attendre.[ Vous pouvez appeler le {telephone}.]",
};

/** Texts for one sign that replace the general one; none is signed yet, a new one is one entry here. */
export const TEXTES_PAR_SIGNE: Partial<Record<CodeSigne, string>> = {
  idees_suicidaires: "Vous n'êtes pas seul. Restez maintenant avec quelqu'un de confiance et éloignez ce qui peut vous blesser : médicaments, produits, cordes, armes. Si vous avez pris quelque chose, allez tout de suite aux urgences.[ Appelez maintenant le {telephone}.] N'attendez pas notre réponse.",
};

/**
 * The fixed French text for an urgency. `telephoneUrgence`: as it should be dialled. `code`: the highest sign, whose own text
 * is used where one exists.
 */
export function orientation(urgence: Urgence, options: { telephoneUrgence?: string | null; code?: CodeSigne } = {}): string {
  const texte = (options.code === undefined ? undefined : TEXTES_PAR_SIGNE[options.code]) ?? TEXTES[urgence];
  const telephone = options.telephoneUrgence?.trim();
  return telephone ? texte.replaceAll('[', '').replaceAll(']', '').replaceAll('{telephone}', () => telephone) : texte.replace(/\[[^\]]*\]/g, '');
}
