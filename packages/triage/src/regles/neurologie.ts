import { auMoins, moinsDe } from '../age.ts';
import type { Cas } from '../cas.ts';
import { RIEN, et, fait, ou, quand } from '../preuve.ts';
import type { Preuve } from '../preuve.ts';
import { SOURCES, regle } from './regle.ts';

function epileptiqueConnu({ fiche, lecture }: Cas): Preuve {
  if (fiche.epileptique === true) return fait('epileptique', 'oui');
  const t = lecture.trouvailles.find((x) => x.concept === 'epilepsie' && (x.etat === 'affirme' || x.etat === 'passe'));
  return t === undefined ? RIEN : { force: 2, champs: [t.champ], valeur: t.extrait };
}

/**
 * The only attenuation of the table: a known epileptic of 5 years or more, said to have recovered, without fever, pregnancy, repetition
 * or altered mental status. Each of these facts missing leaves the fit red.
 */
export function estCriseIsoleeConnue(cas: Cas): boolean {
  const { lecture, age, grossesse } = cas;
  const aggravant = ou(cas.fievre, cas.conscience, lecture.signe('crise_repetee'), grossesse.enceinte, grossesse.postPartum);
  return auMoins(age, 5) && !moinsDe(age, 5) && epileptiqueConnu(cas).force === 2 && lecture.signe('recupere').force === 2 && aggravant.force === 0;
}

export const reglesNeurologie = [
  regle({
    code: 'convulsions', libelle: 'Convulsions', qui: '< 5 ans : pendant cette maladie, même finies ; autres : en cours, répétées, premières, fébriles, pendant ou après la grossesse', niveau: 'rouge',
    condition: 'convulsions dans le texte ; sans précision : prises pour des premières', volets: (cas) => [{ niveau: 'rouge', preuve: quand(!estCriseIsoleeConnue(cas), cas.lecture.signe('convulsions')) }],
    sources: [SOURCES.iittAdulte('rouge, D'), SOURCES.imci('signes généraux de danger')], question: 'Y a-t-il eu des convulsions pendant cette maladie ?',
  }),
  regle({
    code: 'convulsion_isolee', libelle: 'Crise chez un épileptique connu, qui a récupéré', qui: 'épileptique connu de 5 ans et plus', condition: 'crise finie, sans fièvre, grossesse, répétition ni trouble de la conscience', niveau: 'jaune',
    volets: (cas) => [{ niveau: 'jaune', preuve: quand(estCriseIsoleeConnue(cas), cas.lecture.signe('convulsions')) }],
    sources: [{ document: 'WHO mhGAP Intervention Guide 2.0', section: 'EPI', surete: 'memoire' }],
  }),
  regle({
    code: 'conscience_alteree', libelle: 'Conscience altérée', qui: 'tous', condition: 'confus, somnolent, ne se réveille pas, ne répond pas, Glasgow < 15', niveau: 'rouge',
    volets: (cas) => [{ niveau: 'rouge', preuve: cas.conscience }],
    sources: [SOURCES.iittAdulte('rouge, D avec un second signe, sinon jaune'), SOURCES.news2('tableau 1 : CVPU, 3 points'), SOURCES.imci('signes généraux de danger')],
    ecart: 'L’IITT met jaune sans second signe : rouge ici, plus protecteur à distance.', question: 'Est-il bien réveillé, répond-il normalement ?',
  }),
  regle({
    code: 'syndrome_meninge', libelle: 'Syndrome méningé possible', qui: 'tous', niveau: 'rouge',
    condition: 'deux de : conscience altérée, raideur de nuque, fièvre ou hypothermie, céphalées, dont l’une des deux premières ; fontanelle bombante ou photophobie avec fièvre vaut raideur ; raideur seule : jaune',
    volets: (cas) => {
      const thermique = ou(cas.fievre, cas.froid);
      const raideur = ou(cas.lecture.signe('nuque_raide'), et(cas.fievre, cas.lecture.signe('fontanelle', 'photophobie')));
      return [
        { niveau: 'rouge', preuve: ou(et(raideur, ou(cas.conscience, thermique, cas.cephalee)), et(cas.conscience, ou(thermique, cas.cephalee))) },
        { niveau: 'jaune', preuve: raideur },
      ];
    },
    sources: [SOURCES.iittAdulte('rouge, D : deux de quatre'), SOURCES.imci('fièvre : raideur de nuque')],
    ecart: 'L’IITT prend deux quelconques des quatre ; fièvre et céphalées seules ne sont pas rouges ici, sinon tout paludisme simple le serait en zone d’endémie.',
    question: 'La nuque est-elle raide, peut-il poser le menton sur la poitrine ?',
  }),
] as const;
