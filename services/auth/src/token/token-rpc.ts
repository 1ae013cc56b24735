import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { createAnswer } from '../idempotence/idempotence-rpc.ts';
import { adresseOf } from './adresse-rpc.ts';
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

const loggedOut = createAnswer(AuthService.method.logout, (_done: void) => ({}));

/** Messages <-> use cases about tokens. */
export function createTokenHandlers({ issueToken, issueServiceToken, useRefreshToken, verifyToken, logout, listRevocations }: TokenUseCases) {
  return {
    issueToken: (request, ctx) => issueToken({ ...request, adresse: adresseOf(request, ctx) }),
    issueServiceToken: ({ service, secret }) => issueServiceToken(service, secret),
    refreshToken: ({ refresh, rotate }) => useRefreshToken(refresh, rotate),
    verifyToken: async ({ token }) => {
      await verifyToken(token);
      return {};
    },
    logout: async (request, ctx) => loggedOut.read(await logout(acteurOf(ctx), request.refresh, loggedOut.key(request, ctx))),
    getRevocations: async (_request, ctx) => ({ revocations: (await listRevocations(acteurOf(ctx))).map(({ userId, validFrom }) => ({ userId, validFrom: BigInt(validFrom) })) }),
  } satisfies Handlers<typeof AuthService>;
}
