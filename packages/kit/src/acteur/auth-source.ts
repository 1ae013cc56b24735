import type { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import type { GrpcClient } from '../grpc/connect.ts';
import type { TokenVerifierOptions } from './verify-token.ts';

type Auth = Pick<GrpcClient<typeof AuthService>, 'getJwks' | 'getRevocations'>;

const deadlineMs = 3_000;

/** What a verifier needs of auth, asked over gRPC: its keys, and with the service's own token its revocations. */
export function createAuthSource(auth: Auth, serviceToken: () => Promise<string>): Required<Pick<TokenVerifierOptions, 'fetchJwks' | 'fetchRevocations'>> {
  return {
    async fetchJwks() {
      const { keys } = await auth.getJwks({}, { deadlineMs });
      return { keys: keys.map(({ kty, kid, alg, use, n, e }) => ({ kty, kid, alg, use, n, e })) };
    },
    async fetchRevocations() {
      const { revocations } = await auth.getRevocations({}, { token: await serviceToken(), deadlineMs });
      return revocations.map(({ userId, validFrom }) => ({ userId, validFrom: Number(validFrom) }));
    },
  };
}
