import { commonPasswords } from './common-passwords.ts';

export const minPasswordLength = 8;
export const maxPasswordLength = 256;

/** What is wrong with a password, as French sentences; empty when it will do (NIST SP 800-63B §5.1.1.2: length and a list of the commonest, no composition rules). */
export function passwordFaults(password: string): string[] {
  const length = Array.from(password).length;
  const faults: string[] = [];
  if (length < minPasswordLength) faults.push(`Ce mot de passe est trop court. Il doit contenir au minimum ${minPasswordLength} caractères.`);
  if (length > maxPasswordLength) faults.push(`Ce mot de passe est trop long. Il doit contenir au plus ${maxPasswordLength} caractères.`);
  if (password.includes('\0') || !password.isWellFormed()) faults.push('Ce mot de passe contient un caractère non autorisé.');
  if (/^\p{Nd}+$/u.test(password)) faults.push('Ce mot de passe est entièrement numérique.');
  if (commonPasswords.has(password.normalize('NFKC').toLowerCase())) faults.push('Ce mot de passe est trop courant.');
  return faults;
}
