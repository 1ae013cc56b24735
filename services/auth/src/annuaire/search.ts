import { toE164 } from '../account/phone.ts';

/** What is looked for: every word (folded, at least one) somewhere in the texts of an account, or its phone (E.164). */
export type Search = { mots: string[]; telephone?: string; avecTelephone: boolean };

const maxWords = 8;
const maxWordLength = 60;

/** Small letters without accents: how words are compared. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/[\u0300-\u036F]/g, '').toLowerCase();
}

/** Whether no text that is kept can contain this one (PostgreSQL refuses both in any text). */
export function isUnfindable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}

/** The words of a search, eight at most; undefined without any. The phone counts where `avecTelephone`. */
export function readSearch(text: string, avecTelephone: boolean): Search | undefined {
  const mots = fold(text).split(/\s+/).filter(Boolean).slice(0, maxWords).map((mot) => Array.from(mot).slice(0, maxWordLength).join(''));
  if (mots.length === 0) return undefined;
  const telephone = avecTelephone ? toE164(text.trim().slice(0, maxWordLength)) : undefined;
  return { mots, avecTelephone, ...(telephone === undefined ? {} : { telephone }) };
}
