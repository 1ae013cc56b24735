export type Urgence = 'vert' | 'jaune' | 'orange' | 'rouge';

export interface Traitement {
  readonly medicament: string;
  readonly posologie: string;
  readonly contre_indications: string;
}

/** A condition that the simulation may propose: how its signs weigh, and what it would advise. */
export interface Condition {
  readonly libelle: string;
  readonly cim10: string;
  readonly urgence: Urgence;
  readonly poids: Readonly<Record<string, number>>;
  /** At least one of each group must be affirmed. */
  readonly exige?: readonly (readonly string[])[];
  readonly examens: readonly string[];
  readonly traitements: readonly Traitement[];
  readonly education: readonly string[];
  readonly references: readonly { readonly titre: string; readonly source: string }[];
}

const traitement = (medicament: string, posologie: string, contre_indications: string): Traitement => ({ medicament, posologie, contre_indications });
const oms = (titre: string) => [{ titre, source: 'OMS' }];

const PARACETAMOL = traitement('paracétamol', '1 g toutes les 6 heures si fièvre ou douleur, maximum 4 g par jour chez l’adulte', 'insuffisance hépatique sévère');
const SRO = traitement('sels de réhydratation orale', '200 à 400 ml après chaque selle liquide', 'vomissements incoercibles, trouble de la conscience');

