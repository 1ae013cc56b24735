/** What stands for a character that the font lacks. */
export const REMPLACEMENT = '\uFFFD';

/** Characters of which a reader loses nothing when another is printed. */
const EQUIVALENTS: Readonly<Record<string, string>> = { '\u202F': '\u00A0', '\u2192': '->', '\u2190': '<-', '\u21D2': '=>' };

/** Without a form on paper: controls but the end of a line, marks of direction and of order, selectors of variants. */
const INVISIBLES = /(?!\n)[\p{Cc}\p{Variation_Selector}\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/gu;
const TABULATION = '    ';
const FIN_DE_LIGNE = /\r\n?|\u2028|\u2029|\u0085/g;

/** Letters in a row before a line may break within them, and between such breaks. */
const SUITE_MAX = 24;
const SUITE = new RegExp(`\\S{${SUITE_MAX}}(?=[^\\s\\p{M}])`, 'gu');
/** Where a line may break, invisibly (UAX 14, class ZW). */
export const COUPURE = '\u200B';

const graphemes = new Intl.Segmenter('fr', { granularity: 'grapheme' });

/**
 * A text as the font can print it: what it lacks (an emoji, another script) is a visible replacement each, and letters
 * in a row without an end may break anywhere.
 * @param caracteres those that the font has
 */
export function texteImprimable(texte: string, caracteres: ReadonlySet<number>): string {
  const lu = texte.toWellFormed().replace(FIN_DE_LIGNE, '\n').replaceAll('\t', TABULATION).normalize('NFC');
  const connus = (mot: string): boolean => [...mot].every((c) => c === '\n' || caracteres.has(c.codePointAt(0) ?? 0));
  const visible = lu.replace(INVISIBLES, '');
  const imprime = connus(visible) ? visible : Array.from(graphemes.segment(lu), ({ segment }) => unSigne(segment.replace(INVISIBLES, ''), connus)).join('');
  return imprime.replace(SUITE, `$&${COUPURE}`);
}

function unSigne(signe: string, connus: (mot: string) => boolean): string {
  if (connus(signe)) return signe;
  const autre = EQUIVALENTS[signe] ?? signe.normalize('NFKD');
  return connus(autre) ? autre : REMPLACEMENT;
}
