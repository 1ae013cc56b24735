import type { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { unauthenticated } from '@mediai/kit/errors';
import type { Handlers } from '@mediai/kit/grpc';
import type { createIssueServiceToken } from './issue-service-token.ts';
import type { createIssueToken } from './issue-token.ts';
import type { createListRevocations } from './list-revocations.ts';
import type { createLogout } from './logout.ts';
import type { createUseRefreshToken } from './use-refresh-token.ts';
import type { createVerifyToken } from './verify-token.ts';

export type TokenUseCases = {
  issueToken: ReturnType<typeof createIssueToken>;
  issueServiceToken: ReturnType<typeof createIssueServiceToken>;
  useRefreshToken: ReturnType<typeof createUseRefreshToken>;
  verifyToken: ReturnType<typeof createVerifyToken>;
  logout: ReturnType<typeof createLogout>;
  listRevocations: ReturnType<typeof createListRevocations>;
};

/** Messages <-> use cases about tokens. */
export function createTokenHandlers({ issueToken, issueServiceToken, useRefreshToken, verifyToken, logout, listRevocations }: TokenUseCases) {
  return {
    issueToken: (request) => issueToken(request),
    issueServiceToken: ({ service, secret }) => issueServiceToken(service, secret),
    refreshToken: ({ refresh, rotate }) => useRefreshToken(refresh, rotate),
    verifyToken: async ({ token }) => {
      await verifyToken(token);
      return {};
    },
    logout: async ({ refresh }, { acteur }) => {
      if (!acteur) throw unauthenticated();
      await logout(acteur, refresh);
      return {};
    },
    getRevocations: async (_request, { acteur }) => {
      if (!acteur) throw unauthenticated();
      return { revocations: (await listRevocations(acteur)).map(({ userId, validFrom }) => ({ userId, validFrom: BigInt(validFrom) })) };
    },
  } satisfies Handlers<typeof AuthService>;
}
