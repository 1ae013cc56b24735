import { invalid, type FieldErrors } from '@mediai/kit/errors';
import type { AccountRole } from './account.ts';
import { passwordFaults } from './password.ts';
import { toE164 } from './phone.ts';

/** What a person types to register; everything else about the account is decided by the service. */
export type RegistrationForm = {
  username: string;
  password: string;
  email?: string;
  phone?: string;
  role?: string;
  firstName?: string;
  lastName?: string;
};

export type Registration = {
  username: string;
  password: string;
  email: string | null;
  phone: string | null;
  role: AccountRole;
  firstName: string;
  lastName: string;
};

type Read<T> = { value: T; faults: string[] };

const required = 'Ce champ ne peut être vide.';

/** The code of every refused registration. */
export const invalidAccount = 'compte.invalide';

/**
 * Reads and checks a form; empty optional texts count as absent. Throws `invalid` (`compte.invalide`) with every faulty
 * field under its public name: `username, password, email, phone, role, first_name, last_name`.
 */
export function readRegistration(form: RegistrationForm): Registration {
  const username = readUsername(form.username);
  const email = readEmail(form.email ?? '');
  const phone = readPhone(form.phone ?? '');
  const role = readRole(form.role ?? '');
  const firstName = readName(form.firstName ?? '');
  const lastName = readName(form.lastName ?? '');
  const password = form.password === '' ? [required] : passwordFaults(form.password);
  refuse({
    username: username.faults, password, email: email.faults, phone: phone.faults, role: role.faults, first_name: firstName.faults, last_name: lastName.faults,
  });
  return {
    username: username.value, password: form.password, email: email.value, phone: phone.value, role: role.value, firstName: firstName.value, lastName: lastName.value,
  };
}

function refuse(fields: FieldErrors): void {
  const faulty = Object.fromEntries(Object.entries(fields).filter(([, faults]) => faults.length > 0));
  if (Object.keys(faulty).length > 0) throw invalid(faulty, invalidAccount);
}

function readUsername(text: string): Read<string> {
  const value = text.normalize('NFKC').trim();
  if (value === '') return { value, faults: [required] };
  const faults = tooLong(value, 150);
  if (!/^[\p{L}\p{M}\p{N}_.@+-]+$/u.test(value) || /\p{Default_Ignorable_Code_Point}/u.test(value)) {
    faults.push("Saisissez un nom d'utilisateur valide. Il ne peut contenir que des lettres, des nombres ou les caractères « @ », « . », « + », « - » et « _ ».");
  }
  return { value, faults };
}

function readEmail(text: string): Read<string | null> {
  const value = text.trim();
  if (value === '') return { value: null, faults: [] };
  const faults = tooLong(value, 254);
  if (!/^[^\s@\p{C}]{1,64}@[^\s@.\p{C}]+(\.[^\s@.\p{C}]+)+$/u.test(value)) faults.push('Saisissez une adresse e-mail valide.');
  return { value, faults };
}

function readPhone(text: string): Read<string | null> {
  if (text.trim() === '') return { value: null, faults: [] };
  const e164 = toE164(text.trim().slice(0, 60));
  return e164 === undefined ? { value: null, faults: ['Saisissez un numéro de téléphone valide (par exemple +243 812 345 678).'] } : { value: e164, faults: [] };
}

function readRole(text: string): Read<AccountRole> {
  if (text === '' || text === 'patient') return { value: 'patient', faults: [] };
  if (text === 'medecin') return { value: 'medecin', faults: [] };
  return { value: 'patient', faults: [`« ${text.slice(0, 40)} » n'est pas un choix valide.`] };
}

function readName(text: string): Read<string> {
  const value = text.normalize('NFC').trim();
  const faults = tooLong(value, 150);
  if (/[\p{Cc}\p{Cs}]/u.test(value)) faults.push('Ce champ contient un caractère non autorisé.');
  return { value, faults };
}

function tooLong(value: string, max: number): string[] {
  return Array.from(value).length > max ? [`Assurez-vous que ce champ comporte au plus ${max} caractères.`] : [];
}
