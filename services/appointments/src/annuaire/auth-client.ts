import type { AuthService, User } from '@mediai/contracts/auth/v1/auth_service';
import type { GrpcClient } from '@mediai/kit/grpc';
import type { UserOfAuth } from './find-users.ts';

export type AuthClient = GrpcClient<typeof AuthService>;

const deadlineMs = 2_000;

/** Asks auth about users, as this service. */
export function createAskAuth(auth: Pick<AuthClient, 'getUsers'>, serviceToken: () => Promise<string>) {
  return async (ids: readonly number[]): Promise<UserOfAuth[]> => {
    const { users } = await auth.getUsers({ ids: [...ids] }, { token: await serviceToken(), deadlineMs });
    return users.map(toUser);
  };
}

function toUser({ id, username, firstName, lastName, role, isActive, isStaff, phone, etablissementId, medecinProfile }: User): UserOfAuth {
  return {
    id, username, firstName, lastName, role, isActive, isStaff, phone, etablissementId,
    approuve: role !== 'medecin' || medecinProfile?.isApproved === true, isAvailable: medecinProfile?.isAvailable ?? false, specialty: medecinProfile?.specialty,
  };
}
