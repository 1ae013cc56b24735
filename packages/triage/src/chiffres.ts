import type { Concept } from './lexique.ts';
import type { Lecture } from './lecture.ts';
import { RIEN, unDes } from './preuve.ts';
import type { Preuve } from './preuve.ts';

/** Numbers in text, read only beside their word and, where the scale is not obvious, with their unit. */
function apres(lecture: Lecture, concept: Concept, portee: number, retenir: (nombre: number, mot: string, unite: string) => boolean): Preuve {
  return unDes(lecture.trouvailles.filter((t) => t.concept === concept && t.etat !== 'passe' && t.etat !== 'autre' && t.etat !== 'hypothese').map((t): Preuve => {
    const { jetons } = t.phrase;
    for (let k = t.fin; k < Math.min(jetons.length, t.fin + portee); k++) {
      const nombre = /^\d/.test(jetons[k]!.mot) ? Number.parseFloat(jetons[k]!.mot) : null;
      if (nombre === null) continue;
      return retenir(nombre, jetons[t.deb]!.mot, jetons[k + 1]?.mot ?? '') ? { force: 2, champs: [t.champ], valeur: t.extrait } : RIEN;
    }
    return RIEN;
  }));
}

/** "Glasgow 12/15", "GCS : 9", "Blantyre 3/5": a coma score below normal (15, Blantyre 5). */
export const scoreDeComa = (lecture: Lecture): Preuve => apres(lecture, 'score_coma', 4, (n, mot) => n < (mot === 'blantyre' ? 5 : 15));
/** "TRC 4 s", "temps de recoloration > 3 s": more than 3 seconds (IITT). */
export const recolorationLente = (lecture: Lecture): Preuve => apres(lecture, 'recoloration', 6, (n, _mot, unite) => n > 3 || (n === 3 && unite === '+'));
/** "a perdu 800 ml": half a litre or more (WHO 2012). */
export const pertesDemiLitre = (lecture: Lecture): Preuve => apres(lecture, 'volume_perdu', 8, (n, _mot, unite) => (/^(ml|cc)$/.test(unite) && n >= 500) || (/^(l|litre|litres)$/.test(unite) && n >= 0.5));
