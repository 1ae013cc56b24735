import type { FieldErrors } from '@mediai/kit/errors';
import { noChoice, readLine, refuseFaulty, required, tooLong, unreadable, type Read } from '../form/field.ts';
import type { AccountRole } from './account.ts';
import { passwordFaults } from './password.ts';
import { toE164 } from './phone.ts';

const reserved = /^supprime-\d+$/;
const invisible = /\p{Default_Ignorable_Code_Point}/u;

/** The code of every refused account. */
export const invalidAccount = 'compte.invalide';

/** What has become of a deleted account's username; nobody else can have it. */
export const deletedUsername = (id: number): string => `supprime-${id}`;

const usernameTaken = 'Un utilisateur avec ce nom existe déjà.';
const emailTaken = 'Un utilisateur avec cette adresse e-mail existe déjà.';

/** The faults of an account whose username, e-mail or id another has. */
export const takenFaults = {
  username: { username: [usernameTaken] },
  email: { email: [emailTaken] },
  id: { non_field_errors: ['Ce compte existe déjà.'] },
} as const satisfies Record<string, FieldErrors>;

/** Throws `invalid` (`compte.invalide`) naming every faulty field at once. */
export function refuseFaultyAccount(fields: Parameters<typeof refuseFaulty>[0]): void {
  refuseFaulty(fields, invalidAccount);
}

/** A login name in NFKC: letters, digits and `@ . + - _`, 150 at most. */
export function readUsername(text: string): Read<string> {
  const value = text.normalize('NFKC').trim();
  if (value === '') return { value, faults: [required] };
  const faults = tooLong(value, 150);
  if (!/^[\p{L}\p{M}\p{N}_.@+-]+$/u.test(value) || invisible.test(value)) {
    faults.push("Saisissez un nom d'utilisateur valide. Il ne peut contenir que des lettres, des nombres ou les caractères « @ », « . », « + », « - » et « _ ».");
  }
  if (reserved.test(value.toLowerCase())) faults.push(usernameTaken);
  return { value, faults };
}

/** A new password as it is. */
export function readPassword(text: string): Read<string> {
  return { value: text, faults: text === '' ? [required] : passwordFaults(text) };
}

/** Letters, digits and what RFC 5322 §3.2.3 calls atext, a host of two labels or more: what no mail server reads as two addresses or as another's. */
const emailAddress = /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u;

/** An e-mail address, 254 characters at most; empty is none. */
export function readEmail(text: string): Read<string | null> {
  const value = text.normalize('NFC').trim();
  if (value === '') return { value: null, faults: [] };
  const faults = tooLong(value, 254);
  if (!emailAddress.test(value) || invisible.test(value)) faults.push('Saisissez une adresse e-mail valide.');
  return { value, faults };
}

/** A phone in any notation, as E.164; empty is none. */
export function readPhone(text: string): Read<string | null> {
  if (text.trim() === '') return { value: null, faults: [] };
  const e164 = toE164(text.trim().slice(0, 60));
  return e164 === undefined ? { value: null, faults: ['Saisissez un numéro de téléphone valide (par exemple +243 812 345 678).'] } : { value: e164, faults: [] };
}

/** `patient` or `medecin`; empty is a patient. */
export function readRole(text: string): Read<AccountRole> {
  if (text === '' || text === 'patient') return { value: 'patient', faults: [] };
  if (text === 'medecin') return { value: 'medecin', faults: [] };
  return { value: 'patient', faults: [noChoice(text)] };
}

/** A first or last name. */
export const readName = (text: string): Read<string> => readLine(text, 150);

/** A text as typed; empty is none. */
export function readText(text: string, max: number): Read<string | null> {
  const value = text.trim();
  const faults = tooLong(value, max);
  if (value.includes('\0') || !value.isWellFormed()) faults.push(unreadable);
  return { value: value === '' ? null : value, faults };
}

/** M, F or none. */
export function readSexe(text: string): Read<string | null> {
  const value = text.trim();
  return { value: value === '' ? null : value, faults: ['', 'M', 'F'].includes(value) ? [] : [noChoice(value)] };
}

/** A day that exists, from 1900 to `today` (both YYYY-MM-DD); empty is none. */
export function readBirthDate(text: string, today: string): Read<string | null> {
  const value = text.trim();
  if (value === '') return { value: null, faults: [] };
  if (!isDay(value)) return { value: null, faults: ["La date n'est pas valide. Utilisez le format AAAA-MM-JJ."] };
  if (value > today) return { value: null, faults: ['La date de naissance ne peut être dans le futur.'] };
  return value < '1900-01-01' ? { value: null, faults: ['La date de naissance est trop ancienne.'] } : { value, faults: [] };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
}
