import { lireAge } from './age.ts';
import type { Age } from './age.ts';
import type { FicheTriage, ValeurAVerifier } from './modele.ts';
import { lireNombreSaisi, lireTension } from './saisie.ts';

/** What can be checked: the measured fields as they were sent (any JSON value), and what gives the age. */
export type ChampsMesures = { temperature?: unknown; spo2?: unknown; poids?: unknown; pouls?: unknown; frequence_respiratoire?: unknown; tension_arterielle?: unknown } & Pick<FicheTriage, 'date_naissance' | 'age'>;
/** The values to store, only for the fields that were sent; `tension_arterielle` as "S/D" in mmHg. Missing is null. */
export type ChampsNormalises = { temperature?: number | null; spo2?: number | null; poids?: number | null; pouls?: number | null; frequence_respiratoire?: number | null; tension_arterielle?: string | null };
export type Plausibilite = { refus: { champ: string; message: string }[]; aVerifier: ValeurAVerifier[]; normalise: ChampsNormalises };

type ChampNombre = 'temperature' | 'spo2' | 'pouls' | 'frequence_respiratoire' | 'poids';
type Limites = { nom: string; unite: RegExp; min: number; max: number; bas: number; haut: number; entier: boolean; zeroManquant: boolean; conseil: string };

/**
 * First tier (outside `min`-`max`: refused), second tier (below `bas` or above `haut`: kept, marked, asked again).
 * House limits, not from a guideline: they stop slips of the keyboard and units (°F, grams, cmHg), a clinician may change them.
 */
export const LIMITES: Record<ChampNombre, Limites> = {
  temperature: { nom: 'La température', unite: /^(°|°c|c|degres?|degrés?)$/, min: 25, max: 45, bas: 34, haut: 42, entier: false, zeroManquant: false, conseil: 'en degrés Celsius, entre 25 et 45 (exemple : 38,5)' },
  spo2: { nom: 'La SpO2', unite: /^%$/, min: 0, max: 100, bas: 70, haut: 100, entier: true, zeroManquant: true, conseil: 'en pour cent, entre 0 et 100 (exemple : 97)' },
  pouls: { nom: 'Le pouls', unite: /^(bpm|\/ ?min|batt?ements?(\/ ?min)?|puls?\/min|par minute)$/, min: 0, max: 350, bas: 30, haut: 220, entier: true, zeroManquant: true, conseil: 'en battements par minute, entre 0 et 350 (exemple : 80)' },
  frequence_respiratoire: { nom: 'La fréquence respiratoire', unite: /^(\/ ?min|cpm|c\/min|cycles?(\/ ?min)?|par minute|rpm)$/, min: 0, max: 120, bas: 6, haut: 60, entier: true, zeroManquant: true, conseil: 'en cycles par minute, entre 0 et 120 (exemple : 18)' },
  poids: { nom: 'Le poids', unite: /^(kgs?|kilos?)$/, min: 0.4, max: 700, bas: 0.4, haut: 700, entier: false, zeroManquant: false, conseil: 'en kilogrammes, entre 0,4 et 700 (exemple : 62,5)' },
};
const TENSION = { systoliqueBas: 60, systoliqueHaut: 260, diastoliqueBas: 30, diastoliqueHaut: 160, pressionPulsee: 15 };
const CONSEIL_TENSION = 'deux nombres sont attendus, systolique/diastolique en mmHg, le premier plus haut que le second (exemple : 120/80).';

/**
 * Weights beyond 5 SD of WHO's weight-for-age curves (WHO Child Growth Standards 2006, WHO Reference 2007; both sexes together,
 * median x exp(±5 S), from memory, to be rechecked): [completed months, low, high] in kg. Adults: a wide house range.
 */
const POIDS_PAR_AGE: [number, number, number][] = [[0, 1.4, 8.5], [1, 2.2, 9.8], [2, 2.9, 11], [3, 3.4, 12], [6, 4.2, 15.5], [9, 4.8, 17], [12, 5, 19], [24, 6.3, 26], [36, 7.3, 31], [48, 8.2, 38], [60, 9, 50], [120, 13, 100], [180, 20, 200], [216, 25, 300]];

const nombreFr = (n: number): string => String(n).replace('.', ',');
const feminin = ({ nom }: Limites): boolean => nom.startsWith('La ');
const tropJeune = (age: Age): boolean => age.connu && age.moisMax < 144;

