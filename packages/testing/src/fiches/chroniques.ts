import { examenNormal, neIlYA, type FicheJson, type Overrides } from './fiche-json.ts';
import { ficheComplete } from './infections.ts';

/** Severe hypertension with headache and blurred sight. */
export function ficheHtaSevere(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Kazadi', postnom: 'Numbi', prenom: 'Thérèse', ...neIlYA({ ans: 57, mois: 1 }), sexe: 'F',
    telephone: '+243970000151', occupation: 'Enseignante', avenue: 'Lumumba n° 310', quartier: 'Golf Météo', commune: 'Annexe',
    contact_nom: 'Numbi Kyabula Jean', contact_telephone: '+243970000152', contact_adresse: 'Avenue Lumumba n° 310, commune Annexe (époux)',
    temperature: 36.7, spo2: 97, poids: 88, tension_arterielle: '200/125', pouls: 92, frequence_respiratoire: 18,
    motif_consultation: 'Maux de tête violents et vue trouble depuis ce matin',
    histoire_maladie: 'Hypertendue connue depuis 2018, a arrêté l’amlodipine il y a un mois faute de moyens. Céphalée occipitale pulsatile au réveil, vue trouble des deux yeux, bourdonnements. Pas de faiblesse d’un membre, pas de trouble de la parole.',
    medicaments_non_pris: true, maison_medicaments: false, pharmacie_medicaments: false, details_medicaments: 'Amlodipine 10 mg arrêtée depuis un mois',
    cephalees: true, vertiges: true, palpitations: true, troubles_visuels: true, nycturie: true, hypertendu: true, familial_obese: true, febrile: 'Non',
    etat: 'Altéré', par_quoi: 'Céphalées intenses', coeur: 'B2 claqué au foyer aortique, pas de souffle', poumons: examenNormal.poumons, membres: 'Œdème discret des chevilles, force symétrique',
    examen_gynecologique: 'Ménopausée depuis cinq ans', allergie_medicamenteuse: false, medicament_allergique: '',
    hypothese_patient_medecin: 'La tension est montée', analyses_proposees: 'Créatinine, ionogramme, protéinurie, ECG, fond d’œil', observations_importantes: 'Consciente, bien orientée',
    ...overrides,
  });
}

/** Vaso-occlusive crisis in a young woman with sickle-cell disease. */
export function ficheCriseDrepanocytaire(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Tshibangu', postnom: 'Lwamba', prenom: 'Ornella', ...neIlYA({ ans: 19, mois: 3 }), sexe: 'F', etat_civil: 'Célibataire',
    telephone: '+243970000161', occupation: 'Élève finaliste', avenue: 'Sendwe n° 41', quartier: 'Kinyama', commune: 'Katuba',
    contact_nom: 'Lwamba Monga Odette', contact_telephone: '+243970000162', contact_adresse: 'Avenue Sendwe n° 41, Katuba (mère)',
    temperature: 37.8, spo2: 95, poids: 47, tension_arterielle: '110/70', pouls: 110, frequence_respiratoire: 22,
    motif_consultation: 'Douleurs osseuses intenses des cuisses et du dos depuis hier',
    histoire_maladie: 'Drépanocytaire SS suivie à l’hôpital Sendwe. Crise après une nuit froide : douleur cotée 9 sur 10 aux deux cuisses et aux lombes, non calmée par l’ibuprofène. Pas de douleur thoracique. Deux transfusions, la dernière en 2024.',
    details_medicaments: 'Ibuprofène 400 mg deux prises, acide folique au long cours', cephalees: false, febrile: 'Non', coloration_bulbaire: 'jaunatre', coloration_palpebrale: 'pale',
    etat: 'Altéré', par_quoi: 'Douleur', capacite_physique: 'Bas', capacite_physique_score: '2/10', capacite_psychologique: 'Moyen', capacite_psychologique_score: '5/10',
    familial_drepanocytaire: true, familial_hypertendu: false, lien_mere: false, lien_frere: true, autres_antecedents: 'Drépanocytose SS, deux transfusions, pneumonie en 2022',
    membres: 'Douleur vive à la pression des deux fémurs, pas de gonflement, mobilité limitée par la douleur', colonne_bassin: 'Sensibilité des apophyses lombaires', poumons: examenNormal.poumons,
    examen_gynecologique: 'Dernières règles il y a dix jours', allergie_medicamenteuse: false, medicament_allergique: '',
    hypothese_patient_medecin: 'Crise de SS', analyses_proposees: 'NFS, réticulocytes, TDR paludisme, CRP', observations_importantes: 'Boit peu à cause de la douleur',
    ...overrides,
  });
}

