import { ficheCriseDrepanocytaire, ficheDiabete, ficheDouleurThoracique, ficheHtaSevere, ficheLombalgie } from './chroniques.ts';
import type { FicheJson, Overrides } from './fiche-json.ts';
import { ficheComplete, ficheGastroEnterite, ficheNourrissonFebrile, fichePaludisme, fichePneumonie } from './infections.ts';
import { ficheAsthme, ficheConvulsions, ficheGrossesseSaignement } from './urgences.ts';

export type { FicheJson, Overrides };
export {
  ficheAsthme, ficheComplete, ficheConvulsions, ficheCriseDrepanocytaire, ficheDiabete, ficheDouleurThoracique, ficheGastroEnterite,
  ficheGrossesseSaignement, ficheHtaSevere, ficheLombalgie, ficheNourrissonFebrile, fichePaludisme, fichePneumonie,
};

/** Every builder by the name of its case. All the people in them are invented. */
export const fichesRealistes = {
  complete: ficheComplete,
  paludisme: fichePaludisme,
  pneumonie: fichePneumonie,
  hta_severe: ficheHtaSevere,
  grossesse_saignement: ficheGrossesseSaignement,
  nourrisson_febrile: ficheNourrissonFebrile,
  gastro_enterite: ficheGastroEnterite,
  crise_drepanocytaire: ficheCriseDrepanocytaire,
  diabete: ficheDiabete,
  douleur_thoracique: ficheDouleurThoracique,
  convulsions: ficheConvulsions,
  asthme: ficheAsthme,
  lombalgie: ficheLombalgie,
} satisfies Record<string, (overrides?: Overrides) => FicheJson>;
