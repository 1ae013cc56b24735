import type { Acteur } from '@mediai/kit/acteur';
import { invalid } from '@mediai/kit/errors';
import { exiger, may } from '../acces/acces.ts';
import { acteDe } from '../audit/acte.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import { invalidAccount, readPassword, readUsername, refuseFaultyAccount, takenFaults } from './account-fields.ts';
import { readAccountForm, type AccountForm } from './account-form.ts';
import type { AccountStore } from './account-store.ts';
import { emptyMedecinProfile, emptyPatientProfile, type Account } from './account.ts';
import { withFields } from './change-account.ts';
import type { Passwords } from './password-hash.ts';
import { reservedToSuperusers } from './update-user.ts';

type Needs = { accounts: Pick<AccountStore, 'create'>; passwords: Pick<Passwords, 'hash'>; clock: () => Date };

export type NewUser = { username: string; password: string; user: AccountForm };

/**
 * An admin makes an account of any role, in their own établissement; a médecin is approved by that. Only a superuser makes
 * one elsewhere or another superuser (`forbidden`, `compte.reserve_superuser`). Throws `invalid` (`compte.invalide`) naming
 * every faulty field.
 */
export function createCreateUser({ accounts, passwords, clock }: Needs) {
  return async (acteur: Acteur, { username: typedUsername, password: typedPassword, user }: NewUser, idempotence?: Idempotence<Account>): Promise<Once<Account>> => {
    exiger(acteur, 'compte.creer');
    const { etablissementId = acteur.etablissementId, isSuperuser = false } = user;
    if (etablissementId !== acteur.etablissementId && may(acteur, 'compte.deplacer') !== 'oui') throw reservedToSuperusers();
    if (isSuperuser && may(acteur, 'compte.promouvoir_superuser') !== 'oui') throw reservedToSuperusers();
    const at = clock();
    const username = readUsername(typedUsername);
    const password = readPassword(typedPassword);
    const { fields, faults } = readAccountForm(user, at);
    const role = fields.role ?? 'patient';
    refuseFaultyAccount({ username, password, ...faults(role) });
    const { id: _id, version: _version, lastLogin: _login, tokensValidFrom: _from, ...account } = withFields(blank(username.value, role, etablissementId, at), fields);
    const outcome = await accounts.create({ ...account, passwordHash: await passwords.hash(password.value) }, ({ id }) =>
      acteDe(acteur, { action: 'compte.creation', objetType: 'users', objetId: String(id), etablissementId, raison: `role=${role} is_staff=${account.isStaff} is_superuser=${account.isSuperuser}` }), idempotence);
    if ('taken' in outcome) throw invalid(takenFaults[outcome.taken], invalidAccount);
    return outcome;
  };
}

function blank(username: string, role: Account['role'], etablissementId: number, dateJoined: Date): Account {
  return {
    id: 0, version: 1, lastLogin: null, tokensValidFrom: null,
    username, firstName: '', lastName: '', email: null, phone: null, role, isActive: true, isStaff: false, isSuperuser: false, dateJoined, etablissementId,
    patientProfile: role === 'patient' ? emptyPatientProfile : null,
    medecinProfile: role === 'medecin' ? { ...emptyMedecinProfile, isApproved: true } : null,
  };
}
