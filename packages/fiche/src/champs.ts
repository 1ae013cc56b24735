import type { Champ, Choix } from './champ.ts';

const choix = (...valeurs: string[]): Choix => valeurs.map((v) => ({ valeur: v, libelle: v }));
const paires = (libelles: Record<string, string>): Choix => Object.entries(libelles).map(([valeur, libelle]) => ({ valeur, libelle }));

export const SEXE = paires({ M: 'Masculin', F: 'Féminin' });
export const ETAT_CIVIL = choix('Célibataire', 'Marié(e)', 'Divorcé(e)', 'Veuf(ve)', 'Union libre');
export const FREQUENCE = paires({ non: 'Non', rarement: 'Rarement', souvent: 'Souvent', tres_souvent: 'Très souvent' });
export const OUI_NON_INCONNU = paires({ oui: 'Oui', non: 'Non', inconnu: 'Je ne sais pas' });
export const OUI_NON = choix('Oui', 'Non');
export const ETAT = choix('Conservé', 'Altéré');
export const CAPACITE = choix('Top', 'Moyen', 'Bas');
export const COLORATION_BULBAIRE = paires({ normale: 'Normale', jaunatre: 'Jaunâtre', rougeatre: 'Rougeâtre' });
export const COLORATION_PALPEBRALE = paires({ normale: 'Normale', pale: 'Pâle' });
export const TEGUMENT = choix('Normal', 'Anormal');

/** The lists of choices under the names by which clients ask for them. */
export const LISTES: Readonly<Record<string, Choix>> = {
  coloration_bulbaire: COLORATION_BULBAIRE, coloration_palpebrale: COLORATION_PALPEBRALE, etat_civil: ETAT_CIVIL, frequence: FREQUENCE, sexe: SEXE,
  etat: ETAT, capacite: CAPACITE, oui_non: OUI_NON, oui_non_inconnu: OUI_NON_INCONNU, tegument: TEGUMENT,
};

/**
 * Every field of a fiche de consultation that a client may write, once.
 *
 * fiche.proto, the Prisma model, the JSON schema, the reading of bodies and its refusals, the lists of choices, what a
 * model is told, the pages of the PDF and the columns of exports all derive from it. A field is added by a line here (with
 * the next free `numero`), `npm run generate` and a migration.
 */
