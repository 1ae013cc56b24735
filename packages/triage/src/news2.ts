import type { News2 } from './modele.ts';

export type MesuresNews2 = { fr: number | null; spo2: number | null; tas: number | null; pouls: number | null; temperature: number | null };
/** Consciousness and oxygen have no field: known only when the text says so. */
export type TexteNews2 = { conscienceAlteree: boolean; conscienceNormale: boolean; oxygene: boolean };

/** Points by upper bound, lowest first: the first pair whose bound is not exceeded. RCP, NEWS2 (2017), chart 1 (read). */
const BAREMES: Record<keyof MesuresNews2, [number, number][]> = {
  fr: [[8, 3], [11, 1], [20, 0], [24, 2], [Infinity, 3]],
  spo2: [[91, 3], [93, 2], [95, 1], [Infinity, 0]],
  tas: [[90, 3], [100, 2], [110, 1], [219, 0], [Infinity, 3]],
  pouls: [[40, 3], [50, 1], [90, 0], [110, 1], [130, 2], [Infinity, 3]],
  temperature: [[35, 3], [36, 1], [38, 0], [39, 1], [Infinity, 2]],
};
const CHAMPS: Record<keyof MesuresNews2, string> = { fr: 'frequence_respiratoire', spo2: 'spo2', tas: 'tension_arterielle', pouls: 'pouls', temperature: 'temperature' };

/**
 * NEWS2, scale 1, on what is known. `points3`: a single parameter scores 3. Null when nothing was measured.
 * Made for wards, not for the distance: it may raise urgency here, it never reassures.
 */
export function calculerNews2(mesures: MesuresNews2, texte: TexteNews2): (News2 & { points3: boolean; champs: string[] }) | null {
  const manquants: string[] = [];
  const champs: string[] = [];
  let score = 0;
  let points3 = texte.conscienceAlteree;
  let mesure = false;
  for (const cle of Object.keys(BAREMES) as (keyof MesuresNews2)[]) {
    const valeur = mesures[cle];
    if (valeur === null) {
      manquants.push(CHAMPS[cle]);
      continue;
    }
    mesure = true;
    const points = BAREMES[cle].find(([borne]) => valeur <= borne)![1];
    score += points;
    if (points > 0) champs.push(CHAMPS[cle]);
    if (points === 3) points3 = true;
  }
  if (!mesure) return null;
  if (texte.conscienceAlteree) score += 3;
  else if (!texte.conscienceNormale) manquants.push('conscience');
  if (texte.oxygene) score += 2;
  else manquants.push('oxygene');
  return { score, au_moins: manquants.length > 0, manquants, points3, champs };
}
