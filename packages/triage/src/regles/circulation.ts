import { auMoins } from '../age.ts';
import type { Cas } from '../cas.ts';
import { pertesDemiLitre, recolorationLente } from '../chiffres.ts';
import type { Concept } from '../lexique.ts';
import { qualifie, sansQualificatif } from '../lecture.ts';
import { et, fait, ou, quand } from '../preuve.ts';
import type { Preuve } from '../preuve.ts';
import { ADULTES, SOURCES, TOUS_AGES, mesure, regle, seuilsFranchis } from './regle.ts';
import type { Seuil } from './regle.ts';

const FC: readonly Seuil[] = [
  { champ: 'pouls', sens: '<', valeur: 60, niveau: 'orange', bandes: ADULTES }, { champ: 'pouls', sens: '>', valeur: 130, niveau: 'orange', bandes: ADULTES },
  { champ: 'pouls', sens: '<', valeur: 70, niveau: 'orange', bandes: ['5_11_ans'] }, { champ: 'pouls', sens: '>', valeur: 140, niveau: 'orange', bandes: ['5_11_ans'] },
  { champ: 'pouls', sens: '<', valeur: 80, niveau: 'orange', bandes: ['1_4_ans'] }, { champ: 'pouls', sens: '>', valeur: 160, niveau: 'orange', bandes: ['1_4_ans'] },
  { champ: 'pouls', sens: '<', valeur: 90, niveau: 'orange', bandes: ['moins_2_mois', '2_11_mois'] }, { champ: 'pouls', sens: '>', valeur: 180, niveau: 'orange', bandes: ['moins_2_mois', '2_11_mois'] },
];
const SANG_DIGESTIF: Concept[] = ['hematemese', 'melena', 'vomit_sang'];
/** Signs of shock: told, or a high-risk fast pulse. */
export const signeDeChoc = (cas: Cas): Preuve => ou(cas.lecture.signe('choc', 'paleur_severe', 'syncope', 'hemorragie'), cas.conscience, recolorationLente(cas.lecture), quand((cas.mesures.pouls ?? 0) > 130, mesure(cas, 'pouls')));
/** A vital sign that makes a bleeding grave. */
export const constanteARisque = (cas: Cas): Preuve => ou(...seuilsFranchis(cas, FC).map((v) => v.preuve), quand((cas.mesures.tas ?? 120) <= 90 && auMoins(cas.age, 12), mesure(cas, 'tas')), cas.lecture.signe('choc', 'syncope', 'paleur_severe'));
const enceinteOuApres = (cas: Cas): boolean => cas.grossesse.etat === 'enceinte' || cas.grossesse.etat === 'post_partum';

