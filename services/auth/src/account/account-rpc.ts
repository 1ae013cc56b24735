import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { AuthService, UserSchema } from '@mediai/contracts/auth/v1/auth_service';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { unauthenticated } from '@mediai/kit/errors';
import type { Handlers } from '@mediai/kit/grpc';
import type { Account } from './account.ts';
import type { createGetMe, createGetUsers } from './read-accounts.ts';
import type { createRegisterAccount } from './register-account.ts';

export type AccountUseCases = {
  registerAccount: ReturnType<typeof createRegisterAccount>;
  getMe: ReturnType<typeof createGetMe>;
  getUsers: ReturnType<typeof createGetUsers>;
};

/** Messages <-> use cases about accounts. */
export function createAccountHandlers({ registerAccount, getMe, getUsers }: AccountUseCases) {
  return {
    register: async (request) => ({ user: toUser(await registerAccount(request)) }),
    getMe: async (_request, { acteur }) => {
      if (!acteur) throw unauthenticated();
      return { user: toUser(await getMe(acteur)) };
    },
    getUsers: async ({ ids }, { acteur }) => {
      if (!acteur) throw unauthenticated();
      return { users: (await getUsers(acteur, ids)).map(toUser) };
    },
  } satisfies Handlers<typeof AuthService>;
}

function toUser(account: Account): MessageInitShape<typeof UserSchema> {
  const { patientProfile: patient, medecinProfile: medecin } = account;
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
    patientProfile: patient
      ? { dateOfBirth: patient.dateOfBirth ?? undefined, phoneNumber: patient.phoneNumber ?? undefined, address: patient.address ?? undefined }
      : undefined,
    medecinProfile: medecin
      ? {
          specialty: medecin.specialty ?? undefined,
          phoneNumber: medecin.phoneNumber ?? undefined,
          address: medecin.address ?? undefined,
          isAvailable: medecin.isAvailable,
          isApproved: medecin.isApproved,
        }
      : undefined,
  };
}
