import { emptyMedecinProfile, emptyPatientProfile, type Account } from './account.ts';
import type { AccountFields } from './account-form.ts';

/** The account with what was written; a change of role moves it between profiles, where a médecin is approved by who made one of them. */
export function withFields(account: Account, { patientProfile, medecinProfile, ...main }: AccountFields): Account {
  const moved = withRole({ ...account, ...main }, account);
  return {
    ...moved,
    patientProfile: moved.patientProfile && { ...moved.patientProfile, ...patientProfile },
    medecinProfile: moved.medecinProfile && { ...moved.medecinProfile, ...medecinProfile },
  };
}

function withRole(account: Account, before: Account): Account {
  if (account.role === before.role) return account;
  const { phoneNumber = null, address = null } = before.patientProfile ?? before.medecinProfile ?? {};
  return account.role === 'medecin'
    ? { ...account, patientProfile: null, medecinProfile: { ...emptyMedecinProfile, phoneNumber, address, isApproved: true } }
    : { ...account, patientProfile: { ...emptyPatientProfile, phoneNumber, address }, medecinProfile: null };
}

/** The rights of an account, under their public names. */
function rights({ role, isActive, isStaff, isSuperuser, etablissementId, medecinProfile }: Account) {
  return { role, is_active: isActive, is_staff: isStaff, is_superuser: isSuperuser, etablissement: etablissementId, approuve: medecinProfile?.isApproved ?? null };
}

/** Which rights differ and what they are now (`role=medecin is_staff=true`); undefined when none does. */
export function changedRights(before: Account, after: Account): string | undefined {
  const was: Record<string, unknown> = rights(before);
  const differing = Object.entries(rights(after)).filter(([name, value]) => was[name] !== value);
  return differing.length === 0 ? undefined : differing.map(([name, value]) => `${name}=${value}`).join(' ');
}
