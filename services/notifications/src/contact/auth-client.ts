import type { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import type { GrpcClient } from '@mediai/kit/grpc';
import type { KnownUser } from './contact.ts';

export type AuthClient = GrpcClient<typeof AuthService>;

/** Asks auth about one user, as this service. */
export function createAskAuth(auth: Pick<AuthClient, 'getUsers'>, serviceToken: () => Promise<string>) {
  return async (userId: number): Promise<KnownUser | undefined> => {
    const { users } = await auth.getUsers({ ids: [userId] }, { token: await serviceToken() });
    const user = users.find(({ id }) => id === userId);
    return user && { firstName: user.firstName, phone: user.phone ?? null, isActive: user.isActive };
  };
}
