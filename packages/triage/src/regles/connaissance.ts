import { moinsDe, plusDe } from '../age.ts';
import type { Cas } from '../cas.ts';
import { RIEN, ou, quand } from '../preuve.ts';
import type { Preuve } from '../preuve.ts';
import { regle } from './regle.ts';

const MAISON = { document: 'Règle de lecture de MediAI', section: 'connaissance suffisante', surete: 'lu' } as const;
const present = (champs: string[], valeur: string | null): Preuve => ({ force: 2, champs, valeur });

/** What lacks before "no rule fired" may be called vert. */
function motifsDeNonEvaluation(cas: Cas): string[] {
  const { lecture, mesures, age } = cas;
  const ages = !age.connu || moinsDe(age, 5) || plusDe(age, 65);
  const clinique = ou(cas.fievre, lecture.signe('toux'), cas.grossesse.enceinte, cas.grossesse.postPartum).force > 0;
  const sansConstantes = mesures.temperature === null || (mesures.fr === null && mesures.pouls === null);
  return [...(lecture.recitLu ? [] : ['motif_consultation']), ...((ages || clinique) && sansConstantes ? cas.vitauxManquants : []), ...(age.connu ? [] : ['date_naissance'])];
}

export const reglesConnaissance = [
  regle({
    code: 'valeur_a_verifier', libelle: 'Valeur à vérifier', qui: 'tous', condition: 'une valeur refusée ou inhabituelle de la table de plausibilité', niveau: 'jaune',
    volets: ({ aVerifierImplausibles: v }) => [{ niveau: 'jaune', preuve: v.length === 0 ? RIEN : present([...new Set(v.map((x) => x.champ))], v.map((x) => x.valeur).join(' ; ')) }],
    sources: [{ ...MAISON, section: 'table de plausibilité' }],
  }),
  regle({
    code: 'texte_non_analysable', libelle: 'Texte non analysable', qui: 'tous', condition: 'un texte qui ne peut être lu (autre langue, autre alphabet)', niveau: 'jaune',
    volets: ({ lecture }) => [{ niveau: 'jaune', preuve: quand(lecture.illisibles.length > 0, present([...new Set(lecture.illisibles)], null)) }], sources: [MAISON],
  }),
  regle({
    code: 'non_evaluable', libelle: 'Non évaluable : constantes manquantes', qui: 'fièvre, toux, grossesse, < 5 ans ou > 65 ans sans T et FR ou pouls ; texte absent ; âge inconnu', condition: 'rien ne prouve que l’état est bon', niveau: 'jaune',
    volets: (cas) => {
      const manque = motifsDeNonEvaluation(cas);
      return [{ niveau: 'jaune', preuve: quand(manque.length > 0, present(manque, null)) }];
    },
    sources: [MAISON],
  }),
] as const;
