import { examenNormal, neIlYA, type FicheJson, type Overrides } from './fiche-json.ts';

/** Fever and cough for five days in an adult: the everyday fiche, with every field filled in. Another birth date alone leaves the age to be counted. */
export function ficheComplete(overrides: Overrides = {}): FicheJson {
  const aCompter = 'date_naissance' in overrides && !('age' in overrides) ? { age: null } : {};
  return {
    ...examenNormal,
    nom: 'Kabongo', postnom: 'Mwamba', prenom: 'Grâce', ...neIlYA({ ans: 34, mois: 2 }), sexe: 'F',
    telephone: '+243970000101', occupation: 'Vendeuse au marché Mzee', avenue: 'Likasi n° 24', quartier: 'Makutano', commune: 'Lubumbashi',
    contact_nom: 'Kabongo Ilunga Patrick', contact_telephone: '+243970000102', contact_adresse: 'Avenue Likasi n° 24, quartier Makutano, Lubumbashi (époux)',
    temperature: 38.6, spo2: 96, poids: 62.5, tension_arterielle: '120/80', pouls: 98, frequence_respiratoire: 20,
    motif_consultation: 'Fièvre et toux depuis cinq jours',
    histoire_maladie: 'Début il y a cinq jours par des frissons le soir et une toux d’abord sèche puis ramenant des crachats jaunâtres peu abondants. Courbatures, perte d’appétit. Pas de crachat de sang, pas de douleur au thorax. Un enfant de la maison a toussé la semaine passée.',
    medicaments_non_pris: false, maison_medicaments: true, pharmacie_medicaments: true,
    details_medicaments: 'Paracétamol 500 mg trois fois par jour depuis trois jours, une tisane d’eucalyptus ; soulagement passager',
    cephalees: true,
    familial_hypertendu: true, lien_mere: true,
    allergie_medicamenteuse: true, medicament_allergique: 'Cotrimoxazole (éruption en 2019)',
    par_quoi: '', febrile: 'Oui',
    poumons: 'Quelques ronchi aux deux bases, murmure vésiculaire conservé, pas de matité',
    examen_gynecologique: 'Dernières règles il y a deux semaines, pas de pertes',
    hypothese_patient_medecin: 'La patiente pense au paludisme',
    analyses_proposees: 'TDR paludisme, NFS, CRP',
    observations_importantes: 'Boit bien, s’alimente peu',
    ...aCompter,
    ...overrides,
  };
}

/** Uncomplicated malaria in a young adult. */
export function fichePaludisme(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Ilunga', postnom: 'Kasongo', prenom: 'Dieudonné', ...neIlYA({ ans: 27, mois: 5 }), sexe: 'M', etat_civil: 'Célibataire', examen_gynecologique: '',
    telephone: '+243970000111', occupation: 'Creuseur artisanal', avenue: 'Tabacongo n° 8', quartier: 'Kigoma', commune: 'Kampemba',
    contact_nom: 'Kasongo Mutombo Jeanne', contact_telephone: '+243970000112', contact_adresse: 'Avenue Tabacongo n° 8, Kampemba (mère)',
    temperature: 39.1, spo2: 98, poids: 68, tension_arterielle: '115/70', pouls: 104, frequence_respiratoire: 18,
    motif_consultation: 'Fièvre avec frissons depuis trois jours',
    histoire_maladie: 'Accès de fièvre surtout le soir, avec frissons, sueurs, céphalées et courbatures. Une nausée sans vomissement. Pas de toux, urines claires, pas de convulsion. Ne dort pas sous moustiquaire depuis son retour de Kolwezi.',
    details_medicaments: 'Paracétamol seulement', coloration_palpebrale: 'pale', epigastre_hypochondres: 'Rate palpable à 1 cm du rebord costal, foie non palpé', poumons: examenNormal.poumons,
    familial_hypertendu: false, lien_mere: false, allergie_medicamenteuse: false, medicament_allergique: '',
    hypothese_patient_medecin: 'Malaria', analyses_proposees: 'TDR paludisme, goutte épaisse, hémoglobine', observations_importantes: 'Boit et garde ce qu’il boit',
    ...overrides,
  });
}

