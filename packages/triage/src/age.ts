/**
 * Age in days and in completed calendar months, as far as it is known: both ends are the same with a birth date, a year
 * apart with `age` alone. Unknown is read with the thresholds of 12 years and over.
 */
export type Age = { joursMin: number; joursMax: number; moisMin: number; moisMax: number; connu: boolean; anomalie: string | null };
export type Bande = 'moins_2_mois' | '2_11_mois' | '1_4_ans' | '5_11_ans' | '12_ans_et_plus';

const JOUR_MS = 86_400_000;
/** Africa/Lubumbashi, UTC+2, no daylight saving time. */
const DECALAGE_MS = 2 * 3_600_000;
const JOURS_PAR_AN = 365.25;
const AGE_MAX_ANS = 125;
const INCONNU: Age = { joursMin: 12 * JOURS_PAR_AN, joursMax: 60 * JOURS_PAR_AN, moisMin: 192, moisMax: 192, connu: false, anomalie: null };

/** Local calendar date of an instant, as midnight UTC of that date. */
export function dateLocale(instant: Date): Date {
  return new Date(Math.floor((instant.getTime() + DECALAGE_MS) / JOUR_MS) * JOUR_MS);
}

/** `YYYY-MM-DD` (a time may follow) as midnight UTC; null when there is no such day. */
function lireDate(texte: string): Date | null {
  const jour = texte.slice(0, 10);
  const t = /^\d{4}-\d{2}-\d{2}$/.test(jour) ? Date.parse(`${jour}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(t) && new Date(t).toISOString().startsWith(jour) ? new Date(t) : null;
}

/**
 * Age from `date_naissance`, else from `age` (whole years: 0 is any infant).
 * A date that does not exist, lies ahead or more than 125 years back is not used and is said in `anomalie`.
 */
export function lireAge(fiche: { date_naissance?: unknown; age?: unknown }, maintenant: Date): Age {
  const texte = typeof fiche.date_naissance === 'string' ? fiche.date_naissance.trim() : '';
  if (!texte) return parAnnees(fiche.age);
  const naissance = lireDate(texte);
  const jour = dateLocale(maintenant);
  const jours = naissance === null ? -1 : Math.round((jour.getTime() - naissance.getTime()) / JOUR_MS);
  if (naissance === null || jours < 0 || jours > AGE_MAX_ANS * JOURS_PAR_AN) return { ...parAnnees(fiche.age), anomalie: 'Date de naissance illisible ou impossible.' };
  const mois = (jour.getUTCFullYear() - naissance.getUTCFullYear()) * 12 + jour.getUTCMonth() - naissance.getUTCMonth() - (jour.getUTCDate() < naissance.getUTCDate() ? 1 : 0);
  return { joursMin: jours, joursMax: jours, moisMin: mois, moisMax: mois, connu: true, anomalie: null };
}

function parAnnees(age: unknown): Age {
  const ans = typeof age === 'number' || (typeof age === 'string' && age.trim() !== '') ? Math.floor(Number(age)) : Number.NaN;
  if (!Number.isFinite(ans) || ans < 0 || ans > AGE_MAX_ANS) return INCONNU;
  return { joursMin: Math.floor(ans * JOURS_PAR_AN), joursMax: Math.ceil((ans + 1) * JOURS_PAR_AN) - 1, moisMin: ans * 12, moisMax: ans * 12 + 11, connu: true, anomalie: null };
}

/** Possibly younger than `ans` years (never when the age is unknown: adult thresholds are then used). */
export const moinsDe = (age: Age, ans: number): boolean => age.connu && age.moisMin < ans * 12;
/** Possibly `ans` years old or older; unknown counts as an adult. */
export const auMoins = (age: Age, ans: number): boolean => age.moisMax >= ans * 12;
/** Past the birthday ("over 50" of IITT), even by a day. */
export const plusDe = (age: Age, ans: number): boolean => age.connu && age.moisMax >= ans * 12 && age.joursMax > Math.ceil(ans * JOURS_PAR_AN);
export const moinsDeJours = (age: Age, jours: number): boolean => age.connu && age.joursMin < jours;
export const moinsDeMois = (age: Age, mois: number): boolean => age.connu && age.moisMin < mois;

const LIMITES: [Bande, number, number][] = [['moins_2_mois', 0, 1], ['2_11_mois', 2, 11], ['1_4_ans', 12, 59], ['5_11_ans', 60, 143], ['12_ans_et_plus', 144, Number.POSITIVE_INFINITY]];

/** The age bands of the table that the age may fall in (two where just `age: 0` is known). */
export function bandes(age: Age): Bande[] {
  return LIMITES.filter(([, min, max]) => age.moisMax >= min && age.moisMin <= max).map(([bande]) => bande);
}
