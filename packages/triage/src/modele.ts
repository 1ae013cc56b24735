/** The four classes, from now to whenever. */
export type Urgence = 'rouge' | 'orange' | 'jaune' | 'vert';

type Texte = string | null;
type Case = boolean | null;
type Mesure = number | string | null;

/** The fields of a fiche that triage reads; all may lack. Dates `YYYY-MM-DD`; measures as number or as typed text. */
export type FicheTriage = Partial<{
  date_naissance: Texte; age: number | string | null; sexe: Texte;
  temperature: Mesure; spo2: Mesure; poids: Mesure; pouls: Mesure; frequence_respiratoire: Mesure; tension_arterielle: Texte;
  patient: Case; proche: Case; soignant: Case; medecin: Case; autre: Case;
  motif_consultation: Texte; histoire_maladie: Texte; details_medicaments: Texte; activite_physique_detail: Texte; alimentation_habituelle: Texte;
  cephalees: Case; vertiges: Case; palpitations: Case; troubles_visuels: Case; nycturie: Case;
  hypertendu: Case; diabetique: Case; epileptique: Case; trouble_comportement: Case; gastritique: Case;
  etat_general: Texte; autres_antecedents: Texte; etat: Texte; par_quoi: Texte;
  febrile: Texte; coloration_bulbaire: Texte; coloration_palpebrale: Texte; tegument: Texte;
  tete: Texte; cou: Texte; paroi_thoracique: Texte; poumons: Texte; coeur: Texte; epigastre_hypochondres: Texte; peri_ombilical_flancs: Texte;
  hypogastre_fosses_iliaques: Texte; membres: Texte; colonne_bassin: Texte; examen_gynecologique: Texte;
  preoccupations: Texte; comprehension: Texte; attentes: Texte; engagement: Texte;
  hypothese_patient_medecin: Texte; hypothese_patient: Texte; observations_importantes: Texte; analyses_proposees: Texte;
  /** Texts beside the fiche: messages of the patient, turns of a conversation. */
  messages: readonly string[];
}>;

export type ValeurAVerifier = { champ: string; valeur: string; motif: string };
/** `au_moins`: something was not known, the true score may be higher; never reassuring. */
export type News2 = { score: number; au_moins: boolean; manquants: string[] };

const RANGS: Record<Urgence, number> = { vert: 0, jaune: 1, orange: 2, rouge: 3 };

/** The more urgent of two classes. */
export function urgencePlusHaute(a: Urgence, b: Urgence): Urgence {
  return RANGS[a] >= RANGS[b] ? a : b;
}

/** One class below (a doubtful red is orange); jaune stays. */
export function unCranDessous(niveau: Urgence): Urgence {
  return niveau === 'rouge' ? 'orange' : 'jaune';
}