export const CHAMPS = [
  // identite
  { nom: 'nom_hopital', numero: 1, type: 'texte', libelle: "Nom de l'hôpital", section: 'identite', max: 100, court: true, nullable: true, identite: true },
  { nom: 'nom', numero: 2, type: 'texte', libelle: 'Nom', section: 'identite', max: 100, court: true, requis: true, identite: true, export: { rang: 16, personnelle: true } },
  { nom: 'postnom', numero: 3, type: 'texte', libelle: 'Post-nom', section: 'identite', max: 100, court: true, requis: true, identite: true },
  { nom: 'prenom', numero: 4, type: 'texte', libelle: 'Prénom', section: 'identite', max: 100, court: true, requis: true, identite: true, export: { rang: 17, personnelle: true } },
  { nom: 'date_naissance', numero: 5, type: 'date', libelle: 'Date de naissance', section: 'identite', requis: true, identite: true },
  { nom: 'age', numero: 6, type: 'entier', libelle: 'Âge', section: 'identite', nullable: true, unite: 'ans', export: { rang: 4 } },
  { nom: 'sexe', numero: 7, type: 'choix', libelle: 'Sexe', section: 'identite', choix: SEXE, nullable: true, export: { rang: 5 } },
  { nom: 'telephone', numero: 8, type: 'texte', libelle: 'Téléphone', section: 'identite', max: 30, court: true, requis: true, identite: true, telephone: true, export: { rang: 18, personnelle: true } },
  { nom: 'etat_civil', numero: 9, type: 'choix', libelle: 'État civil', section: 'identite', choix: ETAT_CIVIL, defaut: 'Célibataire' },
  { nom: 'occupation', numero: 10, type: 'texte', libelle: 'Occupation', section: 'identite', max: 100, court: true, requis: true, identite: true },
  { nom: 'avenue', numero: 11, type: 'texte', libelle: 'Avenue', section: 'identite', max: 100, court: true, requis: true, identite: true, export: { rang: 19, personnelle: true, colonne: 'adresse' } },
  { nom: 'quartier', numero: 12, type: 'texte', libelle: 'Quartier', section: 'identite', max: 100, court: true, requis: true, identite: true, export: { rang: 19, personnelle: true, colonne: 'adresse' } },
  { nom: 'commune', numero: 13, type: 'texte', libelle: 'Commune', section: 'identite', max: 100, court: true, requis: true, identite: true, export: { rang: 19, personnelle: true, colonne: 'adresse' } },
  { nom: 'contact_nom', numero: 14, type: 'texte', libelle: 'Personne de contact', section: 'identite', max: 100, court: true, requis: true, identite: true },
  { nom: 'contact_telephone', numero: 15, type: 'texte', libelle: 'Téléphone de la personne de contact', section: 'identite', max: 30, court: true, requis: true, identite: true, telephone: true },
  { nom: 'contact_adresse', numero: 16, type: 'texte', libelle: 'Adresse de la personne de contact', section: 'identite', max: 255, court: true, requis: true, identite: true },
  // signes_vitaux
  { nom: 'temperature', numero: 17, type: 'decimal', libelle: 'Température', section: 'signes_vitaux', nullable: true, unite: '°C', export: { rang: 10 } },
  { nom: 'spo2', numero: 18, type: 'entier', libelle: 'Saturation en oxygène (SpO2)', section: 'signes_vitaux', nullable: true, unite: '%' },
  { nom: 'poids', numero: 19, type: 'decimal', libelle: 'Poids', section: 'signes_vitaux', nullable: true, unite: 'kg' },
  { nom: 'tension_arterielle', numero: 20, type: 'texte', libelle: 'Tension artérielle', section: 'signes_vitaux', max: 20, court: true, nullable: true, unite: 'mmHg', export: { rang: 11 } },
  { nom: 'pouls', numero: 21, type: 'entier', libelle: 'Pouls', section: 'signes_vitaux', nullable: true, unite: 'battements/min', export: { rang: 12 } },
  { nom: 'frequence_respiratoire', numero: 22, type: 'entier', libelle: 'Fréquence respiratoire', section: 'signes_vitaux', nullable: true, unite: 'cycles/min' },
  // accompagnement
  { nom: 'patient', numero: 23, type: 'booleen', libelle: 'Rempli par le patient', section: 'accompagnement', defaut: true },
  { nom: 'proche', numero: 24, type: 'booleen', libelle: 'Rempli par un proche', section: 'accompagnement', defaut: false },
  { nom: 'soignant', numero: 25, type: 'booleen', libelle: 'Rempli par un soignant', section: 'accompagnement', defaut: false },
  { nom: 'medecin', numero: 26, type: 'booleen', libelle: 'Rempli par un médecin', section: 'accompagnement', defaut: false },
  { nom: 'autre', numero: 27, type: 'booleen', libelle: 'Rempli par une autre personne', section: 'accompagnement', defaut: false },
  { nom: 'proche_lien', numero: 28, type: 'texte', libelle: 'Lien du proche', section: 'accompagnement', max: 100, court: true, nullable: true, identite: true },
  { nom: 'soignant_role', numero: 29, type: 'texte', libelle: 'Rôle du soignant', section: 'accompagnement', max: 100, court: true, nullable: true, identite: true },
  { nom: 'autre_precisions', numero: 30, type: 'texte', libelle: 'Autre personne, précisions', section: 'accompagnement', max: 100, court: true, nullable: true, identite: true },
  // anamnese
  { nom: 'motif_consultation', numero: 31, type: 'texte', libelle: 'Motif de consultation', section: 'anamnese', nullable: true, max: 10000, export: { rang: 7 } },
  { nom: 'histoire_maladie', numero: 32, type: 'texte', libelle: 'Histoire de la maladie', section: 'anamnese', nullable: true, max: 10000 },
  // traitements_pris
  { nom: 'maison_medicaments', numero: 33, type: 'booleen', libelle: 'Médicaments pris à la maison', section: 'traitements_pris', defaut: false },
  { nom: 'pharmacie_medicaments', numero: 34, type: 'booleen', libelle: 'Médicaments de la pharmacie', section: 'traitements_pris', defaut: false },
  { nom: 'centre_sante_medicaments', numero: 35, type: 'booleen', libelle: 'Médicaments du centre de santé', section: 'traitements_pris', defaut: false },
  { nom: 'hopital_medicaments', numero: 36, type: 'booleen', libelle: "Médicaments de l'hôpital", section: 'traitements_pris', defaut: false },
  { nom: 'medicaments_non_pris', numero: 37, type: 'booleen', libelle: 'Médicaments non pris', section: 'traitements_pris', defaut: false },
  { nom: 'details_medicaments', numero: 38, type: 'texte', libelle: 'Détails des médicaments', section: 'traitements_pris', nullable: true, max: 10000 },
  // plaintes
  { nom: 'cephalees', numero: 39, type: 'booleen', libelle: 'Céphalées', section: 'plaintes', defaut: false, nullable: true },
  { nom: 'vertiges', numero: 40, type: 'booleen', libelle: 'Vertiges', section: 'plaintes', defaut: false, nullable: true },
  { nom: 'palpitations', numero: 41, type: 'booleen', libelle: 'Palpitations', section: 'plaintes', defaut: false, nullable: true },
  { nom: 'troubles_visuels', numero: 42, type: 'booleen', libelle: 'Troubles visuels', section: 'plaintes', defaut: false, nullable: true },
  { nom: 'nycturie', numero: 43, type: 'booleen', libelle: 'Nycturie', section: 'plaintes', defaut: false, nullable: true },
  // antecedents
  { nom: 'hypertendu', numero: 44, type: 'booleen', libelle: 'Hypertension', section: 'antecedents', defaut: false, export: { rang: 8 } },
  { nom: 'diabetique', numero: 45, type: 'booleen', libelle: 'Diabète', section: 'antecedents', defaut: false, export: { rang: 9 } },
  { nom: 'epileptique', numero: 46, type: 'booleen', libelle: 'Épilepsie', section: 'antecedents', defaut: false },
  { nom: 'trouble_comportement', numero: 47, type: 'booleen', libelle: 'Trouble du comportement', section: 'antecedents', defaut: false },
  { nom: 'gastritique', numero: 48, type: 'booleen', libelle: 'Gastrite', section: 'antecedents', defaut: false },
  { nom: 'etat_general', numero: 49, type: 'texte', libelle: 'État général (antécédents)', section: 'antecedents', max: 255, court: true, nullable: true },
  { nom: 'autres_antecedents', numero: 50, type: 'texte', libelle: 'Autres antécédents', section: 'antecedents', max: 255, court: true, nullable: true },
  // mode_de_vie
  { nom: 'tabac', numero: 51, type: 'choix', libelle: 'Tabac', section: 'mode_de_vie', choix: FREQUENCE, defaut: 'non' },
  { nom: 'alcool', numero: 52, type: 'choix', libelle: 'Alcool', section: 'mode_de_vie', choix: FREQUENCE, defaut: 'non' },
  { nom: 'activite_physique', numero: 53, type: 'choix', libelle: 'Activité physique', section: 'mode_de_vie', choix: FREQUENCE, defaut: 'rarement' },
  { nom: 'activite_physique_detail', numero: 54, type: 'texte', libelle: 'Activité physique, détails', section: 'mode_de_vie', nullable: true, max: 10000 },
  { nom: 'alimentation_habituelle', numero: 55, type: 'texte', libelle: 'Alimentation habituelle', section: 'mode_de_vie', nullable: true, max: 10000 },
  // allergies
  { nom: 'allergie_medicamenteuse', numero: 56, type: 'booleen', libelle: 'Allergie médicamenteuse', section: 'allergies', defaut: false },
  { nom: 'medicament_allergique', numero: 57, type: 'texte', libelle: 'Médicament allergisant', section: 'allergies', max: 255, court: true, nullable: true },
  // antecedents_familiaux
  { nom: 'familial_drepanocytaire', numero: 58, type: 'booleen', libelle: 'Drépanocytose dans la famille', section: 'antecedents_familiaux', defaut: false },
  { nom: 'familial_diabetique', numero: 59, type: 'booleen', libelle: 'Diabète dans la famille', section: 'antecedents_familiaux', defaut: false },
  { nom: 'familial_obese', numero: 60, type: 'booleen', libelle: 'Obésité dans la famille', section: 'antecedents_familiaux', defaut: false },
  { nom: 'familial_hypertendu', numero: 61, type: 'booleen', libelle: 'Hypertension dans la famille', section: 'antecedents_familiaux', defaut: false },
  { nom: 'familial_trouble_comportement', numero: 62, type: 'booleen', libelle: 'Trouble du comportement dans la famille', section: 'antecedents_familiaux', defaut: false },
  { nom: 'lien_pere', numero: 63, type: 'booleen', libelle: 'Lien : père', section: 'antecedents_familiaux', defaut: false },
  { nom: 'lien_mere', numero: 64, type: 'booleen', libelle: 'Lien : mère', section: 'antecedents_familiaux', defaut: false },
  { nom: 'lien_frere', numero: 65, type: 'booleen', libelle: 'Lien : frère', section: 'antecedents_familiaux', defaut: false },
  { nom: 'lien_soeur', numero: 66, type: 'booleen', libelle: 'Lien : sœur', section: 'antecedents_familiaux', defaut: false },
  // traumatismes
  { nom: 'evenement_traumatique', numero: 67, type: 'choix', libelle: 'Évènement traumatique', section: 'traumatismes', choix: OUI_NON_INCONNU, defaut: 'non' },
  { nom: 'trauma_divorce', numero: 68, type: 'booleen', libelle: 'Divorce', section: 'traumatismes', defaut: false },
  { nom: 'trauma_perte_parent', numero: 69, type: 'booleen', libelle: "Perte d'un parent", section: 'traumatismes', defaut: false },
  { nom: 'trauma_deces_epoux', numero: 70, type: 'booleen', libelle: "Décès de l'époux ou de l'épouse", section: 'traumatismes', defaut: false },
  { nom: 'trauma_deces_enfant', numero: 71, type: 'booleen', libelle: "Décès d'un enfant", section: 'traumatismes', defaut: false },
  // examen_general
  { nom: 'etat', numero: 72, type: 'choix', libelle: 'État général', section: 'examen_general', choix: ETAT, requis: true },
  { nom: 'par_quoi', numero: 73, type: 'texte', libelle: 'État altéré par', section: 'examen_general', max: 255, court: true, nullable: true },
  { nom: 'capacite_physique', numero: 74, type: 'choix', libelle: 'Capacité physique', section: 'examen_general', choix: CAPACITE, requis: true },
  { nom: 'capacite_physique_score', numero: 75, type: 'texte', libelle: 'Capacité physique, score', section: 'examen_general', max: 10, court: true, nullable: true },
  { nom: 'capacite_psychologique', numero: 76, type: 'choix', libelle: 'Capacité psychologique', section: 'examen_general', choix: CAPACITE, requis: true },
  { nom: 'capacite_psychologique_score', numero: 77, type: 'texte', libelle: 'Capacité psychologique, score', section: 'examen_general', max: 10, court: true, nullable: true },
  { nom: 'febrile', numero: 78, type: 'choix', libelle: 'Fébrile', section: 'examen_general', choix: OUI_NON, requis: true },
  { nom: 'coloration_bulbaire', numero: 79, type: 'choix', libelle: 'Coloration bulbaire', section: 'examen_general', choix: COLORATION_BULBAIRE, defaut: 'normale' },
  { nom: 'coloration_palpebrale', numero: 80, type: 'choix', libelle: 'Coloration palpébrale', section: 'examen_general', choix: COLORATION_PALPEBRALE, defaut: 'normale' },
  { nom: 'tegument', numero: 81, type: 'choix', libelle: 'Téguments', section: 'examen_general', choix: TEGUMENT, requis: true },
  // examen_par_region
  { nom: 'tete', numero: 82, type: 'texte', libelle: 'Tête', section: 'examen_par_region', nullable: true, max: 10000 },
  { nom: 'cou', numero: 83, type: 'texte', libelle: 'Cou', section: 'examen_par_region', nullable: true, max: 10000 },
  { nom: 'paroi_thoracique', numero: 84, type: 'texte', libelle: 'Paroi thoracique', section: 'examen_par_region', nullable: true, max: 10000 },
  { nom: 'poumons', numero: 85, type: 'texte', libelle: 'Poumons', section: 'examen_par_region', nullable: true, max: 10000 },
  { nom: 'coeur', numero: 86, type: 'texte', libelle: 'Cœur', section: 'examen_par_region', nullable: true, max: 10000 },
  { nom: 'epigastre_hypochondres', numero: 87, type: 'texte', libelle: 'Épigastre et hypochondres', section: 'examen_par_region', nullable: true, max: 10000 },
  { nom: 'peri_ombilical_flancs', numero: 88, type: 'texte', libelle: 'Région péri-ombilicale et flancs', section: 'examen_par_region', nullable: true, max: 10000 },
  { nom: 'hypogastre_fosses_iliaques', numero: 89, type: 'texte', libelle: 'Hypogastre et fosses iliaques', section: 'examen_par_region', nullable: true, max: 10000 },
  { nom: 'membres', numero: 90, type: 'texte', libelle: 'Membres', section: 'examen_par_region', nullable: true, max: 10000 },
  { nom: 'colonne_bassin', numero: 91, type: 'texte', libelle: 'Colonne et bassin', section: 'examen_par_region', nullable: true, max: 10000 },
  { nom: 'examen_gynecologique', numero: 92, type: 'texte', libelle: 'Examen gynécologique', section: 'examen_par_region', nullable: true, max: 10000 },
  // attentes
  { nom: 'preoccupations', numero: 93, type: 'texte', libelle: 'Préoccupations', section: 'attentes', nullable: true, max: 10000 },
  { nom: 'comprehension', numero: 94, type: 'texte', libelle: 'Compréhension', section: 'attentes', nullable: true, max: 10000 },
  { nom: 'attentes', numero: 95, type: 'texte', libelle: 'Attentes', section: 'attentes', nullable: true, max: 10000 },
  { nom: 'engagement', numero: 96, type: 'texte', libelle: 'Engagement', section: 'attentes', nullable: true, max: 10000 },
  // hypotheses
  { nom: 'hypothese_patient_medecin', numero: 97, type: 'texte', libelle: 'Hypothèse du patient ou du médecin', section: 'hypotheses', nullable: true, max: 10000 },
  { nom: 'analyses_proposees', numero: 98, type: 'texte', libelle: 'Analyses proposées', section: 'hypotheses', nullable: true, max: 10000 },
  { nom: 'observations_importantes', numero: 99, type: 'texte', libelle: 'Observations importantes', section: 'hypotheses', nullable: true, max: 10000 },
  // divers
  { nom: 'is_patient_distance', numero: 100, type: 'booleen', libelle: 'Patient à distance', section: 'divers', defaut: false },
] as const satisfies readonly Champ[];
