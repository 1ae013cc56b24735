import type { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { adresseOf } from '../token/adresse-rpc.ts';
import type { createChangePassword } from './change-password.ts';
import type { createConfirmReset } from './confirm-reset.ts';
import type { createRequestReset } from './request-reset.ts';

export type PasswordUseCases = {
  changePassword: ReturnType<typeof createChangePassword>;
  requestReset: ReturnType<typeof createRequestReset>;
  confirmReset: ReturnType<typeof createConfirmReset>;
};

/** Messages <-> use cases about passwords. */
export function createPasswordHandlers({ changePassword, requestReset, confirmReset }: PasswordUseCases) {
  return {
    changePassword: (request, ctx) => changePassword(acteurOf(ctx), { ...request, adresse: adresseOf(request, ctx) }),
    requestPasswordReset: async (request, ctx) => {
      await requestReset({ ...request, adresse: adresseOf(request, ctx) });
      return {};
    },
    confirmPasswordReset: async (request, ctx) => {
      await confirmReset({ ...request, adresse: adresseOf(request, ctx) });
      return {};
    },
  } satisfies Handlers<typeof AuthService>;
}