/**
 * The plausibility table. In: the fields as sent (numbers, or text such as "38,5", "97 %", "16/11"); `contexte.maintenant` gives
 * the age from `date_naissance`. Out: `refus` (French, one per unreadable or impossible field, to answer 400 after the field's label), `aVerifier` (kept but
 * asked again), `normalise` (what to store, fields sent only). 0 counts as missing for SpO2, pulse and breathing rate; SpO2, pulse and
 * breathing rate are rounded; a tension in cmHg is turned into mmHg and both are told. Never throws, never drops a value silently.
 */
export function verifierPlausibilite(champs: ChampsMesures, contexte?: { maintenant: Date }): Plausibilite {
  const sortie: Plausibilite = { refus: [], aVerifier: [], normalise: {} };
  const age = lireAge({ date_naissance: contexte === undefined ? null : champs.date_naissance, age: champs.age }, contexte?.maintenant ?? new Date(0));
  for (const champ of Object.keys(LIMITES) as ChampNombre[]) if (champs[champ] !== undefined) verifierNombre(champ, champs[champ], age, sortie);
  if (champs.tension_arterielle !== undefined) verifierTension(champs.tension_arterielle, sortie);
  return sortie;
}

function verifierNombre(champ: ChampNombre, brut: unknown, age: Age, sortie: Plausibilite): void {
  const limites = LIMITES[champ];
  const lu = lireNombreSaisi(brut, limites.unite);
  if (lu === 'illisible' || (lu !== null && (lu < limites.min || lu > limites.max))) {
    const raison = lu === 'illisible' ? 'un nombre est attendu,' : 'valeur impossible ; elle est attendue';
    sortie.refus.push({ champ, message: `${raison} ${limites.conseil}.` });
    return;
  }
  const valeur = lu === null || (lu === 0 && limites.zeroManquant) ? null : limites.entier ? Math.round(lu) : lu;
  sortie.normalise[champ] = valeur;
  if (valeur === null) return;
  const motif = motifDeDoute(champ, valeur, age);
  if (motif !== null) sortie.aVerifier.push({ champ, valeur: nombreFr(valeur), motif });
}

function motifDeDoute(champ: ChampNombre, valeur: number, age: Age): string | null {
  const { nom, bas, haut } = LIMITES[champ];
  if (champ === 'poids') {
    if (!age.connu) return null;
    const min = POIDS_PAR_AGE.findLast(([mois]) => mois <= age.moisMin)![1];
    const max = (POIDS_PAR_AGE.find(([mois]) => mois > age.moisMax) ?? POIDS_PAR_AGE.at(-1)!)[2];
    return valeur < min || valeur > max ? "Le poids est très loin de celui attendu à cet âge : vérifiez-le (en kilogrammes) et la date de naissance." : null;
  }
  if (champ === 'frequence_respiratoire' && tropJeune(age)) return null;
  if (valeur >= bas && valeur <= haut) return null;
  return `${nom} est ${feminin(LIMITES[champ]) ? 'inhabituelle' : 'inhabituel'} (${valeur < bas ? `moins de ${bas}` : `plus de ${haut}`}) : mesurez de nouveau.`;
}

function verifierTension(brut: unknown, sortie: Plausibilite): void {
  const lue = lireTension(brut);
  if (lue === 'illisible') {
    sortie.refus.push({ champ: 'tension_arterielle', message: CONSEIL_TENSION });
    return;
  }
  sortie.normalise.tension_arterielle = lue === null ? null : `${lue.systolique}/${lue.diastolique}`;
  if (lue === null) return;
  const { systolique: s, diastolique: d } = lue;
  if (lue.cmHg) sortie.aVerifier.push({ champ: 'tension_arterielle', valeur: lue.saisie, motif: `Tension lue en cmHg : « ${lue.saisie} » devient ${s}/${d} mmHg. Confirmez.` });
  const inhabituelle = s < TENSION.systoliqueBas || s > TENSION.systoliqueHaut || d < TENSION.diastoliqueBas || d > TENSION.diastoliqueHaut || s - d < TENSION.pressionPulsee;
  if (inhabituelle) sortie.aVerifier.push({ champ: 'tension_arterielle', valeur: `${s}/${d}`, motif: 'La tension artérielle est inhabituelle : mesurez de nouveau.' });
}
