import type { FicheValeurs } from '@mediai/fiche';
import type { TextesMedecin } from '../fiche/fiche.ts';

/** A demonstration fiche: what was typed, how long ago, and what became of it. All the people in them are invented. */
export interface FicheDemo {
  readonly ilYaHeures: number;
  /** The demonstration patient's own, or their relative's. */
  readonly duPatient?: boolean;
  readonly saisie: Partial<FicheValeurs>;
  readonly suite:
    | { readonly etat: 'analyse_terminee'; readonly synthese: string | null; readonly echec?: string }
    | { readonly etat: 'rejete_medecin'; readonly commentaire: string }
    | { readonly etat: 'valide_medecin'; readonly synthese: string | null; readonly textes: Required<TextesMedecin> };
}

const normal: Partial<FicheValeurs> = {
  nom_hopital: 'Centre de santé Afia Bora', etat_civil: 'Marié(e)', etat: 'Conservé', capacite_physique: 'Moyen', capacite_psychologique: 'Top', febrile: 'Non', tegument: 'Normal',
  activite_physique: 'rarement', alimentation_habituelle: 'Bukari, légumes, poisson séché', preoccupations: 'Savoir ce que c’est', attentes: 'Être soigné vite', engagement: 'Suivra le traitement',
};

/** Names, birth and address: `[nom, postnom, prenom, date_naissance, sexe, occupation, avenue, quartier, commune]`, and the last digits of an invented phone. */
const personne = (mots: readonly [string, string, string, string, 'M' | 'F', string, string, string, string], fin: string): Partial<FicheValeurs> => {
  const [nom, postnom, prenom, date_naissance, sexe, occupation, avenue, quartier, commune] = mots;
  return { nom, postnom, prenom, date_naissance, sexe, occupation, avenue, quartier, commune, telephone: `+2439700003${fin}`, contact_nom: `${nom} ${postnom}`, contact_telephone: `+2439700004${fin}`, contact_adresse: `Avenue ${avenue}, ${commune}` };
};
const mesures = (temperature: number, spo2: number, poids: number, tension_arterielle: string | null, pouls: number, frequence_respiratoire: number): Partial<FicheValeurs> => ({ temperature, spo2, poids, tension_arterielle, pouls, frequence_respiratoire });
const kalonji = { ...personne(['Kalonji', 'Mwamba', 'Mwamba', '1988-04-12', 'M', 'Enseignant', 'Kasaï 14', 'Bel Air', 'Kampemba'], '01'), telephone: '+243812345601' };
const SIMULATION = 'SIMULATION. Texte de démonstration, écrit à l’avance : aucun modèle n’a lu cette fiche.';

