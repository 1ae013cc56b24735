import type { Champ } from './champ.ts';
import { CHAMPS } from './champs.ts';
import type { FicheValeurs } from './valeurs.ts';

/** One clinical value that may leave the house. */
export interface LigneClinique {
  readonly champ: string;
  readonly libelle: string;
  readonly section: string;
  readonly valeur: string;
}

const NOMS: readonly (keyof FicheValeurs)[] = ['nom', 'postnom', 'prenom', 'contact_nom'];
/**
 * Phones as they are typed here: with a country prefix or a leading 0, as nine Congolese digits in groups, or as eight
 * digits or more in one piece. Measures in a row ("120/80 118/76", "98 102 110") are none.
 */
const TELEPHONE = new RegExp(
  [
    String.raw`(?:\+|00)\d(?:[ .\-/()]{0,2}\d){7,14}`,
    String.raw`\(?0\d{2,3}\)?[ .\-/]?\d(?:[ .\-]{0,2}\d){4,10}`,
    String.raw`0\d(?:[ .\-]{1,2}\d{2,3}){3,4}`,
    String.raw`(?=(?:\d[ .\-]?){9}(?!\d))[89]\d{1,2}([ .\-])\d{2,3}(?:\1\d{2,3}){1,2}`,
    String.raw`\d{8,15}`,
  ].map((forme) => `(?<![\\p{L}\\d,.])${forme}(?![\\p{L}\\d])`).join('|'),
  'gu',
);
/** Local part of at most 64 characters (RFC 5321, 4.5.3.1.1), which also keeps the search linear. */
const COURRIEL = /(?<![\p{L}\d._%+-])[\p{L}\d._%+-]{1,64}@[\p{L}\d.-]{1,253}\.\p{L}{2,}/gu;
const DATE = /(?<!\d)(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}))(?!\d)/gu;
const JETON = /[\p{L}\p{M}\d]+(?:['’-][\p{L}\p{M}\d]+)*/gu;
/** First and family names that are also words: they are hidden only where they are written as a name (capital inside a sentence). */
const MOTS_COURANTS = new Set(['patient', 'grace', 'divine', 'bien', 'merveille', 'espoir', 'plamedi', 'fils', 'rose', 'gloire', 'beni', 'benie', 'joie', 'bonheur', 'victoire', 'paix', 'esther', 'dieu', 'ange', 'chance', 'precieux', 'precieuse', 'douce', 'sage', 'juste', 'prince', 'noel', 'pascal', 'fort', 'petit', 'grand', 'mort', 'sein', 'coeur', 'main', 'pied']);

const plier = (texte: string): string => texte.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();

/**
 * Remove phones, e-mail addresses, this fiche's own names (by whole token) and its birth date from a free text. Other
 * dates stay: they are history.
 *
 * A name that is also an ordinary word ("Patient", "Grâce") is left where it starts a clause or is written small:
 * "Patient fébrile" stays whole, "avec Patient depuis hier" does not.
 *
 * @param texte what was typed
 * @param noms the names of this fiche, as typed
 * @param naissance the birth date of this fiche, `YYYY-MM-DD`
 */
export function masquerTexte(texte: string, noms: readonly string[], naissance?: string | null): string {
  const interdits = new Set(noms.flatMap((n) => n.match(JETON) ?? []).map(plier).filter((n) => n.length > 1));
  const sansNumeros = sansTelephones(texte.replace(COURRIEL, '[courriel]'), naissance);
  return sansNumeros.replace(JETON, (jeton: string, position: number) => {
    const plie = plier(jeton);
    if (!interdits.has(plie) && !plie.split(/['’-]/u).some((part) => part.length > 2 && interdits.has(part) && !MOTS_COURANTS.has(part))) return jeton;
    if (MOTS_COURANTS.has(plie) && !estNomPropre(jeton, sansNumeros, position)) return jeton;
    return '[nom]';
  });
}

/** Phones out, dates kept but for the birth date: what lies between two dates is searched for phones. */
function sansTelephones(texte: string, naissance: string | null | undefined): string {
  const morceaux: string[] = [];
  let fin = 0;
  for (const date of texte.matchAll(DATE)) {
    const [ecrite, annee = '', mois = '', jour = '', jourFr = '', moisFr = '', anneeFr = ''] = date;
    const lue = [annee || anneeFr, (mois || moisFr).padStart(2, '0'), (jour || jourFr).padStart(2, '0')].join('-');
    if (Number.isNaN(Date.parse(`${lue}T00:00:00Z`)) || lue < '1850' || lue > '2150') continue;
    morceaux.push(texte.slice(fin, date.index).replace(TELEPHONE, '[téléphone]'), lue === naissance ? '[date de naissance]' : ecrite);
    fin = date.index + ecrite.length;
  }
  return morceaux.join('') + texte.slice(fin).replace(TELEPHONE, '[téléphone]');
}

function estNomPropre(jeton: string, texte: string, position: number): boolean {
  if (!/^\p{Lu}/u.test(jeton)) return false;
  const avant = texte.slice(0, position).trimEnd();
  return avant !== '' && !/[.!?:;\n«"(-]$/u.test(avant);
}

/**
 * The clinical content of a fiche without what identifies a person: names, phones, addresses, occupation, birth date,
 * contact and dossier number stay in the house; age and sex go.
 *
 * @param valeurs the fiche
 * @param age age as text with its unit ("34 ans", "5 mois", "12 jours")
 * @returns lines in the order of the paper fiche; empty values and unticked boxes are left out
 */
export function pseudonymiser(valeurs: Partial<FicheValeurs>, age: string, champs: readonly Champ[] = CHAMPS): LigneClinique[] {
  const source = valeurs as Record<string, string | number | boolean | null | undefined>;
  const noms = NOMS.map((n) => source[n]).filter((n): n is string => typeof n === 'string');
  const lignes: LigneClinique[] = [];
  for (const champ of champs) {
    if (champ.identite || champ.nom === 'etat_civil' || champ.section === 'accompagnement' || champ.section === 'divers') continue;
    const valeur = champ.nom === 'age' ? age : enTexte(champ, source[champ.nom], noms, valeurs.date_naissance);
    if (valeur !== null && valeur !== '') lignes.push({ champ: champ.nom, libelle: champ.libelle, section: champ.section, valeur });
  }
  return lignes;
}

function enTexte(champ: Champ, valeur: string | number | boolean | null | undefined, noms: readonly string[], naissance?: string | null): string | null {
  if (valeur === null || valeur === undefined || valeur === false || valeur === '') return null;
  if (valeur === true) return 'oui';
  if (champ.type === 'choix') return champ.choix?.find((c) => c.valeur === valeur)?.libelle ?? String(valeur);
  if (typeof valeur === 'number') return champ.unite ? `${String(valeur).replace('.', ',')} ${champ.unite}` : String(valeur);
  const texte = masquerTexte(valeur, noms, naissance);
  return champ.unite ? `${texte} ${champ.unite}` : texte;
}

/**
 * Age with the unit that a clinician would use: days under 2 months, months under 5 years, else years.
 * @param naissance `YYYY-MM-DD`
 * @param jour `YYYY-MM-DD`
 */
export function ageLisible(naissance: string, jour: string): string {
  const jours = Math.floor((Date.parse(`${jour}T00:00:00Z`) - Date.parse(`${naissance}T00:00:00Z`)) / 86_400_000);
  if (jours < 61) return `${jours} jour${jours > 1 ? 's' : ''}`;
  const mois = (Number(jour.slice(0, 4)) - Number(naissance.slice(0, 4))) * 12 + Number(jour.slice(5, 7)) - Number(naissance.slice(5, 7)) - (jour.slice(8) < naissance.slice(8) ? 1 : 0);
  return mois < 60 ? `${mois} mois` : `${Math.floor(mois / 12)} ans`;
}
