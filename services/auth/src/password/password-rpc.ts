import type { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { unauthenticated } from '@mediai/kit/errors';
import type { Handlers } from '@mediai/kit/grpc';
import type { createChangePassword } from './change-password.ts';
import type { createConfirmReset } from './confirm-reset.ts';
import type { createRequestReset } from './request-reset.ts';

export type PasswordUseCases = {
  changePassword: ReturnType<typeof createChangePassword>;
  requestReset: ReturnType<typeof createRequestReset>;
  confirmReset: ReturnType<typeof createConfirmReset>;
};

/** Messages <-> use cases about passwords. The address of the client is the request's, else the call's. */
export function createPasswordHandlers({ changePassword, requestReset, confirmReset }: PasswordUseCases) {
  return {
    changePassword: async ({ oldPassword, newPassword, adresse }, { acteur, adresse: caller = '' }) => {
      if (!acteur) throw unauthenticated();
      return changePassword(acteur, { oldPassword, newPassword, adresse: adresse || caller });
    },
    requestPasswordReset: async ({ identifiant, adresse }, { adresse: caller = '' }) => {
      await requestReset({ identifiant, adresse: adresse || caller });
      return {};
    },
    confirmPasswordReset: async ({ identifiant, code, newPassword, adresse }, { adresse: caller = '' }) => {
      await confirmReset({ identifiant, code, newPassword, adresse: adresse || caller });
      return {};
    },
  } satisfies Handlers<typeof AuthService>;
}