export const reglesCirculation = [
  regle({
    code: 'fc_a_risque', libelle: 'Fréquence cardiaque à haut risque', qui: 'selon l’âge', condition: 'hors des bornes de l’IITT', niveau: 'orange', seuils: FC,
    sources: [SOURCES.iittAdulte('constantes à haut risque'), SOURCES.iittEnfant('constantes à haut risque')],
  }),
  regle({
    code: 'fc_critique', libelle: 'Fréquence cardiaque critique', qui: '12 ans et plus', condition: 'FC < 50 ou > 150', niveau: 'rouge',
    seuils: [{ champ: 'pouls', sens: '<', valeur: 50, niveau: 'rouge', bandes: ADULTES }, { champ: 'pouls', sens: '>', valeur: 150, niveau: 'rouge', bandes: ADULTES }],
    sources: [SOURCES.iittAdulte('rouge, C')],
  }),
  regle({
    code: 'temperature_a_risque', libelle: 'Température à haut risque', qui: 'tous', condition: 'T < 36 ou > 39', niveau: 'orange',
    seuils: [{ champ: 'temperature', sens: '<', valeur: 36, niveau: 'orange', bandes: TOUS_AGES }, { champ: 'temperature', sens: '>', valeur: 39, niveau: 'orange', bandes: TOUS_AGES }],
    sources: [SOURCES.iittAdulte('constantes à haut risque'), SOURCES.iittEnfant('constantes à haut risque')],
  }),
  regle({
    code: 'hypotension', libelle: 'Tension artérielle basse', qui: '12 ans et plus', condition: 'PAS <= 90 : orange ; avec signe de choc ou infection suspectée : rouge', niveau: 'orange',
    seuils: [{ champ: 'tas', sens: '<=', valeur: 90, niveau: 'orange', bandes: ADULTES }],
    volets: (cas) => [{ niveau: 'rouge', preuve: et(quand(auMoins(cas.age, 12) && (cas.mesures.tas ?? 999) <= 90, mesure(cas, 'tas')), ou(signeDeChoc(cas), cas.infection)) }],
    sources: [SOURCES.news2('tableau 1 : PAS <= 90, 3 points')],
  }),
  regle({
    code: 'choc', libelle: 'Signes de choc', qui: 'tous', condition: 'recoloration > 3 s, extrémités froides ou marbrées, pouls faible et rapide', niveau: 'rouge', signes: ['choc'],
    volets: ({ lecture }) => [{ niveau: 'rouge', preuve: recolorationLente(lecture) }],
    sources: [SOURCES.iittAdulte('rouge, C'), SOURCES.etat('signes d’urgence, circulation')], question: 'Les mains et les pieds sont-ils froids, la peau marbrée ?',
  }),
  regle({
    code: 'news2_eleve', libelle: 'Score NEWS2 élevé', qui: '16 ans et plus, hors grossesse et post-partum', condition: 'score (au moins) 5-6 ou un paramètre à 3 : orange ; >= 7 : rouge', niveau: 'orange',
    volets: (cas) => {
      if (cas.news2 === null || cas.news2Brut === null) return [];
      const preuve = { ...fait('news2', `NEWS2 ${cas.news2.au_moins ? 'au moins ' : ''}${cas.news2.score}`), champs: cas.news2Brut.champs };
      return cas.news2.score >= 7 ? [{ niveau: 'rouge', preuve }] : cas.news2.score >= 5 || cas.news2Brut.points3 ? [{ niveau: 'orange', preuve }] : [];
    },
    sources: [SOURCES.news2('tableaux 1 et 4')], ecart: 'Score partiel (conscience et oxygène sans champ), fait pour l’hôpital : il élève, il ne rassure jamais.',
  }),
  regle({
    code: 'hta_severe', libelle: 'Hypertension sévère', qui: 'hors grossesse et post-partum', niveau: 'jaune',
    condition: 'PA >= 180 ou >= 110 : jaune ; avec céphalées : orange ; avec confusion, trouble visuel, douleur thoracique, déficit ou dyspnée : rouge',
    volets: (cas) => {
      const haute = quand(!enceinteOuApres(cas) && ((cas.mesures.tas ?? 0) >= 180 || (cas.mesures.tad ?? 0) >= 110), mesure(cas, 'tas'));
      const organe = ou(cas.conscience, cas.troubleVisuel, cas.lecture.signe('douleur_thoracique', 'deficit'), cas.dyspnee);
      return [{ niveau: 'jaune', preuve: haute }, { niveau: 'orange', preuve: et(haute, cas.cephalee) }, { niveau: 'rouge', preuve: et(haute, organe) }];
    },
    sources: [{ document: 'ESC Guidelines, elevated blood pressure and hypertension, 2024', section: 'urgences hypertensives', surete: 'memoire' }],
  }),
  regle({
    code: 'saignement_abondant', libelle: 'Saignement', qui: 'tous', condition: 'abondant, hémorragie : rouge ; saignement en cours sans précision : orange ; nez, gencives : jaune', niveau: 'rouge', signes: ['hemorragie'],
    volets: ({ lecture }) => [
      { niveau: 'rouge', preuve: ou(qualifie(lecture, ['saignement', 'saignement_mineur'], ['abondance']), pertesDemiLitre(lecture)) },
      { niveau: 'orange', preuve: sansQualificatif(lecture, ['saignement'], ['faible_quantite']) },
      { niveau: 'jaune', preuve: lecture.signe('saignement', 'saignement_mineur') },
    ],
    sources: [SOURCES.iittAdulte('rouge, C (heavy bleeding) ; jaune (ongoing bleeding)')], question: 'Y a-t-il un saignement en ce moment, et combien ?',
  }),
  regle({
    code: 'hemorragie_digestive', libelle: 'Hémorragie digestive', qui: 'tous', niveau: 'rouge',
    condition: 'sang vomi ou dans les selles : orange ; abondant, en cours ou constante à risque : rouge ; simples stries : jaune',
    volets: (cas) => {
      const sang = cas.lecture.signe(...SANG_DIGESTIF);
      return [
        { niveau: 'rouge', preuve: ou(sansQualificatif(cas.lecture, ['vomit_sang'], ['faible_quantite']), qualifie(cas.lecture, SANG_DIGESTIF, ['abondance', 'en_cours']), et(sang, constanteARisque(cas))) },
        { niveau: 'orange', preuve: sansQualificatif(cas.lecture, SANG_DIGESTIF, ['faible_quantite']) }, { niveau: 'jaune', preuve: sang },
      ];
    },
    sources: [SOURCES.iittAdulte('rouge, C (heavy bleeding) ; jaune (ongoing bleeding)')], question: 'Y a-t-il du sang dans les vomissements ou les selles, et combien ?',
  }),
  regle({
    code: 'hemoptysie', libelle: 'Crachats de sang', qui: 'tous', condition: 'sang craché : orange ; abondant ou constante à risque : rouge ; simples stries : jaune', niveau: 'orange',
    volets: (cas) => {
      const sang = cas.lecture.signe('hemoptysie');
      return [
        { niveau: 'rouge', preuve: ou(qualifie(cas.lecture, ['hemoptysie'], ['abondance']), et(sang, constanteARisque(cas))) },
        { niveau: 'orange', preuve: sansQualificatif(cas.lecture, ['hemoptysie'], ['faible_quantite']) }, { niveau: 'jaune', preuve: sang },
      ];
    },
    sources: [SOURCES.iittAdulte('rouge, C (heavy bleeding) ; jaune (ongoing bleeding)')], question: 'Crachez-vous du sang, et combien ?',
  }),
  regle({
    code: 'syncope', libelle: 'Syncope (perte de connaissance brève)', qui: 'tous', condition: 'évanouissement récent, même fini', niveau: 'orange', signes: ['syncope'],
    sources: [SOURCES.iittAdulte('jaune (recent fainting)')], question: 'Avez-vous perdu connaissance ?',
  }),
  regle({
    code: 'paleur_severe', libelle: 'Pâleur sévère', qui: 'tous', condition: 'pâleur sévère : orange ; pâleur avec détresse, dyspnée ou choc : rouge ; conjonctives pâles seules : jaune', niveau: 'orange', signes: ['paleur_severe'],
    volets: (cas) => [
      { niveau: 'rouge', preuve: et(cas.paleur, ou(cas.lecture.signe('detresse', 'dyspnee', 'choc'), cas.conscience)) },
      { niveau: 'orange', preuve: et(cas.paleur, ou(...seuilsFranchis(cas, FC).map((v) => v.preuve), cas.lecture.signe('syncope'))) },
      { niveau: 'jaune', preuve: cas.paleur },
    ],
    sources: [SOURCES.iittAdulte('jaune (severe pallor)'), SOURCES.imci('anémie')], question: 'Les paumes ou les paupières sont-elles très pâles ?',
  }),
] as const;
