import { create } from '@bufbuild/protobuf';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { isApproved, type Account } from './account.ts';

export const userTopic = 'mediai.auth.user.v1';

/** The state of an account as the other services project it. */
export function userChanged(account: Account) {
  const message = create(UserChangedSchema, {
    id: account.id,
    username: account.username,
    firstName: account.firstName,
    lastName: account.lastName,
    role: account.role,
    isStaff: account.isStaff,
    isActive: account.isActive,
    approuve: isApproved(account),
    specialty: account.medecinProfile?.specialty ?? undefined,
    isAvailable: account.medecinProfile?.isAvailable ?? false,
    phone: account.phone ?? undefined,
    etablissementId: account.etablissementId,
    version: account.version,
  });
  return { topic: userTopic, key: String(account.id), schema: UserChangedSchema, message };
}
