import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { NotificationsService, type SendCodeRequest } from '@mediai/contracts/notifications/v1/notifications_service';
import { createAuthSource, createTokenVerifier, type TokenVerifier } from '@mediai/kit/acteur';
import { forbidden } from '@mediai/kit/errors';
import { connect, implement, serve, type GrpcClient } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { createTestDatabase, testPart } from '@mediai/testing';
import { loadConfig } from './config.ts';
import { openDatabase, type Database } from './database-store.ts';
import { createDeps, type Deps } from './deps.ts';
import { createAuthMetrics, type AuthMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

export type RunningAuth = {
  client: GrpcClient<typeof AuthService>;
  deps: Deps;
  metrics: AuthMetrics;
  /** The service's own database, as its application role. */
  db: Database['db'];
  databaseUrl: string;
  /** Log lines. */
  lines: string[];
  /** Codes that notifications was asked to send. */
  codes: SendCodeRequest[];
  /** A token of another service, which has the secret `0123456789abcdef`. */
  serviceToken: () => Promise<string>;
  /** What another service verifies with. */
  verifyElsewhere: TokenVerifier;
  close: () => Promise<void>;
};

export const keySecret = 'k'.repeat(32);
const serviceSecret = '0123456789abcdef';

/** The whole service over gRPC on a free port and a real database, for tests; notifications is a double, and no broker is there, which must not matter. */
export async function startAuth(): Promise<RunningAuth> {
  const testDatabase = await createTestDatabase('auth');
  const lines: string[] = [];
  const codes: SendCodeRequest[] = [];
  const log = createLogger({ service: 'auth', level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const metrics = createAuthMetrics();
  const verifyThere: { with?: TokenVerifier } = {};
  const notifications = await serve({
    services: [implement(NotificationsService, {
      async sendCode(request, { acteur }) {
        if (acteur?.service !== 'auth') throw forbidden();
        codes.push(request);
        return { canal: 'whatsapp', deliveryId: codes.length };
      },
    })],
    host: '127.0.0.1', port: 0, verify: async (token) => (verifyThere.with as TokenVerifier)(token), log, metrics: createMetrics('notifications'),
  });
  const config = loadConfig({
    MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: testDatabase.appUrl, KAFKA_BROKERS: '127.0.0.1:9', NOTIFICATIONS_GRPC: `127.0.0.1:${notifications.port}`,
    REDIS_URL: testPart('redisUrl'), AUTH_KEY_SECRET: keySecret, AUTH_SERVICE_SECRETS: `ia=${serviceSecret},gateway=fedcba9876543210,ia=next-0123456789abcdef`, MEDIAI_URGENCE_TELEPHONE: '112',
  });
  const deps = await createDeps({ config, log, metrics });
  await deps.prepare();
  deps.startWork();
  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: '127.0.0.1', port: 0, verify: deps.verify, publicMethods, log, metrics });
  const client = connect(AuthService, { address: `127.0.0.1:${server.port}`, deadlineMs: 10_000 });
  const serviceToken = async (): Promise<string> => (await client.issueServiceToken({ service: 'ia', secret: serviceSecret })).token;
  const verifyElsewhere = createTokenVerifier({ ...createAuthSource(client, serviceToken), issuer: 'mediai', audience: 'mediai' });
  verifyThere.with = verifyElsewhere;
  const database = openDatabase(testDatabase.appUrl);

  return {
    client, deps, metrics, db: database.db, databaseUrl: testDatabase.appUrl, lines, codes, serviceToken, verifyElsewhere,
    async close() {
      await server.close(1_000);
      await deps.close();
      client.close();
      await notifications.close(1_000);
      await database.close();
      await testDatabase.drop();
    },
  };
}
