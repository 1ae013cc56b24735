import { ARTICLES, ENFANTS, FAMILLE, HYPOTHESES, INTRODUCTIONS, MAINTENANT, PASSE, POSSESSIFS, POSSESSIFS_DU_REDACTEUR, PROCHES, PROCHES_AVEC_POSSESSIF, SI_INTENSIF, SUJETS, VERBES_DE_RECIT } from './mots.ts';
import { estSeparateur, lireNegation } from './negation.ts';
import type { Jeton } from './normaliser.ts';
import type { Phrase } from './phrases.ts';

/** How a finding is stated. Only `affirme` and `resolu` are evidence; `ambigu` is half evidence and a question. */
export type Etat = 'affirme' | 'resolu' | 'ambigu' | 'nie' | 'autre' | 'passe' | 'hypothese';

/** What the reader knows beside the text: this year, who writes, whether the patient is a child, what the field is for. */
export type Lecteur = { annee: number; mois: number; enfant: boolean; ageConnu: boolean; proche: boolean; champ: 'present' | 'passe' | 'hypothese' };

const PORTEE = 30;
type Lecture = 'oui' | 'ambigu' | 'non';

/** Whose finding is it? 'oui': somebody else's; 'ambigu': perhaps. */
function estDUnAutre(jetons: Jeton[], deb: number, fin: number, lecteur: Lecteur): Lecture {
  for (let k = fin; k < Math.min(fin + 4, jetons.length); k++) {
    if (['chez', 'de', 'du', 'd'].includes(jetons[k]!.mot)) {
      const qui = deQui(jetons, jetons[k + 1] && (ARTICLES.has(jetons[k + 1]!.mot) || POSSESSIFS.has(jetons[k + 1]!.mot) || POSSESSIFS_DU_REDACTEUR.has(jetons[k + 1]!.mot)) ? k + 2 : k + 1, lecteur);
      if (qui !== 'non') return qui;
    }
    if (jetons[k]!.ponct) break;
  }
  let virgule = false, recit = false;
  for (let k = deb - 1; k >= 0 && k >= deb - PORTEE; k--) {
    const j = jetons[k]!;
    if (estSeparateur(j)) virgule = true;
    else if (VERBES_DE_RECIT.has(j.mot)) recit = true;
    else if (SUJETS.has(j.mot) && !(j.mot === 'c' || j.mot === 'moi')) return 'non';
    const qui = deQui(jetons, k, lecteur);
    if (qui === 'non') continue;
    const avant = jetons[k - 2] ?? jetons[k - 1];
    if (recit || (avant !== undefined && (INTRODUCTIONS.has(avant.mot) || INTRODUCTIONS.has(jetons[k - 1]?.mot ?? '')))) return 'non';
    return virgule ? 'ambigu' : qui;
  }
  return 'non';
}

/** Does the word at `k` name somebody who is not the patient? */
function deQui(jetons: Jeton[], k: number, lecteur: Lecteur): Lecture {
  const mot = jetons[k]?.mot;
  if (mot === undefined) return 'non';
  const possessif = jetons[k - 1]?.mot ?? '';
  const duRedacteur = POSSESSIFS_DU_REDACTEUR.has(possessif);
  if (FAMILLE.has(mot)) return 'oui';
  if (ENFANTS.has(mot)) {
    if (lecteur.enfant || lecteur.proche || !lecteur.ageConnu) return 'non';
    return duRedacteur ? 'ambigu' : POSSESSIFS.has(possessif) ? 'oui' : 'non';
  }
  const proche = PROCHES_AVEC_POSSESSIF.has(mot) ? duRedacteur || POSSESSIFS.has(possessif) || jetons[k + 1]?.mot === 'yangu' || jetons[k + 1]?.mot === 'na' : PROCHES.has(mot);
  if (!proche || (mot === 'grand' || mot === 'beau' || mot === 'belle' ? !(duRedacteur || POSSESSIFS.has(possessif)) : false)) return 'non';
  return lecteur.proche && duRedacteur ? 'non' : 'oui';
}

/** A year before this one (the last one counts as now in January and February). */
function estAnneePassee(j: Jeton, { annee, mois }: Lecteur): boolean {
  return j.nombre !== null && /^(19|20)\d\d$/.test(j.mot) && j.nombre < annee - (mois <= 2 ? 1 : 0);
}

