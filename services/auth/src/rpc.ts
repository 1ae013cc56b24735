import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { implement, methodName, type Implementation } from '@mediai/kit/grpc';
import { healthMethod, implementHealth, type Checks } from '@mediai/kit/health';
import { createAccountHandlers, type AccountUseCases } from './account/account-rpc.ts';
import { createEtablissementHandlers } from './etablissement/etablissement-rpc.ts';
import type { createGetEtablissement } from './etablissement/get-etablissement.ts';
import { createKeyHandlers } from './key/key-rpc.ts';
import type { Keyring } from './key/keyring.ts';
import { createTokenHandlers, type TokenUseCases } from './token/token-rpc.ts';

export type UseCases = AccountUseCases & TokenUseCases & Pick<Keyring, 'publicKeys'> & { getEtablissement: ReturnType<typeof createGetEtablissement> };

const { register, issueToken, issueServiceToken, refreshToken, verifyToken, getJwks } = AuthService.method;

/** Methods that need no access token. */
export const publicMethods = [...[register, issueToken, issueServiceToken, refreshToken, verifyToken, getJwks].map(methodName), healthMethod];

/** Method -> handler. */
export function createRpc(useCases: UseCases, checks: Checks): Implementation[] {
  const handlers = { ...createAccountHandlers(useCases), ...createTokenHandlers(useCases), ...createKeyHandlers(useCases), ...createEtablissementHandlers(useCases) };
  return [implement(AuthService, handlers), implementHealth(checks)];
}
