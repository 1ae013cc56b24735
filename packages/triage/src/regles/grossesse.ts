import type { Cas } from '../cas.ts';
import { pertesDemiLitre } from '../chiffres.ts';
import { qualifie, sansQualificatif } from '../lecture.ts';
import { et, ou, quand } from '../preuve.ts';
import type { Preuve } from '../preuve.ts';
import { constanteARisque } from './circulation.ts';
import { estMeows } from './meows.ts';
import { SOURCES, mesure, regle } from './regle.ts';

const enceinte = (cas: Cas): Preuve => cas.grossesse.enceinte;
const enceinteOuApres = (cas: Cas): Preuve => ou(cas.grossesse.enceinte, cas.grossesse.postPartum);
const saignementTout = (cas: Cas): Preuve => cas.lecture.signe('saignement', 'hemorragie', 'spotting');
const tension = (cas: Cas, s: number, d: number): Preuve => quand((cas.mesures.tas ?? 0) >= s || (cas.mesures.tad ?? 0) >= d, mesure(cas, 'tas'));
const grave = { document: 'WHO recommendations for prevention and treatment of pre-eclampsia and eclampsia, 2011', section: 'hypertension sévère', surete: 'memoire' } as const;
const ENCEINTE = 'enceinte (retard de règles ou « peut-être » : un cran plus bas, et la question)';
const QUESTION = 'Êtes-vous enceinte, ou avez-vous accouché depuis moins de six semaines ?';

