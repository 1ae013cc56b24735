import type { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import type { Handlers } from '@mediai/kit/grpc';
import type { Keyring } from './keyring.ts';

/** Messages <-> the published keys. */
export function createKeyHandlers({ publicKeys }: Pick<Keyring, 'publicKeys'>) {
  return {
    getJwks: async () => ({ keys: await publicKeys() }),
  } satisfies Handlers<typeof AuthService>;
}
