import { invalid, type FieldErrors } from '@mediai/kit/errors';

/** A value as it is kept, and what is wrong with the one that was typed, as French sentences. */
export type Read<T> = { value: T; faults: string[] };

export const required = 'Ce champ ne peut être vide.';
export const unreadable = 'Ce champ contient un caractère non autorisé.';

/** Throws `invalid` (`code`) naming every faulty field at once under its public name; does nothing when there is none. */
export function refuseFaulty(fields: Record<string, Read<unknown> | undefined>, code?: string): void {
  const faulty = Object.entries(fields).flatMap(([name, read]) => (read && read.faults.length > 0 ? [[name, read.faults]] : []));
  if (faulty.length > 0) throw invalid(Object.fromEntries(faulty) as FieldErrors, code);
}

/** A text on one line, without spaces around it. */
export function readLine(text: string, max: number): Read<string> {
  const value = text.normalize('NFC').trim();
  const faults = tooLong(value, max);
  if (/[\p{Cc}\p{Cs}]/u.test(value)) faults.push(unreadable);
  return { value, faults };
}

/** The same, which may not be empty. */
export function readRequiredLine(text: string, max: number): Read<string> {
  const read = readLine(text, max);
  return read.value === '' ? { value: '', faults: [required] } : read;
}

/** How a value that is none of the choices is refused. */
export function noChoice(text: string): string {
  return `« ${text.slice(0, 40).toWellFormed()} » n'est pas un choix valide.`;
}

/** The fault of a text of more than `max` characters. */
export function tooLong(value: string, max: number): string[] {
  return Array.from(value).length > max ? [`Assurez-vous que ce champ comporte au plus ${max} caractères.`] : [];
}
