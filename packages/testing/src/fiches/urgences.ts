import { examenNormal, neIlYA, type FicheJson, type Overrides } from './fiche-json.ts';
import { ficheComplete } from './infections.ts';

/** Bleeding in the third trimester of a pregnancy. */
export function ficheGrossesseSaignement(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Mujinga', postnom: 'Kapend', prenom: 'Nadine', ...neIlYA({ ans: 29, mois: 10 }), sexe: 'F',
    telephone: '+243970000201', occupation: 'Couturière', avenue: 'Munongo n° 15', quartier: 'Kalubwe', commune: 'Lubumbashi',
    contact_nom: 'Kapend Rubuz David', contact_telephone: '+243970000202', contact_adresse: 'Avenue Munongo n° 15, Kalubwe (époux)',
    temperature: 37.1, spo2: 97, poids: 71, tension_arterielle: '95/60', pouls: 116, frequence_respiratoire: 20,
    motif_consultation: 'Enceinte de sept mois, saigne depuis ce matin',
    histoire_maladie: 'Troisième grossesse, deux enfants vivants, terme estimé à 31 semaines. Saignement vaginal rouge vif depuis ce matin, trois garnitures changées, sans contraction nette. Le bébé bouge moins depuis hier. Pas de chute ni de coup.',
    details_medicaments: 'Fer et acide folique de la consultation prénatale', vertiges: true, cephalees: false, febrile: 'Non', coloration_palpebrale: 'pale',
    etat: 'Altéré', par_quoi: 'Saignement, pâleur', capacite_physique: 'Bas', capacite_physique_score: '3/10', familial_hypertendu: false, lien_mere: false,
    poumons: examenNormal.poumons, hypogastre_fosses_iliaques: 'Utérus gravide, hauteur utérine 28 cm, souple', examen_gynecologique: 'Saignement rouge vif extériorisé, toucher vaginal non fait',
    allergie_medicamenteuse: false, medicament_allergique: '', hypothese_patient_medecin: 'Peur de perdre le bébé', analyses_proposees: 'Groupe sanguin, hémoglobine, échographie obstétricale', observations_importantes: 'Consciente, sueurs légères',
    ...overrides,
  });
}

/** A child who convulsed with fever. */
export function ficheConvulsions(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Kapinga', postnom: 'Ilunga', prenom: 'Bénie', ...neIlYA({ ans: 3, mois: 2 }), sexe: 'F', etat_civil: 'Célibataire', examen_gynecologique: '',
    telephone: '+243970000211', occupation: 'Enfant', avenue: 'Kimbangu n° 9', quartier: 'Bikeko', commune: 'Katuba',
    contact_nom: 'Ilunga Kabedi Chantal', contact_telephone: '+243970000211', contact_adresse: 'Avenue Kimbangu n° 9, Katuba (mère)',
    patient: false, proche: true, proche_lien: 'Mère',
    temperature: 40.1, spo2: 94, poids: 13.2, tension_arterielle: '', pouls: 152, frequence_respiratoire: 38,
    motif_consultation: 'Convulsions et forte fièvre chez une fillette de trois ans',
    histoire_maladie: 'Fièvre depuis deux jours. Deux crises de convulsions de tout le corps cette nuit, la dernière il y a une heure, somnolente depuis et difficile à réveiller. A vomi trois fois, ne boit plus. Urines foncées.',
    cephalees: false, tabac: 'non', alcool: 'non', activite_physique: 'non', activite_physique_detail: '', alimentation_habituelle: 'Repas de la famille', etat_general: 'Croissance normale', autres_antecedents: 'Aucune convulsion auparavant',
    etat: 'Altéré', par_quoi: 'Convulsions, somnolence', capacite_physique: 'Bas', capacite_physique_score: '1/10', capacite_psychologique: 'Bas', capacite_psychologique_score: '1/10', coloration_palpebrale: 'pale',
    cou: 'Raideur douteuse', poumons: 'Respiration rapide et profonde, pas de râles', allergie_medicamenteuse: false, medicament_allergique: '', familial_hypertendu: false, lien_mere: false,
    hypothese_patient_medecin: 'La famille a pensé au mauvais sort', analyses_proposees: 'TDR paludisme, glycémie, hémoglobine, ponction lombaire', observations_importantes: 'Léthargique, ne fixe pas le regard',
    ...overrides,
  });
}

/** An asthma attack that no longer lets her finish a sentence. */
export function ficheAsthme(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Mbayo', postnom: 'Kalenga', prenom: 'Sarah', ...neIlYA({ ans: 25, mois: 11 }), sexe: 'F', etat_civil: 'Célibataire',
    telephone: '+243970000221', occupation: 'Caissière', avenue: 'Kasavubu n° 88', quartier: 'Bel Air', commune: 'Kampemba',
    contact_nom: 'Kalenga Monga Ruth', contact_telephone: '+243970000222', contact_adresse: 'Avenue Kasavubu n° 88, Kampemba (sœur)',
    temperature: 37, spo2: 90, poids: 58, tension_arterielle: '125/80', pouls: 124, frequence_respiratoire: 32,
    motif_consultation: 'Crise d’asthme depuis cette nuit, difficulté à respirer',
    histoire_maladie: 'Asthmatique depuis l’enfance. Crise depuis minuit après avoir balayé dans la poussière, salbutamol en spray six fois sans effet durable. Ne peut pas finir une phrase, ne peut pas rester couchée.',
    details_medicaments: 'Salbutamol spray six bouffées', cephalees: false, palpitations: true, febrile: 'Non', autres_antecedents: 'Asthme depuis l’enfance, une hospitalisation en 2023',
    etat: 'Altéré', par_quoi: 'Dyspnée', capacite_physique: 'Bas', capacite_physique_score: '2/10', paroi_thoracique: 'Tirage sus-claviculaire et intercostal', poumons: 'Sibilants diffus, murmure vésiculaire diminué',
    familial_hypertendu: false, lien_mere: false, hypothese_patient_medecin: 'Crise d’asthme', analyses_proposees: 'Aucune avant le traitement', observations_importantes: 'Assise, penchée en avant',
    ...overrides,
  });
}