/** Ordered: of two equal scores the first wins. */
export const CONDITIONS: readonly Condition[] = [
  { libelle: 'Paludisme grave', cim10: 'B50.0', urgence: 'rouge', poids: { fievre: 3, convulsions: 3, conscience: 3, exposition_palustre: 3, cephalees: 1, paleur: 1, ictere: 1, vomissements: 1 }, exige: [['fievre'], ['convulsions', 'conscience']],
    examens: ['TDR paludisme et goutte épaisse', 'Glycémie capillaire', 'Hémoglobine'], traitements: [traitement('artésunate', '2,4 mg/kg IV à H0, H12, H24 puis une fois par jour', 'hypersensibilité à l’artésunate')],
    education: ['Référer sans délai vers une structure capable d’hospitaliser'], references: oms('Lignes directrices de l’OMS sur le paludisme') },
  { libelle: 'Méningite aiguë', cim10: 'G03.9', urgence: 'rouge', poids: { raideur_nuque: 5, fievre: 2, cephalees: 1.5, vomissements: 1, conscience: 2, convulsions: 2 }, exige: [['raideur_nuque']],
    examens: ['Ponction lombaire', 'Hémocultures', 'NFS et CRP'], traitements: [traitement('ceftriaxone', '2 g IV toutes les 12 heures', 'allergie aux céphalosporines')],
    education: ['Hospitalisation immédiate', 'Prévenir l’entourage des signes à surveiller'], references: oms('Prise en charge des méningites épidémiques') },
  { libelle: 'Prééclampsie', cim10: 'O14.9', urgence: 'rouge', poids: { grossesse: 4, hypertension: 3, cephalees: 1, troubles_visuels: 1.5, oedemes: 1, convulsions: 3 }, exige: [['grossesse'], ['hypertension']],
    examens: ['Protéinurie', 'Plaquettes et transaminases', 'Échographie obstétricale'], traitements: [traitement('alpha-méthyldopa', '250 mg trois fois par jour', 'hépatite active'), traitement('sulfate de magnésium', '4 g IV lente puis 1 g/h si signes de gravité', 'myasthénie, insuffisance rénale sévère')],
    education: ['Consulter en maternité le jour même'], references: oms('Prévention et traitement de la prééclampsie') },
  { libelle: 'Syndrome coronarien aigu', cim10: 'I21.9', urgence: 'rouge', poids: { douleur_thoracique: 4, dyspnee: 1, palpitations: 0.5, hypertension: 0.5, diabete: 0.5 }, exige: [['douleur_thoracique']],
    examens: ['ECG 12 dérivations', 'Troponine', 'Radiographie du thorax'], traitements: [traitement('acide acétylsalicylique', '250 mg per os en dose unique', 'allergie, saignement actif')],
    education: ['Repos strict, transfert médicalisé'], references: [{ titre: 'ESC Guidelines: acute coronary syndromes', source: 'ESC' }] },
  { libelle: 'Accident vasculaire cérébral', cim10: 'I64', urgence: 'rouge', poids: { deficit: 5, conscience: 2, hypertension: 1.5, cephalees: 1, diabete: 0.5 }, exige: [['deficit']],
    examens: ['Scanner cérébral', 'Glycémie capillaire', 'ECG'], traitements: [], education: ['Noter l’heure exacte du début des signes', 'Ne rien donner par la bouche'], references: [{ titre: 'Prise en charge précoce de l’AVC', source: 'HAS' }] },
  { libelle: 'Paludisme simple', cim10: 'B54', urgence: 'jaune', poids: { fievre: 3, cephalees: 1.5, exposition_palustre: 3, douleurs_diffuses: 1, vomissements: 1, paleur: 0.5, fatigue: 0.5 }, exige: [['fievre', 'exposition_palustre']],
    examens: ['TDR paludisme', 'Goutte épaisse', 'NFS'], traitements: [traitement('artéméther-luméfantrine', '80/480 mg matin et soir pendant 3 jours (adulte)', 'hypersensibilité, allongement du QT'), PARACETAMOL],
    education: ['Dormir sous moustiquaire imprégnée', 'Revenir si vomissements, convulsions ou somnolence'], references: oms('Lignes directrices de l’OMS sur le paludisme') },
  { libelle: 'Pneumonie communautaire', cim10: 'J18.9', urgence: 'orange', poids: { toux: 2, fievre: 1, dyspnee: 2, crepitants: 3, expectoration: 1, desaturation: 2, douleur_thoracique: 0.5 }, exige: [['toux', 'crepitants', 'dyspnee'], ['fievre', 'crepitants', 'expectoration']],
    examens: ['Radiographie du thorax', 'NFS et CRP', 'SpO2 en surveillance'], traitements: [traitement('amoxicilline', '1 g trois fois par jour pendant 5 à 7 jours', 'allergie aux pénicillines'), PARACETAMOL],
    education: ['Boire suffisamment', 'Revenir si la respiration devient difficile'], references: oms('Prise en charge des infections respiratoires aiguës') },
  { libelle: 'Tuberculose pulmonaire', cim10: 'A16.2', urgence: 'orange', poids: { toux: 1.5, hemoptysie: 3, amaigrissement: 3, fievre: 1, expectoration: 1, fatigue: 0.5 }, exige: [['toux', 'hemoptysie'], ['hemoptysie', 'amaigrissement']],
    examens: ['GeneXpert MTB/RIF sur crachats', 'Radiographie du thorax', 'Test VIH'], traitements: [], education: ['Porter un masque', 'Dépister l’entourage'], references: oms('Lignes directrices unifiées sur la tuberculose') },
  { libelle: 'Crise d’asthme', cim10: 'J45.9', urgence: 'orange', poids: { sibilants: 4, dyspnee: 2, toux: 1, desaturation: 1.5 }, exige: [['sibilants']],
    examens: ['Débit expiratoire de pointe', 'SpO2 en surveillance'], traitements: [traitement('salbutamol', '4 à 8 bouffées en chambre d’inhalation, à répéter toutes les 20 minutes', 'hypersensibilité')],
    education: ['Éviter tabac et fumées', 'Vérifier la technique d’inhalation'], references: [{ titre: 'Global Strategy for Asthma Management', source: 'GINA' }] },
  { libelle: 'Infection aiguë des voies respiratoires supérieures', cim10: 'J06.9', urgence: 'vert', poids: { rhinopharynx: 3, toux: 1.5, fievre: 1, cephalees: 0.5 }, exige: [['rhinopharynx', 'toux']],
    examens: ['Examen ORL'], traitements: [PARACETAMOL], education: ['Repos et hydratation', 'Pas d’antibiotique sans avis'], references: [{ titre: 'Rhinopharyngite aiguë', source: 'HAS' }] },
  { libelle: 'Fièvre typhoïde', cim10: 'A01.0', urgence: 'orange', poids: { fievre: 1.5, douleur_abdominale: 2, diarrhee: 1, cephalees: 1, fatigue: 0.5 }, exige: [['fievre'], ['douleur_abdominale', 'diarrhee', 'cephalees']],
    examens: ['Hémoculture', 'Coproculture', 'NFS'], traitements: [traitement('azithromycine', '500 mg deux fois par jour pendant 7 jours', 'allergie aux macrolides, QT long')], education: ['Boire de l’eau traitée', 'Se laver les mains'], references: oms('Fièvre typhoïde : diagnostic et traitement') },
  { libelle: 'Choléra suspect', cim10: 'A00.9', urgence: 'rouge', poids: { riziformes: 5, diarrhee: 2, vomissements: 1, deshydratation: 2, hypotension: 2 }, exige: [['riziformes']],
    examens: ['Test rapide choléra', 'Ionogramme et créatinine'], traitements: [SRO], education: ['S’isoler et prévenir le centre avant de se déplacer'], references: oms('Prise en charge du choléra') },
  { libelle: 'Gastro-entérite aiguë', cim10: 'A09', urgence: 'jaune', poids: { diarrhee: 3, vomissements: 2, douleur_abdominale: 1, fievre: 0.5, deshydratation: 1 }, exige: [['diarrhee', 'vomissements']],
    examens: ['Coproculture si fièvre ou sang', 'Ionogramme'], traitements: [SRO], education: ['Fractionner les boissons', 'Se laver les mains'], references: oms('Traitement de la diarrhée') },
  { libelle: 'Hypertension artérielle', cim10: 'I10', urgence: 'jaune', poids: { hypertension: 4, hta_severe: 2, cephalees: 1, vertiges: 1, palpitations: 0.5, troubles_visuels: 0.5 }, exige: [['hypertension', 'hta_severe']],
    examens: ['Créatinine et ionogramme', 'ECG', 'Bandelette urinaire'], traitements: [traitement('amlodipine', '5 mg une fois par jour', 'choc cardiogénique, hypotension sévère')],
    education: ['Réduire le sel', 'Contrôler la tension chaque semaine'], references: oms('Traitement pharmacologique de l’hypertension') },
  { libelle: 'Diabète sucré déséquilibré', cim10: 'E11.9', urgence: 'jaune', poids: { diabete: 3, polyurie: 2.5, amaigrissement: 1, fatigue: 0.5 }, exige: [['diabete', 'polyurie']],
    examens: ['Glycémie à jeun', 'HbA1c', 'Créatinine'], traitements: [traitement('metformine', '500 mg deux fois par jour au repas', 'insuffisance rénale sévère')], education: ['Alimentation équilibrée', 'Examiner ses pieds chaque jour'], references: oms('Diagnostic et prise en charge du diabète de type 2') },
  { libelle: 'Infection urinaire', cim10: 'N39.0', urgence: 'jaune', poids: { signes_urinaires: 4, fievre: 0.5, douleur_lombaire: 1.5 }, exige: [['signes_urinaires']],
    examens: ['Bandelette urinaire', 'ECBU'], traitements: [traitement('nitrofurantoïne', '100 mg deux fois par jour pendant 5 jours', 'insuffisance rénale, déficit en G6PD')], education: ['Boire 1,5 à 2 litres par jour'], references: [{ titre: 'Infections urinaires de l’adulte', source: 'HAS' }] },
  { libelle: 'Gastrite', cim10: 'K29.7', urgence: 'vert', poids: { epigastralgies: 3.5, vomissements: 0.5, douleur_abdominale: 0.5 }, exige: [['epigastralgies']],
    examens: ['Recherche d’Helicobacter pylori', 'Fibroscopie si signes d’alarme'], traitements: [traitement('oméprazole', '20 mg une fois par jour pendant 4 semaines', 'hypersensibilité')], education: ['Éviter alcool, tabac et anti-inflammatoires'], references: [{ titre: 'Dyspepsie et gastrite de l’adulte', source: 'HAS' }] },
  { libelle: 'Crise vaso-occlusive drépanocytaire', cim10: 'D57.0', urgence: 'orange', poids: { drepanocytose: 4, douleurs_diffuses: 2, fievre: 0.5, paleur: 1, ictere: 1 }, exige: [['drepanocytose']],
    examens: ['NFS et réticulocytes', 'Groupe sanguin'], traitements: [PARACETAMOL], education: ['Boire abondamment, éviter le froid'], references: oms('Drépanocytose : prise en charge en Afrique') },
  { libelle: 'Anémie', cim10: 'D64.9', urgence: 'jaune', poids: { paleur: 3, fatigue: 1, vertiges: 1, palpitations: 0.5, saignement: 1.5 }, exige: [['paleur']],
    examens: ['NFS', 'Ferritine'], traitements: [traitement('fer et acide folique', '1 comprimé par jour pendant 3 mois', 'hémochromatose')], education: ['Alimentation riche en fer'], references: oms('Concentrations en hémoglobine et anémie') },
  { libelle: 'Épilepsie', cim10: 'G40.9', urgence: 'orange', poids: { convulsions: 3, epilepsie: 2.5 }, exige: [['convulsions', 'epilepsie']],
    examens: ['Glycémie capillaire', 'EEG'], traitements: [], education: ['Ne pas arrêter le traitement', 'Protéger la tête pendant une crise'], references: oms('Guide mhGAP : épilepsie') },
  { libelle: 'Épisode dépressif', cim10: 'F32.9', urgence: 'jaune', poids: { humeur: 3, suicide: 3, fatigue: 0.5 }, exige: [['humeur', 'suicide']],
    examens: ['Entretien et échelle PHQ-9'], traitements: [], education: ['Ne pas rester seul', 'Reprendre contact sous 48 heures'], references: oms('Guide mhGAP : dépression') },
  { libelle: 'Céphalée primaire', cim10: 'R51', urgence: 'vert', poids: { cephalees: 2, vertiges: 0.5, troubles_visuels: 0.5 }, exige: [['cephalees']],
    examens: ['Examen neurologique', 'Tension artérielle aux deux bras'], traitements: [PARACETAMOL], education: ['Tenir un calendrier des crises'], references: [{ titre: 'Prise en charge de la migraine', source: 'SFEMC' }] },
];

/** What is proposed when the text says too little. */
export const NON_PRECISEE: Condition = {
  libelle: 'Affection non précisée', cim10: 'R69', urgence: 'vert', poids: {}, examens: ['Examen clinique complet', 'NFS et CRP'], traitements: [],
  education: ['Revenir si de nouveaux signes apparaissent'], references: [{ titre: 'Démarche diagnostique en soins primaires', source: 'HAS' }],
};
