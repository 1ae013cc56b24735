import type { NomChamp } from '@mediai/fiche';

/** The body of a POST of a fiche as a client sends it: every field that it may write. */
export type FicheJson = Record<NomChamp, unknown>;

/** Fields to be changed, or unknown ones to be added. */
export type Overrides = Partial<FicheJson> & Record<string, unknown>;

/** The birth date and the age in completed years of who was born so long ago. */
export function neIlYA({ ans = 0, mois = 0, jours = 0 }: { ans?: number; mois?: number; jours?: number }, now: Date = new Date()): { date_naissance: string; age: number } {
  const birth = new Date(Date.UTC(now.getUTCFullYear() - ans, now.getUTCMonth() - mois, 1));
  // The 20th at the latest exists in every month.
  birth.setUTCDate(Math.min(now.getUTCDate(), 20) - jours);
  return { date_naissance: birth.toISOString().slice(0, 10), age: ans };
}

/** Everything that is normal: each case says only what is not. */
export const examenNormal = {
  nom_hopital: 'Centre de santé Afia Bora',
  etat_civil: 'Marié(e)',
  patient: true,
  proche: false,
  soignant: false,
  medecin: false,
  autre: false,
  proche_lien: '',
  soignant_role: '',
  autre_precisions: '',
  maison_medicaments: false,
  pharmacie_medicaments: false,
  centre_sante_medicaments: false,
  hopital_medicaments: false,
  medicaments_non_pris: true,
  details_medicaments: '',
  cephalees: false,
  vertiges: false,
  palpitations: false,
  troubles_visuels: false,
  nycturie: false,
  hypertendu: false,
  diabetique: false,
  epileptique: false,
  trouble_comportement: false,
  gastritique: false,
  etat_general: 'Bon état de santé habituel',
  autres_antecedents: 'Aucune chirurgie, aucune transfusion, aucune hospitalisation récente',
  tabac: 'non',
  alcool: 'rarement',
  activite_physique: 'rarement',
  activite_physique_detail: 'Marche quotidienne jusqu’au marché',
  alimentation_habituelle: 'Bukari, légumes (sombe, lenga-lenga), poisson séché, trois repas par jour',
  allergie_medicamenteuse: false,
  medicament_allergique: '',
  familial_drepanocytaire: false,
  familial_diabetique: false,
  familial_obese: false,
  familial_hypertendu: false,
  familial_trouble_comportement: false,
  lien_pere: false,
  lien_mere: false,
  lien_frere: false,
  lien_soeur: false,
  evenement_traumatique: 'non',
  trauma_divorce: false,
  trauma_perte_parent: false,
  trauma_deces_epoux: false,
  trauma_deces_enfant: false,
  etat: 'Conservé',
  par_quoi: '',
  capacite_physique: 'Moyen',
  capacite_physique_score: '6/10',
  capacite_psychologique: 'Top',
  capacite_psychologique_score: '8/10',
  febrile: 'Non',
  coloration_bulbaire: 'normale',
  coloration_palpebrale: 'normale',
  tegument: 'Normal',
  tete: 'Normocéphale, pas de lésion du cuir chevelu',
  cou: 'Souple, pas d’adénopathie palpable, pas de goitre',
  paroi_thoracique: 'Symétrique, mobile avec la respiration, pas de tirage',
  poumons: 'Murmure vésiculaire bien perçu aux deux champs, pas de râles',
  coeur: 'Bruits réguliers, bien frappés, pas de souffle',
  epigastre_hypochondres: 'Souples, indolores, foie et rate non palpés',
  peri_ombilical_flancs: 'Souples, indolores, bruits hydro-aériques présents',
  hypogastre_fosses_iliaques: 'Souples, indolores',
  membres: 'Symétriques, pas d’œdème, pouls périphériques perçus',
  colonne_bassin: 'Pas de déformation, mobilité conservée',
  examen_gynecologique: '',
  preoccupations: 'Savoir si c’est grave et combien cela va coûter',
  comprehension: 'Comprend le swahili et le français, a reformulé les explications',
  attentes: 'Être soulagé et reprendre le travail',
  engagement: 'Prendra le traitement jusqu’au bout et reviendra au contrôle',
  hypothese_patient_medecin: '',
  analyses_proposees: '',
  observations_importantes: '',
  is_patient_distance: false,
} as const;
