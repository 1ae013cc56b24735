import type { Cas } from '../cas.ts';
import { RIEN } from '../preuve.ts';
import type { Preuve } from '../preuve.ts';
import { mesure } from './regle.ts';
import type { Seuil } from './regle.ts';

/** MEOWS triggers (Singh et al., Anaesthesia 2012, table 1; from memory): [low red, low yellow, high yellow, high red]; inside is normal. */
const MEOWS: [Seuil['champ'], number, number, number, number][] = [
  ['temperature', 35, 36, 38.01, 38.01], ['tas', 90, 100, 150, 161], ['tad', -1, -1, 91, 101], ['pouls', 40, 51, 101, 121], ['fr', 10, 10, 21, 31], ['spo2', 95, 95, 101, 101],
];

/** One red or two yellow parameters. */
export function estMeows(cas: Cas): Preuve {
  let jaunes = 0, rouges = 0;
  const preuves: Preuve[] = [];
  for (const [champ, basRouge, basJaune, hautJaune, hautRouge] of MEOWS) {
    const valeur = cas.mesures[champ];
    if (valeur === null || (valeur >= basJaune && valeur < hautJaune)) continue;
    if (valeur < basRouge || valeur >= hautRouge) rouges++;
    else jaunes++;
    preuves.push(mesure(cas, champ));
  }
  if (rouges === 0 && jaunes < 2) return RIEN;
  return { force: 2, champs: [...new Set(preuves.flatMap((p) => p.champs))], valeur: [...new Set(preuves.map((p) => `${p.champs[0]} ${p.valeur}`))].join(' ; ') };
}
