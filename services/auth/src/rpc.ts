import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { implement, methodName, type Implementation } from '@mediai/kit/grpc';
import { healthMethod, implementHealth, type Checks } from '@mediai/kit/health';
import { createAccountHandlers, type AccountUseCases } from './account/account-rpc.ts';
import { createConsentementHandlers, type ConsentementUseCases } from './consentement/consentement-rpc.ts';
import { createEtablissementHandlers, type EtablissementUseCases } from './etablissement/etablissement-rpc.ts';
import { createKeyHandlers } from './key/key-rpc.ts';
import type { Keyring } from './key/keyring.ts';
import { createPasswordHandlers, type PasswordUseCases } from './password/password-rpc.ts';
import { createTokenHandlers, type TokenUseCases } from './token/token-rpc.ts';

export type UseCases = AccountUseCases & EtablissementUseCases & ConsentementUseCases & TokenUseCases & PasswordUseCases & Pick<Keyring, 'publicKeys'>;

const { register, issueToken, issueServiceToken, refreshToken, verifyToken, getJwks, requestPasswordReset, confirmPasswordReset } = AuthService.method;

/** Methods that need no access token. */
export const publicMethods = [...[register, issueToken, issueServiceToken, refreshToken, verifyToken, getJwks, requestPasswordReset, confirmPasswordReset].map(methodName), healthMethod];

/** Method -> handler. */
export function createRpc(useCases: UseCases, checks: Checks): Implementation[] {
  const handlers = {
    ...createAccountHandlers(useCases), ...createTokenHandlers(useCases), ...createKeyHandlers(useCases), ...createEtablissementHandlers(useCases), ...createConsentementHandlers(useCases),
    ...createPasswordHandlers(useCases),
  };
  return [implement(AuthService, handlers), implementHealth(checks)];
}
