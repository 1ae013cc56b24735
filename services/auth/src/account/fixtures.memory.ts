import type { Acteur } from '@mediai/kit/acteur';
import type { Acte } from '../audit/acte.ts';
import type { AccountStore } from './account-store.ts';
import { emptyMedecinProfile, emptyPatientProfile, isApproved, type Account, type NewAccount } from './account.ts';

export const at = new Date('2026-03-02T08:00:00.250Z');

export const acte: Acte = { acteurId: null, acteurRole: 'service:auth', action: 'test', objetType: 'users', objetId: '', etablissementId: 1, issue: 'ok' };

let count = 0;

/** An account to make: a patient of the default établissement unless said. */
export function newAccount(changes: Partial<NewAccount> & { id?: number } = {}): NewAccount & { id?: number } {
  const isMedecin = changes.role === 'medecin';
  return {
    username: `fixture-${++count}`, firstName: 'Mwamba', lastName: 'Kalonji', email: null, phone: null, role: 'patient', isActive: true, isStaff: false, isSuperuser: false, dateJoined: at,
    etablissementId: 1, patientProfile: isMedecin ? null : emptyPatientProfile, medecinProfile: isMedecin ? { ...emptyMedecinProfile, isApproved: true } : null, passwordHash: 'hash', ...changes,
  };
}

/** Makes an account. */
export async function addAccount(accounts: Pick<AccountStore, 'create'>, changes: Partial<NewAccount> & { id?: number } = {}): Promise<Account> {
  const outcome = await accounts.create(newAccount(changes), () => acte);
  if (!('done' in outcome)) throw new Error('not made');
  return outcome.done;
}

/** Who an account is to the use cases. */
export function acteurOf(account: Account): Acteur {
  const { id, role, isStaff, isSuperuser, etablissementId } = account;
  return { id, role, estAdmin: isStaff, estSuperuser: isSuperuser, approuve: isApproved(account), etablissementId, token: '' };
}

export const serviceActeur: Acteur = { id: 0, role: 'service', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 0, service: 'ia', token: '' };
