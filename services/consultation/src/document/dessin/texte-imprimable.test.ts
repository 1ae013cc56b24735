import { expect, it } from '@jest/globals';
import { COUPURE, REMPLACEMENT, texteImprimable } from './texte-imprimable.ts';

const caracteres = new Set(Array.from("abcdefghijklmnopqrstuvwxyzé .,'->[]0123456789\u00A0x", (lettre) => lettre.codePointAt(0)!));
const R = REMPLACEMENT;

it.each([
  ['une phrase', 'une phrase', 'what the font has, as it is'],
  ['e\u0301', 'é', 'composed letters'],
  ['12\u202F500', '12\u00A0500', 'a narrow space as a wider one'],
  ['a → b', 'a -> b', 'an arrow as two signs'],
  ['a\tb', 'a    b', 'a tabulation as spaces'],
  ['a\r\nb\rc\u2028d\u0085e', 'a\nb\nc\nd\ne', 'every end of a line'],
  ['a\u0000b\u0007c\u202ed\u200be\u00adf\ufeff', 'abcdef', 'nothing of what has no form'],
  ['👨‍👩‍👧‍👦 👍🏽 🇨🇩', `${R} ${R} ${R}`, 'one replacement for each emoji, however long'],
  ['مرحبا', R.repeat(5), 'one for each letter of another script'],
  ['a\ud800b', `a${R}b`, 'one for half a character'],
  ['ﬁn ①', 'fin 1', 'compatibility forms as what they stand for'],
])('%j is printed as %j: %s', (texte, imprime) => {
  expect(texteImprimable(texte, caracteres)).toBe(imprime);
});

it('lets an endless word break, and only it', () => {
  const mots = texteImprimable(`${'a'.repeat(60)} ${'b'.repeat(24)} fin`, caracteres).split(' ');
  expect(mots[0]?.split(COUPURE).map(({ length }) => length)).toEqual([24, 24, 12]);
  expect(mots.slice(1)).toEqual(['b'.repeat(24), 'fin']);
});