/** A dozen fiches of Lubumbashi, the oldest first. */
export const fichesDemo: readonly FicheDemo[] = [
  {
    ilYaHeures: 26 * 24, duPatient: true,
    saisie: { ...normal, ...kalonji, ...mesures(38.9, 98, 71, '118/74', 98, 18), febrile: 'Oui', cephalees: true, motif_consultation: 'Fièvre avec frissons depuis deux jours', histoire_maladie: 'Accès de fièvre le soir, courbatures, céphalées. Boit et mange un peu. Pas de vomissement, pas de convulsion.', hypothese_patient_medecin: 'Malaria', analyses_proposees: 'TDR paludisme' },
    suite: { etat: 'valide_medecin', synthese: `${SIMULATION} Accès palustre simple le plus probable ; TDR avant traitement.`, textes: { diagnostic: 'Paludisme simple, TDR positif', traitement: 'Artéméther-luméfantrine pendant 3 jours, paracétamol', examen_complementaire: 'TDR fait ; contrôle si fièvre au 3e jour', recommandations: 'Boire beaucoup, dormir sous moustiquaire, revenir si vomissements ou somnolence' } },
  },
  {
    ilYaHeures: 12 * 24, duPatient: true,
    saisie: { ...normal, ...kalonji, ...mesures(37, 98, 71, '124/80', 76, 16), motif_consultation: 'Mal au bas du dos depuis une semaine', histoire_maladie: 'Douleur lombaire après avoir porté des sacs, augmentée en se penchant. Marche normalement, urine normalement, pas de fourmillement.', colonne_bassin: 'Contracture paravertébrale lombaire' },
    suite: { etat: 'valide_medecin', synthese: `${SIMULATION} Lombalgie mécanique commune sans signe de gravité.`, textes: { diagnostic: 'Lombalgie commune', traitement: 'Paracétamol 1 g au besoin, chaleur locale', examen_complementaire: 'Aucun', recommandations: 'Rester actif, éviter de porter lourd une semaine' } },
  },
  {
    ilYaHeures: 8 * 24,
    saisie: { ...normal, ...personne(['Banza', 'Ngoy', 'Esther', '1961-09-03', 'F', 'Commerçante', 'Lumumba 230', 'Centre', 'Lubumbashi'], '12'), ...mesures(36.8, 97, 82, '168/98', 84, 18), hypertendu: true, cephalees: true, motif_consultation: 'Contrôle de la tension, céphalées le matin', histoire_maladie: 'Hypertendue connue depuis 2015, a arrêté l’amlodipine il y a un mois faute de moyens. Céphalées légères au réveil. Voit bien, pas de douleur à la poitrine.', familial_hypertendu: true, lien_mere: true },
    suite: { etat: 'valide_medecin', synthese: `${SIMULATION} Hypertension non contrôlée par arrêt du traitement.`, textes: { diagnostic: 'Hypertension artérielle non contrôlée, arrêt du traitement', traitement: 'Reprise de l’amlodipine 5 mg par jour', examen_complementaire: 'Créatinine, protéinurie, glycémie à jeun', recommandations: 'Peu de sel, contrôle de la tension dans une semaine' } },
  },
  {
    ilYaHeures: 5 * 24, duPatient: true,
    saisie: { ...normal, ...kalonji, motif_consultation: 'Toux', histoire_maladie: 'Je tousse.', patient: true },
    suite: { etat: 'rejete_medecin', commentaire: 'Merci de préciser depuis quand, si vous crachez, et de faire mesurer la température et la respiration.' },
  },
  {
    ilYaHeures: 60,
    saisie: { ...normal, ...personne(['Mutombo', 'Kalala', 'Albert', '1958-04-20', 'M', 'Retraité de la Gécamines', 'des Savonniers 112', 'Bel Air', 'Kampemba'], '21'), ...mesures(39.2, 91, 59, '105/65', 112, 26), patient: false, proche: true, proche_lien: 'Fille', febrile: 'Oui', etat: 'Altéré', par_quoi: 'Fièvre, essoufflement', capacite_physique: 'Bas', motif_consultation: 'Toux grasse, fièvre et essoufflement depuis quatre jours', histoire_maladie: 'Crachats rouillés, point de côté à droite, essoufflé en parlant depuis hier. Mange à peine.', tabac: 'souvent', poumons: 'Râles crépitants et souffle tubaire à la base droite' },
    suite: { etat: 'analyse_terminee', synthese: `${SIMULATION} Pneumonie de la base droite avec désaturation ; tuberculose à écarter.` },
  },
  {
    ilYaHeures: 44,
    saisie: { ...normal, ...personne(['Kapinga', 'Ilunga', 'Bénie', '2023-09-02', 'F', 'Enfant', 'Kimbangu 9', 'Bikeko', 'Katuba'], '22'), ...mesures(40.1, 94, 13.2, null, 152, 38), etat_civil: 'Célibataire', patient: false, proche: true, proche_lien: 'Mère', febrile: 'Oui', etat: 'Altéré', par_quoi: 'Convulsions, somnolence', capacite_physique: 'Bas', capacite_psychologique: 'Bas', coloration_palpebrale: 'pale', motif_consultation: 'Convulsions et forte fièvre', histoire_maladie: 'Fièvre depuis deux jours, deux crises de convulsions cette nuit, somnolente et difficile à réveiller depuis. A vomi trois fois, ne boit plus.' },
    suite: { etat: 'analyse_terminee', synthese: `${SIMULATION} Urgence : paludisme grave ou méningite à traiter sans attendre.` },
  },
  {
    ilYaHeures: 30,
    saisie: { ...normal, ...personne(['Mujinga', 'Kapend', 'Nadine', '1997-01-15', 'F', 'Couturière', 'Munongo 15', 'Kalubwe', 'Lubumbashi'], '23'), ...mesures(37.1, 97, 71, '95/60', 116, 20), etat: 'Altéré', par_quoi: 'Saignement', vertiges: true, coloration_palpebrale: 'pale', motif_consultation: 'Enceinte de sept mois, saigne depuis ce matin', histoire_maladie: 'Troisième grossesse. Saignement vaginal rouge vif, trois garnitures changées. Le bébé bouge moins depuis hier.', examen_gynecologique: 'Saignement rouge vif extériorisé' },
    suite: { etat: 'analyse_terminee', synthese: null, echec: 'analyse.delai' },
  },
  {
    ilYaHeures: 22, duPatient: true,
    saisie: { ...normal, ...personne(['Kalonji', 'Mwamba', 'Plamedi', '2019-06-30', 'M', 'Élève', 'Kasaï 14', 'Bel Air', 'Kampemba'], '24'), ...mesures(37.8, 98, 21, null, 104, 22), etat_civil: 'Célibataire', patient: false, proche: true, proche_lien: 'Père', motif_consultation: 'Diarrhée depuis hier', histoire_maladie: 'Quatre selles liquides sans sang, un vomissement. Boit avec soif, urine, joue encore un peu.' },
    suite: { etat: 'analyse_terminee', synthese: `${SIMULATION} Gastro-entérite aiguë ; évaluer la déshydratation.` },
  },
  {
    ilYaHeures: 15,
    saisie: { ...normal, ...personne(['Tshibanda', 'Mukendi', 'Joseph', '1966-12-11', 'M', 'Chauffeur', 'Mama Yemo 41', 'Makomeno', 'Lubumbashi'], '25'), ...mesures(36.6, 95, 88, '150/95', 108, 22), hypertendu: true, tabac: 'souvent', palpitations: true, motif_consultation: 'Douleur à la poitrine depuis une heure', histoire_maladie: 'Douleur serrante au milieu de la poitrine, qui va dans le bras gauche, avec sueurs. A commencé en montant un escalier.' },
    suite: { etat: 'analyse_terminee', synthese: `${SIMULATION} Syndrome coronarien aigu à écarter en urgence.` },
  },
  {
    ilYaHeures: 9,
    saisie: { ...normal, ...personne(['Mbayo', 'Kalenga', 'Sarah', '2001-12-01', 'F', 'Caissière', 'Kasavubu 88', 'Bel Air', 'Kampemba'], '26'), ...mesures(36.9, 97, 58, '115/75', 78, 16), is_patient_distance: true, motif_consultation: 'Brûlures en urinant depuis trois jours', histoire_maladie: 'Brûlures et envies fréquentes, pas de fièvre, pas de mal au dos. Dernières règles il y a dix jours, test de grossesse négatif.' },
    suite: { etat: 'analyse_terminee', synthese: `${SIMULATION} Infection urinaire basse probable.` },
  },
  {
    ilYaHeures: 5,
    saisie: { ...normal, ...personne(['Nkulu', 'Kyungu', 'Gloire', '1994-02-18', 'F', 'Infirmière', 'Sendwe 7', 'Kenya', 'Kenya'], '27'), ...mesures(36.7, 98, 64, '112/70', 72, 15), allergie_medicamenteuse: true, medicament_allergique: 'Pénicilline', gastritique: true, motif_consultation: 'Brûlures d’estomac après les repas', histoire_maladie: 'Depuis deux mois, surtout après le café et le piment. Pas de sang dans les selles, pas d’amaigrissement.', epigastre_hypochondres: 'Sensibilité épigastrique' },
    suite: { etat: 'analyse_terminee', synthese: `${SIMULATION} Dyspepsie ou reflux ; allergie à la pénicilline à respecter en cas d’éradication.` },
  },
  {
    ilYaHeures: 2, duPatient: true,
    saisie: { ...normal, ...kalonji, ...mesures(37.4, 97, 70.5, '120/78', 84, 18), motif_consultation: 'Toux sèche et nez bouché depuis quatre jours', histoire_maladie: 'Rhume de toute la famille. Pas de fièvre mesurée, pas d’essoufflement, dort bien.' },
    suite: { etat: 'analyse_terminee', synthese: `${SIMULATION} Rhinopharyngite virale simple.` },
  },
];
