/**
 * What a spreadsheet may take for a formula: `=`, `+`, `-`, `@` or their full-width forms, a tab, a carriage return or a
 * line feed, also behind spaces, quotes and invisible characters. Source: OWASP, CSV Injection.
 */
const FORMULE = /^[\s"'`\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]/u;

/** A text as a spreadsheet shows it: with an apostrophe in front where it could be taken for a formula. Only for texts: a number stays a number. */
export const neutraliser = (texte: string): string => (FORMULE.test(texte) ? `'${texte}` : texte);
