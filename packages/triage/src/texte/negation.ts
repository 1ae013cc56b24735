import { AFFIRMATIONS, APRES_NEGATION, AUXILIAIRES, CAUSES, DEGRES, FAUSSES_NEGATIONS, NEGATIONS, RESOLUS, SEPARATEURS, SUJETS, TRANSPARENTS, VERBES_CONJUGUES, VERBES_DE_DUREE } from './mots.ts';
import type { Jeton } from './normaliser.ts';

/** What negation says of a finding: nothing (null), denied, over, or written so that it can be read both ways. */
export type LectureNegation = 'nie' | 'resolu' | 'ambigu' | null;

/** How far back a negation is looked for, in words: keeps the reading linear. */
const PORTEE = 30;
const ARTICLES_PARTITIFS = new Set(['de', 'd', 'des', 'du']);
const FERMETURES = new Set(['ni', 'ou', 'wala']);

export const estSeparateur = (j: Jeton | undefined): boolean => j !== undefined && SEPARATEURS.has(j.mot);
const estNegateur = (j: Jeton | undefined): boolean => j?.mot === 'ne' || j?.mot === 'n';

/** "ne" or "n'" within the four words before token `k`. */
function neAvant(jetons: Jeton[], k: number): boolean {
  return [1, 2, 3, 4].some((pas) => estNegateur(jetons[k - pas]));
}

function estFausseNegation(jetons: Jeton[], k: number): boolean {
  const suivant = jetons[k + 1];
  const apres = suivant !== undefined && ARTICLES_PARTITIFS.has(suivant.mot) ? jetons[k + 2] : suivant;
  if (apres !== undefined && FAUSSES_NEGATIONS.has(apres.mot)) return true;
  const avant = jetons[k - 1];
  return avant !== undefined && VERBES_DE_DUREE.has(avant.mot);
}

/** From the finding to the end of its own part of the statement: is there a word that says it is present? */
function affirmeDansSonSegment(jetons: Jeton[], deb: number, fin: number): boolean {
  let d = deb;
  while (d > 0 && d > deb - PORTEE && !estSeparateur(jetons[d - 1])) d--;
  for (let k = d; k < Math.min(jetons.length, fin + PORTEE) && (k < fin || !estSeparateur(jetons[k])); k++) {
    if ((k < deb || k >= fin) && (AFFIRMATIONS.has(jetons[k]!.mot) || (jetons[k]!.nombre ?? 0) > 0)) return true;
  }
  return jetons[fin]?.mot === '+';
}

/** "pas de dyspnée, cyanose ou syncope": the list under one negation is closed by "ni" or "ou". */
function listeFermee(jetons: Jeton[], fin: number): boolean {
  for (let k = fin; k < jetons.length && k < fin + PORTEE; k++) {
    const { mot } = jetons[k]!;
    if (FERMETURES.has(mot)) return true;
    if (SUJETS.has(mot) || CAUSES.has(mot)) return false;
  }
  return false;
}

/** Reads the negation that stands before a finding at tokens [deb, fin). */
function negationAvant(jetons: Jeton[], deb: number, fin: number): LectureNegation {
  let virgule = false, loin = false, liste = false, degre = false, ferme = false;
  for (let k = deb - 1; k >= 0 && k >= deb - PORTEE; k--) {
    const j = jetons[k]!;
    if (estSeparateur(j)) {
      const suite = jetons[k + 1]!;
      if (VERBES_CONJUGUES.has(suite.mot) || AUXILIAIRES.has(suite.mot)) return null;
      if (!ARTICLES_PARTITIFS.has(suite.mot) || suite.mot === 'des' || suite.mot === 'du') virgule = true;
      liste = true;
    } else if (CAUSES.has(j.mot) || SUJETS.has(j.mot)) return null;
    else if (FERMETURES.has(j.mot) && j.mot !== 'ni') liste = ferme = true;
    else if (NEGATIONS.has(j.mot)) {
      if (estFausseNegation(jetons, k)) { loin = true; continue; }
      if (j.mot === 'plus') {
        const niant = neAvant(jetons, k) || jetons[k + 1]?.mot === 'de' || jetons[k + 1]?.mot === 'd';
        if (!niant) { loin = true; continue; }
        if (!virgule && !loin) return 'resolu';
      }
      return portee(jetons, k, { deb, fin, virgule, loin, degre, ferme });
    } else if (DEGRES.has(j.mot)) degre = true;
    else if (!liste && !TRANSPARENTS.has(j.mot) && !estNegateur(j) && j.nombre === null) loin = true;
  }
  return null;
}