/** Pneumonia with low oxygen saturation in an elderly man, brought by his daughter. */
export function fichePneumonie(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Mutombo', postnom: 'Kalala', prenom: 'Albert', ...neIlYA({ ans: 68, mois: 7 }), sexe: 'M', etat_civil: 'Veuf(ve)', examen_gynecologique: '',
    telephone: '+243970000121', occupation: 'Retraité de la Gécamines', avenue: 'des Savonniers n° 112', quartier: 'Bel Air', commune: 'Kampemba',
    contact_nom: 'Kalala Ngoie Béatrice', contact_telephone: '+243970000122', contact_adresse: 'Avenue des Savonniers n° 112, Kampemba (fille)',
    patient: false, proche: true, proche_lien: 'Fille',
    temperature: 39.2, spo2: 91, poids: 59, tension_arterielle: '105/65', pouls: 112, frequence_respiratoire: 26,
    motif_consultation: 'Toux grasse, fièvre et essoufflement depuis quatre jours',
    histoire_maladie: 'Toux ramenant des crachats rouillés, point de côté à droite à l’inspiration, essoufflé en parlant depuis hier. Mange à peine. Ancien mineur, tousse chaque matin depuis des années.',
    tabac: 'souvent', etat: 'Altéré', par_quoi: 'Fièvre, dyspnée, asthénie', capacite_physique: 'Bas', capacite_physique_score: '3/10',
    paroi_thoracique: 'Tirage intercostal discret', poumons: 'Râles crépitants et souffle tubaire à la base droite, vibrations vocales augmentées, matité',
    allergie_medicamenteuse: false, medicament_allergique: '', evenement_traumatique: 'oui', trauma_deces_epoux: true,
    hypothese_patient_medecin: 'Pneumonie, la famille craint la tuberculose', analyses_proposees: 'Radiographie du thorax, NFS, CRP, GeneXpert', observations_importantes: 'Conscient, bien orienté',
    ...overrides,
  });
}

/** A febrile infant of eight months, brought by the mother. */
export function ficheNourrissonFebrile(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Mbuyi', postnom: 'Tshala', prenom: 'Exaucé', ...neIlYA({ mois: 8 }), sexe: 'M', etat_civil: 'Célibataire', examen_gynecologique: '',
    telephone: '+243970000131', occupation: 'Nourrisson', avenue: 'Kilela Balanda n° 5', quartier: 'Matshipisha', commune: 'Ruashi',
    contact_nom: 'Tshala Mujinga Rachel', contact_telephone: '+243970000131', contact_adresse: 'Avenue Kilela Balanda n° 5, Ruashi (mère)',
    patient: false, proche: true, proche_lien: 'Mère',
    temperature: 39.4, spo2: 97, poids: 8.1, tension_arterielle: '', pouls: 148, frequence_respiratoire: 42,
    motif_consultation: 'Corps chaud depuis deux jours chez un bébé de huit mois',
    histoire_maladie: 'Fièvre depuis avant-hier, nez qui coule, pleure quand on le pose. Tète encore, un vomissement hier. Deux selles molles. Pas de convulsion. Vaccins à jour selon la carte, a dormi sans moustiquaire.',
    cephalees: false, tabac: 'non', alcool: 'non', activite_physique: 'non', activite_physique_detail: '', alimentation_habituelle: 'Allaitement et bouillie de maïs enrichie depuis l’âge de six mois',
    etat_general: 'Né à terme, poids de naissance 3,1 kg', autres_antecedents: 'Aucun', allergie_medicamenteuse: false, medicament_allergique: '',
    capacite_physique: 'Moyen', capacite_physique_score: '', capacite_psychologique: 'Moyen', capacite_psychologique_score: '',
    tete: 'Fontanelle normotendue, tympans non vus', poumons: 'Clairs, pas de geignement', membres: 'Bon tonus, temps de recoloration cutanée de deux secondes',
    hypothese_patient_medecin: 'La mère pense aux dents', analyses_proposees: 'TDR paludisme, hémoglobine', observations_importantes: 'Sourit par moments, boit bien',
    ...overrides,
  });
}

/** Gastro-enteritis with some dehydration. */
export function ficheGastroEnterite(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Ngoy', postnom: 'Banza', prenom: 'Esther', ...neIlYA({ ans: 22, mois: 9 }), sexe: 'F', etat_civil: 'Union libre',
    telephone: '+243970000141', occupation: 'Étudiante en droit', avenue: 'Mama Yemo n° 77', quartier: 'Njanja', commune: 'Kenya',
    contact_nom: 'Banza Kyungu Josué', contact_telephone: '+243970000142', contact_adresse: 'Avenue Mama Yemo n° 77, commune Kenya (frère)',
    temperature: 37.9, spo2: 98, poids: 54, tension_arterielle: '100/60', pouls: 108, frequence_respiratoire: 18,
    motif_consultation: 'Diarrhée liquide et vomissements depuis hier soir',
    histoire_maladie: 'Sept selles liquides sans sang depuis hier, quatre vomissements, crampes abdominales. Soif vive, urines plus rares. Deux voisines de la parcelle ont la même chose depuis le week-end ; eau du puits.',
    details_medicaments: 'Sel de réhydratation orale, deux sachets', vertiges: true, cephalees: false, febrile: 'Non',
    etat: 'Altéré', par_quoi: 'Déshydratation modérée', capacite_physique: 'Bas', capacite_physique_score: '4/10', poumons: examenNormal.poumons,
    tete: 'Yeux légèrement enfoncés, langue sèche', peri_ombilical_flancs: 'Sensibilité diffuse, bruits hydro-aériques augmentés, pli cutané s’efface lentement',
    allergie_medicamenteuse: false, medicament_allergique: '', hypothese_patient_medecin: 'Intoxication par l’eau', analyses_proposees: 'Examen direct des selles, coproculture, ionogramme',
    observations_importantes: 'Peut boire par petites gorgées',
    ...overrides,
  });
}
