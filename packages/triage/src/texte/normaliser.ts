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
function plier(c: string): string {
  if (c < '\u0080') return c.toLowerCase();
  if ('’‘ʼ`´′＇'.includes(c)) return "'";
  if ('‐‑‒–—−•·▪'.includes(c)) return '-';
  if (c === '…' || c === '。') return '.';
  const base = c.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  let sortie = '';
  for (const b of base) sortie += HOMOGLYPHES[b] ?? b;
  return sortie;
}

/**
 * Key by sound of a French word of six letters or more: misspellings that sound the same share it
 * ("hémorragie", "emoragie"). Shorter words have no key ('').
 */
export function cleSonore(mot: string): string {
  if (mot.length < 6) return '';
  return mot
    .replace(/ph/g, 'f').replace(/h/g, '').replace(/y/g, 'i').replace(/eau|au/g, 'o').replace(/[ae]i/g, 'e')
    .replace(/qu|q|ck/g, 'k').replace(/c(?=[eiy])/g, 's').replace(/c/g, 'k').replace(/z/g, 's').replace(/ti(?=on)/g, 'si')
    .replace(/e([nm])(?=[^aeiounm])/g, 'a$1').replace(/(.)\1+/g, '$1').replace(/(?:es|e|s|x)$/, '').replace(/ant$/, 'an');
}

const estLettre = (c: string): boolean => /\p{L}/u.test(c);
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
