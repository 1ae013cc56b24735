import { CHAMP_PAR_NOM, refus as refuser, type FicheValeurs } from '@mediai/fiche';
import { orientation, triage, verifierPlausibilite, type CodeSigne } from '@mediai/triage';
import type { Regles } from './build-fiche.ts';
import type { EcrireOrientation } from './vue.ts';

/** The rules of packages/triage, on the values of a fiche. */
export const regles: Regles = {
  trier: (valeurs, maintenant) => triage(valeurs, { maintenant }),
  verifierMesures: (valeurs, maintenant) => {
    const { refus, normalise } = verifierPlausibilite(valeurs, { maintenant });
    return { erreurs: Object.fromEntries(refus.map(({ champ, message }) => [champ, [refuser.autre({ libelle: CHAMP_PAR_NOM.get(champ)?.libelle ?? champ }, message)]])), normalises: normalise as Partial<FicheValeurs> };
  },
};

/** The fixed text of the urgency, or of the sign that made it. */
export const ecrireOrientation: EcrireOrientation = ({ urgence, signes_alerte }, telephoneUrgence) => {
  const premier = signes_alerte.find(({ niveau }) => niveau === urgence);
  return orientation(urgence, { telephoneUrgence, ...(premier ? { code: premier.code as CodeSigne } : {}) });
};