/** Type 2 diabetes out of balance, seen at a distance. */
export function ficheDiabete(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Mwepu', postnom: 'Kitenge', prenom: 'Joseph', ...neIlYA({ ans: 52, mois: 4 }), sexe: 'M', examen_gynecologique: '',
    telephone: '+243970000171', occupation: 'Chauffeur de taxi', avenue: 'Kasaï n° 19', quartier: 'Industriel', commune: 'Kamalondo',
    contact_nom: 'Kitenge Mwila Solange', contact_telephone: '+243970000172', contact_adresse: 'Avenue Kasaï n° 19, Kamalondo (épouse)',
    temperature: 36.8, spo2: 98, poids: 94, tension_arterielle: '138/86', pouls: 84, frequence_respiratoire: 17,
    motif_consultation: 'Soif, urines fréquentes et amaigrissement depuis un mois',
    histoire_maladie: 'Diabétique de type 2 depuis trois ans, metformine prise un jour sur deux. Se lève quatre fois la nuit pour uriner, boit plus de trois litres par jour, a perdu cinq kilos. Fourmillements des pieds. Glycémie capillaire à 286 mg/dL à la pharmacie. Ni vomissement ni somnolence.',
    details_medicaments: 'Metformine 850 mg irrégulière', cephalees: false, nycturie: true, troubles_visuels: true, diabetique: true, hypertendu: false, febrile: 'Non', alcool: 'souvent',
    familial_diabetique: true, familial_obese: true, lien_pere: true, lien_mere: false, familial_hypertendu: false, allergie_medicamenteuse: false, medicament_allergique: '',
    poumons: examenNormal.poumons, membres: 'Peau sèche des pieds, sensibilité au monofilament diminuée, pas de plaie', analyses_proposees: 'Glycémie à jeun, HbA1c, créatinine, bandelette urinaire',
    hypothese_patient_medecin: 'Le sucre est monté', observations_importantes: 'Conduit la nuit', is_patient_distance: true,
    ...overrides,
  });
}

/** Chest pain at effort and at rest in a smoker. */
export function ficheDouleurThoracique(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Lukusa', postnom: 'Badibanga', prenom: 'Pierre', ...neIlYA({ ans: 61, mois: 6 }), sexe: 'M', examen_gynecologique: '',
    telephone: '+243970000181', occupation: 'Commerçant', avenue: 'Moero n° 3', quartier: 'Centre-ville', commune: 'Lubumbashi',
    contact_nom: 'Badibanga Ngalula Marie', contact_telephone: '+243970000182', contact_adresse: 'Avenue Moero n° 3, Lubumbashi (épouse)',
    temperature: 36.9, spo2: 95, poids: 91, tension_arterielle: '155/95', pouls: 104, frequence_respiratoire: 22,
    motif_consultation: 'Douleur dans la poitrine depuis deux heures',
    histoire_maladie: 'Serrement au milieu de la poitrine survenu au repos, qui descend dans le bras gauche et la mâchoire, avec sueurs froides et nausées. Même gêne plus courte à la montée d’escaliers depuis deux semaines.',
    details_medicaments: 'Aucun depuis le début de la douleur', medicaments_non_pris: true, maison_medicaments: false, pharmacie_medicaments: false,
    cephalees: false, palpitations: true, hypertendu: true, tabac: 'tres_souvent', alcool: 'souvent', activite_physique: 'non', activite_physique_detail: '', febrile: 'Non',
    etat: 'Altéré', par_quoi: 'Douleur, sueurs', capacite_physique: 'Bas', capacite_physique_score: '3/10', familial_hypertendu: true, lien_pere: true, lien_mere: false,
    poumons: examenNormal.poumons, coeur: 'Tachycardie régulière, pas de souffle', allergie_medicamenteuse: false, medicament_allergique: '',
    hypothese_patient_medecin: 'Craint une crise cardiaque', analyses_proposees: 'ECG, troponine, glycémie', observations_importantes: 'Conscient, anxieux, pâle',
    ...overrides,
  });
}

/** Low back pain after lifting, nothing alarming. */
export function ficheLombalgie(overrides: Overrides = {}): FicheJson {
  return ficheComplete({
    nom: 'Kyungu', postnom: 'Mukalay', prenom: 'Simon', ...neIlYA({ ans: 40, mois: 8 }), sexe: 'M', examen_gynecologique: '',
    telephone: '+243970000191', occupation: 'Maçon', avenue: 'Kapenda n° 60', quartier: 'Congo', commune: 'Ruashi',
    contact_nom: 'Mukalay Kaya Anne', contact_telephone: '+243970000192', contact_adresse: 'Avenue Kapenda n° 60, Ruashi (épouse)',
    temperature: 36.6, spo2: 98, poids: 74, tension_arterielle: '122/78', pouls: 72, frequence_respiratoire: 16,
    motif_consultation: 'Mal de dos depuis une semaine',
    histoire_maladie: 'Lombalgie basse apparue après avoir porté des sacs de ciment, augmentée par les mouvements, calmée par le repos, sans irradiation dans les jambes. Urine normalement, marche sans aide.',
    details_medicaments: 'Diclofénac en pommade', cephalees: false, febrile: 'Non', capacite_physique: 'Moyen', poumons: examenNormal.poumons,
    familial_hypertendu: false, lien_mere: false, allergie_medicamenteuse: false, medicament_allergique: '', activite_physique: 'tres_souvent', activite_physique_detail: 'Travail de force',
    colonne_bassin: 'Contracture paravertébrale lombaire, signe de Lasègue négatif', membres: 'Force et sensibilité conservées aux deux membres inférieurs',
    hypothese_patient_medecin: 'Fatigue du dos', analyses_proposees: 'Aucune pour le moment', observations_importantes: '',
    ...overrides,
  });
}
