import type { AccountRole } from '../account/account.ts';
import { readEmail, readName, readPassword, readPhone, readRole, readUsername, refuseFaultyAccount } from '../account/account-fields.ts';

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

/**
 * Reads and checks a form; empty optional texts count as absent. Throws `invalid` (`compte.invalide`) with every faulty
 * field under its public name: `username, password, email, phone, role, first_name, last_name`.
 */
export function readRegistration(form: RegistrationForm): Registration {
  const username = readUsername(form.username);
  const password = readPassword(form.password);
  const email = readEmail(form.email ?? '');
  const phone = readPhone(form.phone ?? '');
  const role = readRole(form.role ?? '');
  const firstName = readName(form.firstName ?? '');
  const lastName = readName(form.lastName ?? '');
  refuseFaultyAccount({ username, password, email, phone, role, first_name: firstName, last_name: lastName });
  return {
    username: username.value, password: password.value, email: email.value, phone: phone.value, role: role.value, firstName: firstName.value, lastName: lastName.value,
  };
}