export const reglesGrossesse = [
  regle({
    code: 'grossesse_saignement', libelle: 'Saignement pendant la grossesse', qui: ENCEINTE, condition: 'tout saignement : rouge ; traces sans douleur : orange', niveau: 'rouge', question: QUESTION,
    volets: (cas) => {
      const douleur = cas.lecture.signe('douleur_abdominale', 'douleur_pelvienne', 'travail');
      const franc = ou(sansQualificatif(cas.lecture, ['saignement'], ['faible_quantite', 'spotting']), cas.lecture.signe('hemorragie'), et(saignementTout(cas), douleur));
      return [{ niveau: 'rouge', preuve: et(enceinte(cas), franc) }, { niveau: 'orange', preuve: et(enceinte(cas), saignementTout(cas)) }];
    },
    sources: [SOURCES.iittAdulte('rouge, grossesse'), SOURCES.mcpc('saignement vaginal')],
  }),
  regle({
    code: 'grossesse_douleur_abdominale', libelle: 'Douleur abdominale pendant la grossesse ou après', qui: `${ENCEINTE} ou accouchée depuis 42 jours au plus`, condition: 'enceinte, douleur abdominale ou pelvienne : rouge ; dite légère, ou après l’accouchement : orange ; avec syncope ou douleur d’épaule : rouge', niveau: 'rouge', question: QUESTION,
    volets: (cas) => [
      { niveau: 'rouge', preuve: et(enceinte(cas), sansQualificatif(cas.lecture, ['douleur_abdominale', 'douleur_pelvienne'], ['faible_quantite'])) },
      { niveau: 'orange', preuve: et(enceinteOuApres(cas), cas.lecture.signe('douleur_abdominale', 'douleur_pelvienne')) },
      { niveau: 'rouge', preuve: et(enceinteOuApres(cas), cas.lecture.signe('douleur_abdominale', 'douleur_pelvienne'), cas.lecture.signe('syncope', 'douleur_epaule')) },
    ],
    sources: [SOURCES.iittAdulte('rouge, grossesse : severe abdominal pain'), SOURCES.mcpc('douleur abdominale')],
  }),
  regle({
    code: 'grossesse_cephalee_vision', libelle: 'Céphalées ou trouble de la vue pendant la grossesse ou après', qui: `${ENCEINTE} ou accouchée depuis 42 jours au plus`, niveau: 'rouge', question: QUESTION,
    condition: 'céphalées intenses, trouble visuel, ou céphalées avec PA >= 140/90 : rouge ; autres céphalées : orange',
    volets: (cas) => {
      const qui = enceinteOuApres(cas);
      return [
        { niveau: 'rouge', preuve: et(qui, ou(cas.troubleVisuel, qualifie(cas.lecture, ['cephalee'], ['intensite']), et(cas.cephalee, tension(cas, 140, 90)))) },
        { niveau: 'orange', preuve: et(qui, cas.cephalee) },
      ];
    },
    sources: [SOURCES.iittAdulte('rouge, grossesse : severe headache, visual changes'), SOURCES.mcpc('céphalées, vision floue')],
  }),
  regle({
    code: 'eclampsie', libelle: 'Éclampsie possible', qui: `${ENCEINTE} ou accouchée depuis 42 jours au plus`, condition: 'convulsions ou conscience altérée', niveau: 'rouge', question: QUESTION,
    volets: (cas) => [{ niveau: 'rouge', preuve: et(enceinteOuApres(cas), ou(cas.lecture.signe('convulsions'), cas.conscience)) }],
    sources: [SOURCES.iittAdulte('rouge, grossesse : seizures or altered mental status'), SOURCES.mcpc('convulsions')],
  }),
  regle({
    code: 'travail_actif', libelle: 'Travail en cours', qui: ENCEINTE, condition: 'contractions, envie de pousser, travail', niveau: 'rouge', question: QUESTION,
    volets: (cas) => [{ niveau: 'rouge', preuve: et(enceinte(cas), cas.lecture.signe('travail')) }],
    sources: [SOURCES.iittAdulte('rouge, grossesse : active labour')],
  }),
  regle({
    code: 'grossesse_trauma', libelle: 'Traumatisme pendant la grossesse', qui: ENCEINTE, condition: 'chute, coup, accident', niveau: 'rouge', question: QUESTION,
    volets: (cas) => [{ niveau: 'rouge', preuve: et(enceinte(cas), cas.lecture.signe('traumatisme')) }],
    sources: [{ ...SOURCES.iittAdulte('rouge, grossesse : trauma'), surete: 'memoire' }],
  }),
  regle({
    code: 'grossesse_fievre', libelle: 'Fièvre pendant la grossesse ou après', qui: `${ENCEINTE} ou accouchée depuis 42 jours au plus`, condition: 'fièvre mesurée ou rapportée', niveau: 'orange', question: QUESTION,
    volets: (cas) => [{ niveau: 'orange', preuve: et(enceinteOuApres(cas), cas.fievre) }], sources: [SOURCES.mcpc('fièvre')],
  }),
  regle({
    code: 'rupture_membranes', libelle: 'Rupture des membranes', qui: ENCEINTE, condition: 'perte des eaux : orange ; avec fièvre : rouge', niveau: 'orange', question: QUESTION,
    volets: (cas) => {
      const eaux = et(enceinte(cas), cas.lecture.signe('rupture_membranes'));
      return [{ niveau: 'orange', preuve: eaux }, { niveau: 'rouge', preuve: et(eaux, cas.fievre) }];
    },
    sources: [SOURCES.mcpc('rupture prématurée des membranes')],
  }),
  regle({
    code: 'mouvements_foetaux', libelle: 'Le bébé bouge moins', qui: ENCEINTE, condition: 'mouvements diminués ou absents', niveau: 'orange', question: QUESTION,
    volets: (cas) => [{ niveau: 'orange', preuve: et(enceinte(cas), cas.lecture.signe('mouvements_foetaux')) }], sources: [SOURCES.mcpc('mouvements fœtaux')],
  }),
  regle({
    code: 'grossesse_extra_uterine', libelle: 'Grossesse extra-utérine possible', qui: 'femme de 10-55 ans : retard de règles, test positif, grossesse ou grossesse inconnue', niveau: 'orange',
    condition: 'douleur pelvienne, saignement ou syncope : orange ; douleur avec syncope ou douleur d’épaule : rouge',
    volets: (cas) => {
      const { etat } = cas.grossesse;
      if (etat !== 'inconnu' && etat !== 'possible' && etat !== 'enceinte') return [];
      const pelvienne = cas.lecture.signe('douleur_pelvienne');
      const alarme = cas.lecture.signe('syncope', 'douleur_epaule');
      return [
        { niveau: 'orange', preuve: ou(pelvienne, cas.lecture.signe('saignement', 'hemorragie', 'spotting'), cas.lecture.signe('syncope')) },
        { niveau: 'rouge', preuve: et(ou(pelvienne, cas.lecture.signe('douleur_abdominale')), alarme) },
      ];
    },
    sources: [SOURCES.mcpc('saignement en début de grossesse : grossesse ectopique')], question: 'Êtes-vous enceinte, vos règles sont-elles en retard ?',
  }),
  regle({
    code: 'hta_grossesse_severe', libelle: 'Hypertension sévère de la grossesse', qui: `${ENCEINTE} ou accouchée depuis 42 jours au plus`, condition: 'PAS >= 160 ou PAD >= 110', niveau: 'rouge', question: QUESTION,
    volets: (cas) => [{ niveau: 'rouge', preuve: et(enceinteOuApres(cas), tension(cas, 160, 110)) }], sources: [SOURCES.iittAdulte('rouge, grossesse : SBP >= 160 or DBP >= 110'), grave],
  }),
  regle({
    code: 'hta_grossesse', libelle: 'Hypertension de la grossesse', qui: `${ENCEINTE} ou accouchée depuis 42 jours au plus`, condition: 'PAS >= 140 ou PAD >= 90', niveau: 'orange', question: QUESTION,
    volets: (cas) => [{ niveau: 'orange', preuve: et(enceinteOuApres(cas), tension(cas, 140, 90)) }], sources: [grave],
  }),
  regle({
    code: 'constantes_obstetricales', libelle: 'Constantes anormales pendant la grossesse ou après', qui: 'enceinte, ou accouchée depuis 42 jours au plus', niveau: 'orange',
    condition: 'un paramètre rouge ou deux jaunes de MEOWS : orange ; filet de sécurité : total des points NEWS2 >= 7 : rouge, >= 5 ou un 3 : orange',
    volets: (cas) => {
      const qui = quand(cas.news2 === null, enceinteOuApres(cas));
      const total = cas.news2Brut;
      const mesuree = total === null ? [] : [{ niveau: total.score >= 7 ? 'rouge' : 'orange', preuve: et(qui, quand(total.score >= 5 || total.points3, { force: 2, champs: total.champs, valeur: null })) } as const];
      return [...mesuree, { niveau: 'orange', preuve: et(qui, estMeows(cas)) }];
    },
    sources: [{ document: 'Singh et al., MEOWS, Anaesthesia 2012', section: 'tableau 1', surete: 'memoire' }],
    ecart: 'NEWS2 ne vaut pas pendant la grossesse : son total ne sert ici qu’à ce que le mot « enceinte » n’abaisse jamais l’urgence.',
  }),
  regle({
    code: 'post_partum_hemorragie', libelle: 'Hémorragie du post-partum', qui: 'accouchée depuis 42 jours au plus', condition: 'garnitures trempées, caillots, >= 500 ml, abondant : rouge ; saignement sans précision : orange', niveau: 'rouge', question: 'Combien de garnitures trempées par heure ?',
    volets: (cas) => {
      const apres = cas.grossesse.postPartum;
      const abondant = ou(cas.lecture.signe('trempe', 'hemorragie'), qualifie(cas.lecture, ['saignement'], ['abondance']), pertesDemiLitre(cas.lecture), et(cas.lecture.signe('saignement'), constanteARisque(cas)));
      return [{ niveau: 'rouge', preuve: et(apres, abondant) }, { niveau: 'orange', preuve: et(apres, cas.lecture.signe('saignement')) }];
    },
    sources: [{ document: 'WHO recommendations for the prevention and treatment of postpartum haemorrhage, 2012', section: 'définition (>= 500 ml)', surete: 'memoire' }],
  }),
  regle({
    code: 'post_partum_infection', libelle: 'Infection du post-partum', qui: 'accouchée depuis 42 jours au plus', condition: 'fièvre avec lochies fétides ou douleur : orange ; avec une constante à haut risque : rouge', niveau: 'orange',
    volets: (cas) => {
      const infection = et(cas.grossesse.postPartum, cas.fievre, cas.lecture.signe('lochies_fetides', 'douleur', 'douleur_pelvienne', 'douleur_abdominale'));
      const m = cas.mesures;
      const risque = ou(constanteARisque(cas), quand((m.temperature ?? 37) > 39 || (m.temperature ?? 37) < 36, mesure(cas, 'temperature')), quand((m.fr ?? 16) > 30 || (m.fr ?? 16) < 10, mesure(cas, 'fr')), quand((m.spo2 ?? 100) < 92, mesure(cas, 'spo2')), cas.conscience);
      return [{ niveau: 'orange', preuve: infection }, { niveau: 'rouge', preuve: et(infection, risque) }];
    },
    sources: [SOURCES.mcpc('fièvre après l’accouchement')], question: 'Avez-vous de la fièvre, des pertes qui sentent mauvais ?',
  }),
] as const;