/** "ne mange pas, convulsions": a "pas" without "de" ends with its own verb or adjective, a comma stops it. */
function estDAdjectif(jetons: Jeton[], k: number): boolean {
  if (!['pas', 'plus', 'jamais'].includes(jetons[k]!.mot)) return false;
  return ![1, 2, 3].some((pas) => ['de', 'd'].includes(jetons[k + pas]?.mot ?? ''));
}

type Distance = { deb: number; fin: number; virgule: boolean; loin: boolean; degre: boolean; ferme: boolean };

/** Does the negation at token `k` reach the finding? Certainly, perhaps, or not. */
function portee(jetons: Jeton[], k: number, { deb, fin, virgule, loin, degre, ferme }: Distance): LectureNegation {
  if (degre && !virgule) return 'ambigu';
  if (virgule) {
    const reponse = jetons[k]!.mot === 'non' || [':', '=', '?'].includes(jetons[k - 1]?.mot ?? '');
    if (reponse || affirmeDansSonSegment(jetons, deb, fin)) return null;
    if (ferme || listeFermee(jetons, fin)) return 'nie';
    return estDAdjectif(jetons, k) ? null : 'ambigu';
  }
  if (loin) return 'ambigu';
  const verbeNie = jetons[k - 1];
  const sansPartitif = jetons[k]!.mot === 'pas' && k + 1 === deb;
  if (sansPartitif && verbeNie !== undefined && !verbeNie.ponct && !AUXILIAIRES.has(verbeNie.mot) && neAvant(jetons, k)) return 'ambigu';
  return jetons[k]!.mot === 'sans' && verbeNie?.mot === 'pas' ? 'ambigu' : 'nie';
}

/** Reads the negation that follows: "ne convulse pas", "convulsions : non", "(-)", Lingala "te" at the end. */
function negationApres(jetons: Jeton[], deb: number, fin: number): LectureNegation {
  let k = fin;
  for (const pas of [1, 2]) if (jetons.slice(fin, fin + pas).every((j) => !j.ponct) && [':', '=', '?'].includes(jetons[fin + pas]?.mot ?? '')) k = fin + pas;
  while (jetons[k] !== undefined && ([':', '=', '(', '?'].includes(jetons[k]!.mot) || ['est', 'sont', 'etait'].includes(jetons[k]!.mot))) k++;
  const j = jetons[k];
  if (j === undefined) return null;
  const suivant = jetons[k + 1];
  const clos = suivant === undefined || suivant.ponct || estSeparateur(suivant);
  if ((APRES_NEGATION.has(j.mot) || j.nombre === 0) && clos) return 'nie';
  if (j.mot === '-' && (suivant === undefined || suivant.mot === ')')) return 'nie';
  const nie = neAvant(jetons, deb) || estNegateur(jetons[deb]);
  if (j.mot === 'pas' || j.mot === 'point') {
    if (nie) return suivant !== undefined && (DEGRES.has(suivant.mot) || suivant.mot === 'que') ? 'ambigu' : 'nie';
    if (clos || suivant?.mot === 'du') return 'nie';
  }
  if (j.mot === 'plus' && nie) return 'resolu';
  for (let n = fin; n < Math.min(jetons.length, fin + PORTEE) && !estSeparateur(jetons[n]); n++) {
    if (jetons[n]!.mot === 'te' && (jetons[n + 1] === undefined || jetons[n + 1]!.ponct)) return 'nie';
    if (RESOLUS.has(jetons[n]!.mot) && !neAvant(jetons, n) && n < fin + 8) return 'resolu';
  }
  return null;
}

/** What the statement says of the finding at tokens [deb, fin); an uncertain reading is 'ambigu', never 'nie'. */
export function lireNegation(jetons: Jeton[], deb: number, fin: number): LectureNegation {
  const avant = negationAvant(jetons, deb, fin);
  const apres = negationApres(jetons, deb, fin);
  if (avant === 'nie' && apres === 'nie') return 'ambigu';
  if (avant === 'nie' || apres === 'nie') return 'nie';
  return avant ?? apres;
}
