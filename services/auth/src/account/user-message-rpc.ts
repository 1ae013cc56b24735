import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { UserCourtSchema, UserSchema } from '@mediai/contracts/auth/v1/auth_service';
import type { Account } from './account.ts';

/** An account as its message. */
export function toUser(account: Account): MessageInitShape<typeof UserSchema> {
  const { patientProfile, medecinProfile } = account;
  return {
    id: account.id,
    username: account.username,
    firstName: account.firstName,
    lastName: account.lastName,
    email: account.email ?? undefined,
    phone: account.phone ?? undefined,
    role: account.role,
    isActive: account.isActive,
    isStaff: account.isStaff,
    isSuperuser: account.isSuperuser,
    dateJoined: timestampFromDate(account.dateJoined),
    lastLogin: account.lastLogin ? timestampFromDate(account.lastLogin) : undefined,
    etablissementId: account.etablissementId,
    patientProfile: patientProfile ? withoutNulls(patientProfile) : undefined,
    medecinProfile: medecinProfile ? withoutNulls(medecinProfile) : undefined,
  };
}

/** An account in short form. */
export function toUserCourt({ id, username, firstName, lastName, email, role, isStaff }: Account): MessageInitShape<typeof UserCourtSchema> {
  return { id, username, firstName, lastName, email: email ?? undefined, role, isStaff };
}

function withoutNulls<T extends object>(profile: T): { [name in keyof T]: Exclude<T[name], null> | undefined } {
  const entries = Object.entries(profile).map(([name, value]) => [name, value ?? undefined]);
  return Object.fromEntries(entries) as { [name in keyof T]: Exclude<T[name], null> | undefined };
}
