import { ABREVIATIONS, NOMBRES_EN_LETTRES } from './mots.ts';

/** One word, number or punctuation mark. `deb` and `fin` are offsets in the cleaned text. */
export type Jeton = { mot: string; cle: string; nombre: number | null; ponct: boolean; deb: number; fin: number };

/** Characters that show nothing: soft hyphen, zero-width, bidi marks, variation selectors, tag characters. */
const INVISIBLES = /\p{Default_Ignorable_Code_Point}/gu;

/** Letters of other alphabets drawn like Latin ones (Unicode confusables, the ones that keyboards produce). */
const HOMOGLYPHES: Record<string, string> = {
  а: 'a', в: 'b', с: 'c', е: 'e', н: 'h', і: 'i', ј: 'j', к: 'k', м: 'm', о: 'o', р: 'p', ѕ: 's', т: 't', у: 'y', х: 'x', ԁ: 'd', ԛ: 'q', ԝ: 'w',
  α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x',
  ı: 'i', ɑ: 'a', ɡ: 'g', œ: 'oe', æ: 'ae', ø: 'o', ł: 'l', ß: 'ss', đ: 'd',
};
const PONCTUATION = new Set([',', '.', ';', ':', '!', '?', '(', ')', '\n', '+', '-', '/', '=']);

/** Removes invisible characters and composes accents (NFC); what excerpts are cut from. */
export function nettoyer(texte: string): string {
  return texte.replace(INVISIBLES, '').normalize('NFC');
}

/** Folds one character: accents off, lower case, look-alike letters to Latin, typographic marks to plain ones. */
function plierCaractere(c: string): string {
  if (c < '\u0080') return c.toLowerCase();
  if ('’‘ʼ`´′＇'.includes(c)) return "'";
  if ('‐‑‒–—−•·▪'.includes(c)) return '-';
  if (c === '…' || c === '。') return '.';
  const base = c.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  let sortie = '';
  for (const b of base) sortie += HOMOGLYPHES[b] ?? b;
  return sortie;
}

/** The characters of French, folded once: those below U+0250. */
const PLIES = Array.from({ length: 0x250 }, (_, code) => plierCaractere(String.fromCodePoint(code)));

const plier = (c: string): string => PLIES[c.codePointAt(0)!] ?? plierCaractere(c);

/** What sounds the same is written the same, step after step; a step concerns words that have its letter. */
const SONS: readonly (readonly [lettre: string, motif: RegExp, son: string])[] = [
  ['h', /ph/g, 'f'], ['h', /h/g, ''], ['y', /y/g, 'i'], ['u', /eau|au/g, 'o'], ['i', /[ae]i/g, 'e'], ['q', /qu|q/g, 'k'], ['k', /ck/g, 'k'], ['c', /c(?=[eiy])/g, 's'], ['c', /c/g, 'k'],
  ['z', /z/g, 's'], ['t', /ti(?=on)/g, 'si'], ['n', /en(?=[^aeiounm])/g, 'an'], ['m', /em(?=[^aeiounm])/g, 'am'],
];

/**
 * Key by sound of a French word of six letters or more: misspellings that sound the same share it
 * ("hémorragie", "emoragie"). Shorter words have no key ('').
 */
export function cleSonore(mot: string): string {
  if (mot.length < 6) return '';
  let cle = mot;
  for (const [lettre, motif, son] of SONS) if (cle.includes(lettre)) cle = cle.replace(motif, son);
  cle = cle.replace(/(.)\1+/g, '$1');
  if (cle.endsWith('es')) cle = cle.slice(0, -2);
  else if (cle.endsWith('e') || cle.endsWith('s') || cle.endsWith('x')) cle = cle.slice(0, -1);
  return cle.endsWith('ant') ? cle.slice(0, -1) : cle;
}

const estLettre = (c: string): boolean => (c < '\u0080' ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') : /\p{L}/u.test(c));
const estChiffre = (c: string): boolean => c >= '0' && c <= '9';

/**
 * Cuts cleaned text into words, numbers and punctuation. One pass; "38,5" and "16/11" stay whole, "28SA" becomes two,
 * SMS forms are written out ("pa" -> "pas", "g" -> "j ai").
 */
export function decouper(texte: string): Jeton[] {
  const jetons: Jeton[] = [];
  let courant = '';
  let chiffres = false;
  let deb = 0;
  const ajouter = (mot: string, d: number, f: number, ponct: boolean): void => {
    const nombre = ponct ? null : lireNombre(mot);
    jetons.push({ mot, cle: ponct || nombre !== null ? '' : cleSonore(mot), nombre, ponct, deb: d, fin: f });
  };
  const vider = (f: number): void => {
    if (courant === '') return;
    for (const mot of Object.hasOwn(ABREVIATIONS, courant) ? ABREVIATIONS[courant]! : [courant]) ajouter(mot, deb, f, false);
    courant = '';
  };
  let position = 0;
  let precedent = '';
  for (const brut of texte) {
    const suivant = texte[position + brut.length] ?? '';
    for (const c of plier(brut)) {
      const nombreEnCours = courant !== '' && chiffres;
      if (nombreEnCours && '.,/'.includes(c) && estChiffre(precedent) && estChiffre(suivant)) courant += c === ',' ? '.' : c;
      else if (estLettre(c) || estChiffre(c)) {
        if (nombreEnCours && estLettre(c)) vider(position);
        if (courant === '') { deb = position; chiffres = estChiffre(c); }
        courant += c;
      } else {
        vider(position);
        const traitDUnion = c === '-' && estLettre(precedent) && estLettre(suivant);
        if (PONCTUATION.has(c) && !traitDUnion) ajouter(c, position, position + brut.length, true);
      }
      precedent = c;
    }
    position += brut.length;
  }
  vider(position);
  return jetons;
}

function lireNombre(mot: string): number | null {
  if (estChiffre(mot[0]!)) return Number.isNaN(Number(mot)) ? null : Number(mot);
  return Object.hasOwn(NOMBRES_EN_LETTRES, mot) ? NOMBRES_EN_LETTRES[mot]! : null;
}
