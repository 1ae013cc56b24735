import { moinsDe, plusDe } from '../age.ts';
import { SOURCES, TOUS_AGES, mesure, regle } from './regle.ts';
import type { Seuil } from './regle.ts';
import { et, ou, quand, RIEN } from '../preuve.ts';
import { sansQualificatif } from '../lecture.ts';

/** IMCI fast breathing, at the bound. */
const RAPIDE: readonly Seuil[] = [
  { champ: 'fr', sens: '>=', valeur: 60, niveau: 'jaune', bandes: ['moins_2_mois'] },
  { champ: 'fr', sens: '>=', valeur: 50, niveau: 'jaune', bandes: ['2_11_mois'] },
  { champ: 'fr', sens: '>=', valeur: 40, niveau: 'jaune', bandes: ['1_4_ans'] },
];

export const reglesRespiration = [
  regle({
    code: 'stridor', libelle: 'Stridor (bruit à l’inspiration)', qui: 'tous', condition: 'stridor dans le texte', niveau: 'rouge', signes: ['stridor'],
    sources: [SOURCES.iittAdulte('rouge, A/B'), SOURCES.etat('signes d’urgence, voies aériennes')], question: 'Y a-t-il un bruit quand il inspire ?',
  }),
  regle({
    code: 'detresse_respiratoire', libelle: 'Détresse respiratoire', qui: 'tous', niveau: 'rouge', signes: ['detresse'],
    condition: 'tirage, geignement, battement des ailes du nez, phrases impossibles : rouge ; dyspnée sans ces signes : orange ; dyspnée d’effort : jaune',
    volets: ({ lecture }) => [{ niveau: 'orange', preuve: lecture.signe('dyspnee') }, { niveau: 'jaune', preuve: lecture.signe('dyspnee_effort') }],
    sources: [SOURCES.iittAdulte('rouge, A/B'), SOURCES.etat('signes d’urgence, respiration')], question: 'Peut-il finir une phrase sans reprendre son souffle ?',
  }),
  regle({
    code: 'cyanose', libelle: 'Cyanose (lèvres ou visage bleus)', qui: 'tous', condition: 'cyanose dans le texte', niveau: 'rouge', signes: ['cyanose'],
    sources: [SOURCES.iittAdulte('rouge, A/B'), SOURCES.etat('signes d’urgence, respiration')], question: 'Les lèvres ou la langue sont-elles bleues ?',
  }),
  regle({
    code: 'apnee', libelle: 'Arrêt ou pauses de la respiration', qui: 'tous', condition: 'apnée, pauses, gasps dans le texte (hors apnée du sommeil)', niveau: 'rouge', signes: ['apnee'],
    sources: [SOURCES.iittAdulte('rouge, A/B'), SOURCES.etat('signes d’urgence, respiration')], question: 'A-t-il cessé de respirer, même un moment ?',
  }),
  regle({
    code: 'spo2_basse', libelle: 'Saturation en oxygène basse', qui: 'tous', condition: 'SpO2 < 92 : orange ; < 90 avant 5 ans ou < 85 à tout âge : rouge', niveau: 'orange',
    seuils: [
      { champ: 'spo2', sens: '<', valeur: 92, niveau: 'orange', bandes: TOUS_AGES },
      { champ: 'spo2', sens: '<', valeur: 90, niveau: 'rouge', bandes: ['moins_2_mois', '2_11_mois', '1_4_ans'] },
      { champ: 'spo2', sens: '<', valeur: 85, niveau: 'rouge', bandes: ['5_11_ans', '12_ans_et_plus'] },
    ],
    sources: [SOURCES.iittAdulte('constantes à haut risque'), SOURCES.imci('toux ou difficulté respiratoire'), { document: 'British Thoracic Society, oxygen use in adults in healthcare and emergency settings, 2017', section: 'SpO2 < 85 % : masque à haute concentration', surete: 'memoire' }],
    ecart: 'Rouge sous 85 % à tout âge : plus protecteur que l’IITT, à confirmer par le clinicien qui signe.',
  }),
  regle({
    code: 'fr_a_risque', libelle: 'Fréquence respiratoire à haut risque', qui: 'selon l’âge', condition: 'hors des bornes de l’IITT', niveau: 'orange',
    seuils: [
      { champ: 'fr', sens: '<', valeur: 10, niveau: 'orange', bandes: ['5_11_ans', '12_ans_et_plus'] }, { champ: 'fr', sens: '>', valeur: 30, niveau: 'orange', bandes: ['5_11_ans', '12_ans_et_plus'] },
      { champ: 'fr', sens: '<', valeur: 20, niveau: 'orange', bandes: ['1_4_ans'] }, { champ: 'fr', sens: '>', valeur: 40, niveau: 'orange', bandes: ['1_4_ans'] },
      { champ: 'fr', sens: '<', valeur: 25, niveau: 'orange', bandes: ['moins_2_mois', '2_11_mois'] }, { champ: 'fr', sens: '>', valeur: 50, niveau: 'orange', bandes: ['moins_2_mois', '2_11_mois'] },
    ],
    sources: [SOURCES.iittAdulte('constantes à haut risque'), SOURCES.iittEnfant('constantes à haut risque')],
  }),
  regle({
    code: 'respiration_rapide_enfant', libelle: 'Respiration rapide chez un enfant qui tousse', qui: 'moins de 5 ans', niveau: 'jaune',
    condition: 'toux ou gêne respiratoire, et FR >= 60 (< 2 mois), >= 50 (2-11 mois), >= 40 (12-59 mois)',
    volets: (cas) => RAPIDE.filter((s) => moinsDe(cas.age, 5) && s.bandes.some((b) => cas.bandes.includes(b)) && (cas.mesures.fr ?? 0) >= s.valeur)
      .map(() => ({ niveau: 'jaune', preuve: et(ou(cas.lecture.signe('toux'), cas.dyspnee), mesure(cas, 'fr')) })),
    sources: [SOURCES.imci('toux ou difficulté respiratoire')],
  }),
  regle({
    code: 'douleur_thoracique', libelle: 'Douleur thoracique', qui: '> 50 ans, ou tout âge avec signe associé : rouge ; 12-50 ans : orange', niveau: 'rouge',
    condition: 'douleur aiguë ; signes associés : sueurs, irradiation, syncope, dyspnée, maladie du cœur ; 12-50 ans sans eux et reproduite par la pression : jaune ; moins de 12 ans sans eux : jaune',
    volets: (cas) => {
      const douleur = cas.lecture.signe('douleur_thoracique');
      const cardiaque = cas.lecture.trouvailles.find((t) => t.concept === 'cardiopathie' && (t.etat === 'affirme' || t.etat === 'passe' || t.etat === 'resolu'));
      const souffle = ou(quand((cas.mesures.fr ?? 0) > 30, mesure(cas, 'fr')), quand((cas.mesures.spo2 ?? 100) < 92, mesure(cas, 'spo2')));
      const associe = ou(cas.lecture.signe('sueurs', 'irradiation', 'syncope'), cas.dyspnee, souffle, cardiaque === undefined ? RIEN : { force: 2, champs: [cardiaque.champ], valeur: cardiaque.extrait });
      const localisee = cas.lecture.signe('douleur_reproductible').force === 2 || cas.age.moisMax < 144;
      const nonLocalisee = sansQualificatif(cas.lecture, ['douleur_thoracique'], ['douleur_reproductible']);
      return [
        { niveau: 'rouge', preuve: ou(quand(plusDe(cas.age, 50), douleur), et(douleur, associe)) },
        { niveau: localisee && (nonLocalisee.force === 0 || cas.age.moisMax < 144) ? 'jaune' : 'orange', preuve: douleur },
      ];
    },
    sources: [SOURCES.iittAdulte('rouge, autres : douleur thoracique aiguë après 50 ans'), { document: 'ESC Guidelines, acute coronary syndromes, 2023', section: 'présentation clinique', surete: 'memoire' }],
    question: 'Avez-vous mal dans la poitrine maintenant ?',
  }),
] as const;
