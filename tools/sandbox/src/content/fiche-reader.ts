/** One field of the fiche as the prompt shows it. */
export interface Ligne {
  readonly champ: string;
  readonly valeur: string;
}

/** What a prompt says about a patient: its fields, and the whole text for prompts without fields. */
export interface Dossier {
  readonly lignes: readonly Ligne[];
  readonly texte: string;
}

const LIGNE = /^\s*(?:[-*•]\s*)?["'`]?([a-z][a-z0-9_]*)["'`]?\s*(?:\(.*?\))?\s*:\s*(\S.*?)\s*,?$/u;
/** A line that ends the value above it instead of continuing it. */
const RUPTURE = /^\s*(?:[<#`{}[\]=]|---|$)/u;

const CHAMPS_CLINIQUES = new Set(
  `age sexe temperature spo2 poids tension_arterielle pouls frequence_respiratoire motif_consultation histoire_maladie
  maison_medicaments pharmacie_medicaments centre_sante_medicaments hopital_medicaments medicaments_non_pris details_medicaments
  cephalees vertiges palpitations troubles_visuels nycturie hypertendu diabetique epileptique trouble_comportement gastritique
  tabac alcool activite_physique activite_physique_detail alimentation_habituelle allergie_medicamenteuse medicament_allergique
  familial_drepanocytaire familial_diabetique familial_obese familial_hypertendu familial_trouble_comportement evenement_traumatique
  etat_general autres_antecedents etat par_quoi capacite_physique capacite_psychologique febrile coloration_bulbaire
  coloration_palpebrale tegument tete cou paroi_thoracique poumons coeur epigastre_hypochondres peri_ombilical_flancs
  hypogastre_fosses_iliaques membres colonne_bassin examen_gynecologique preoccupations comprehension attentes engagement
  hypothese_patient_medecin analyses_proposees diagnostic traitement examen_complementaire`.split(/\s+/u),
);

/**
 * Read the lines `champ: valeur` of a prompt. Fields of the fiche's contract are kept; when none is there, every line of
 * that form is.
 *
 * @param texte what the user part of a request says
 */
export function readDossier(texte: string): Dossier {
  const toutes: { champ: string; valeur: string }[] = [];
  let derniere: { champ: string; valeur: string } | undefined;
  for (const brute of texte.split(/\r?\n/u)) {
    const [, champ, valeur] = LIGNE.exec(brute) ?? [];
    if (champ && valeur) {
      derniere = { champ, valeur: valeur.replace(/^(["'])(.*)\1$/u, '$2') };
      toutes.push(derniere);
    } else if (RUPTURE.test(brute)) derniere = undefined;
    else if (derniere) derniere.valeur += ` ${brute.trim()}`;
  }
  const connues = toutes.filter((l) => CHAMPS_CLINIQUES.has(l.champ));
  return { lignes: connues.length > 0 ? connues : toutes, texte };
}

/** Lower case without accents, to compare words. */
export function plier(texte: string): string {
  return texte.normalize('NFD').replace(/\p{M}/gu, '').replace(/[’]/gu, "'").toLowerCase();
}

const NEGATION = /\b(?:pas|sans|absence|aucune?|ni|nie|jamais)\b.*?(?=[.,;:\n]|\bmais\b|$)/gmu;

/**
 * Part what a text affirms from what it denies ("toux, pas de fièvre").
 * @returns both halves, folded
 */
export function separerNegations(texte: string): { affirme: string; nie: string } {
  const plie = plier(texte);
  return { affirme: plie.replace(NEGATION, ' '), nie: (plie.match(NEGATION) ?? []).join(' ; ') };
}
