import { invalid } from '@mediai/kit/errors';
import { acteDuTitulaire } from '../audit/acte.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import { invalidAccount, takenFaults } from '../account/account-fields.ts';
import type { AccountStore } from '../account/account-store.ts';
import { emptyMedecinProfile, emptyPatientProfile, type Account, type NewAccount } from '../account/account.ts';
import type { Passwords } from '../account/password-hash.ts';
import { readRegistration, type Registration, type RegistrationForm } from './registration.ts';

type Needs = {
  accounts: Pick<AccountStore, 'create'>;
  passwords: Passwords;
  /** `auto` opens a médecin's account at once; `manual` leaves it to an admin. */
  medecinApproval: 'manual' | 'auto';
  etablissementId: number;
  clock: () => Date;
};

/**
 * Public registration: a patient or a médecin of the default établissement, never an admin. Returns the account; throws
 * `invalid` (`compte.invalide`) naming every faulty field, a username or e-mail already taken included.
 */
export function createRegisterAccount({ accounts, passwords, medecinApproval, etablissementId, clock }: Needs) {
  return async (form: RegistrationForm, idempotence?: Idempotence<Account>): Promise<Once<Account>> => {
    const registration = readRegistration(form);
    const account = newAccount(registration, medecinApproval === 'auto', etablissementId, clock());
    const passwordHash = await passwords.hash(registration.password);
    const outcome = await accounts.create({ ...account, passwordHash }, (made) =>
      acteDuTitulaire(made, { action: 'compte.inscription', objetType: 'users', objetId: String(made.id), etablissementId }), idempotence);
    if ('taken' in outcome) throw invalid(takenFaults[outcome.taken], invalidAccount);
    return outcome;
  };
}

function newAccount({ username, email, phone, role, firstName, lastName }: Registration, isApproved: boolean, etablissementId: number, dateJoined: Date): Omit<NewAccount, 'passwordHash'> {
  const isMedecin = role === 'medecin';
  return {
    username,
    email,
    phone,
    role,
    firstName,
    lastName,
    isActive: true,
    isStaff: false,
    isSuperuser: false,
    dateJoined,
    etablissementId,
    patientProfile: isMedecin ? null : emptyPatientProfile,
    medecinProfile: isMedecin ? { ...emptyMedecinProfile, isApproved } : null,
  };
}