/** "il y a 3 ans", "2 mois plus tôt", "à l'âge de": not this illness. */
function marquePasse(jetons: Jeton[], k: number, lecteur: Lecteur): boolean {
  const j = jetons[k]!;
  const avant = jetons[k - 1]?.mot ?? '';
  if (PASSE.has(j.mot)) return true;
  if (estAnneePassee(j, lecteur)) return avant !== 'depuis';
  if ((j.mot === 'a' && avant === 'y') || j.mot === 'ya') {
    const n = jetons[k + 1]?.nombre ?? (['plusieurs', 'quelques', 'longtemps'].includes(jetons[k + 1]?.mot ?? '') ? 9 : 0);
    const unite = jetons[k + 2]?.mot ?? '';
    return jetons[k + 1]?.mot === 'longtemps' || (n > 0 && /^(ans?|annees?)$/.test(unite)) || (n >= 2 && unite === 'mois') || (n > 8 && unite === 'semaines');
  }
  if (j.mot === 'an' || j.mot === 'annee' || j.mot === 'annees') return ['dernier', 'derniere', 'dernieres', 'passe', 'passee', 'passees'].includes(jetons[k + 1]?.mot ?? '');
  if (j.mot === 'passe') return avant === 'le' && ['dans', 'par'].includes(jetons[k - 2]?.mot ?? '');
  return j.mot === 'age' && avant === 'l' && jetons[k - 2]?.mot === 'a';
}

/** Limits of the part of the statement, between commas, that holds the finding. */
function segment(jetons: Jeton[], deb: number, fin: number): [number, number] {
  let d = deb;
  let f = fin;
  while (d > 0 && d > deb - PORTEE && !estSeparateur(jetons[d - 1])) d--;
  while (f < jetons.length && f < fin + PORTEE && !estSeparateur(jetons[f])) f++;
  return [d, f];
}

function estPasse(jetons: Jeton[], deb: number, fin: number, lecteur: Lecteur): Lecture {
  const [d, f] = segment(jetons, deb, fin);
  let passe = lecteur.champ === 'passe';
  let maintenant = false;
  for (let k = Math.max(d, deb - PORTEE); k < Math.min(f, fin + PORTEE); k++) {
    if (MAINTENANT.has(jetons[k]!.mot)) maintenant = true;
    if ((k < deb || k >= fin) && marquePasse(jetons, k, lecteur)) passe = true;
  }
  const tete = jetons.slice(0, 8).findIndex((j) => estSeparateur(j));
  if (!passe && tete > 0 && tete < deb && d === tete + 1) for (let k = 0; k < tete; k++) passe ||= marquePasse(jetons, k, lecteur);
  if (!passe) return 'non';
  return maintenant ? (lecteur.champ === 'passe' ? 'ambigu' : 'non') : 'oui';
}

function estHypothese(jetons: Jeton[], deb: number, fin: number, lecteur: Lecteur): Lecture {
  if (lecteur.champ === 'hypothese') return 'oui';
  const [d, f] = segment(jetons, deb, fin);
  for (let k = deb - 1; k >= 0 && k >= deb - PORTEE; k--) {
    const { mot } = jetons[k]!;
    const suivant = jetons[k + 1]?.mot ?? '';
    const avant = jetons[k - 1]?.mot ?? '';
    const condition = (mot === 'si' && !SI_INTENSIF.has(suivant) && avant !== 'meme' && avant !== 'comme') || (mot === 's' && (suivant === 'il' || suivant === 'ils') && avant !== 'meme')
      || (mot === 'cas' && avant === 'en' && (suivant === 'de' || suivant === 'd')) || (mot === 'cas' && avant === 'au');
    if (condition) {
      if (mot === 'si' && (avant === 'pas' || avant === 'sais')) return 'ambigu';
      if (k >= d) return 'oui';
      for (let n = d; n < f; n++) if (MAINTENANT.has(jetons[n]!.mot) || SUJETS.has(jetons[n]!.mot)) return 'non';
      return 'ambigu';
    }
    if (k < d) continue;
    if (HYPOTHESES.has(mot) || (mot === 'peur' && ['de', 'd', 'que', 'qu'].includes(suivant))) return 'oui';
  }
  return 'non';
}

/** Reads how the finding at tokens [deb, fin) of a statement is meant; doubt is said, never decided. */
export function lireContexte(phrase: Phrase, deb: number, fin: number, lecteur: Lecteur): Etat {
  const { jetons } = phrase;
  const negation = lireNegation(jetons, deb, fin);
  if (negation === 'nie') return 'nie';
  const autre = estDUnAutre(jetons, deb, fin, lecteur);
  if (autre === 'oui') return 'autre';
  const hypothese = estHypothese(jetons, deb, fin, lecteur);
  if (hypothese === 'oui') return 'hypothese';
  const passe = estPasse(jetons, deb, fin, lecteur);
  if (passe === 'oui') return 'passe';
  if (negation === 'ambigu' || autre === 'ambigu' || hypothese === 'ambigu' || passe === 'ambigu') return 'ambigu';
  return negation === 'resolu' ? 'resolu' : 'affirme';
}
