import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { AppointmentsService } from '@mediai/contracts/appointments/v1/appointments_service';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { HealthService } from '@mediai/contracts/health/v1/health_service';
import { AppError, notFound } from '@mediai/kit/errors';
import { implement, methodName, openPeer, serve } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { createTestDatabase } from '@mediai/testing';
import { loadConfig } from './config.ts';
import { createDeps, type Deps } from './deps.ts';
import { createAppointmentsMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
/** What the service proves itself to auth with. */
export const secret = '0123456789abcdef';

type Who = { sub: string; role: string; approuve?: boolean; etablissement_id?: number; is_staff?: boolean };
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An access token as auth signs it. */
export function tokenOf(who: Who): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'mediai', aud: 'mediai', iat: now, exp: now + 600, jti: randomUUID(), is_staff: false, is_superuser: false, approuve: true, etablissement_id: 1, ...who };
  const text = `${part({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
}

const account = { etablissementId: 1, isActive: true };
const accounts = [
  { ...account, id: 1001, username: 'mwamba.canari', firstName: 'Mwamba', lastName: 'Canari', role: 'patient' },
  { ...account, id: 1002, username: 'ilunga', firstName: 'Ilunga', lastName: 'Kabongo', role: 'medecin', medecinProfile: { isAvailable: true, isApproved: true } },
];

const quiet = createLogger({ service: 'peers', level: 'silent' });

/** auth and consultation, played over gRPC, with what they were asked. */
async function startPeers(verify: Deps['verify']) {
  const asked: number[][] = [];
  const seenByConsultation: (number | undefined)[] = [];
  const auth = await serve({
    services: [implement(AuthService, {
      getJwks: async () => ({ keys: [{ kty: 'RSA', kid: 'k1', alg: 'RS256', use: 'sig', n, e }] }),
      issueServiceToken: async (request) => {
        if (request.secret !== secret) throw new AppError('unauthenticated');
        return { token: tokenOf({ sub: `service:${request.service}`, role: 'service' }), expiresInSeconds: 300 };
      },
      getRevocations: async (_, { acteur }) => {
        if (acteur?.role !== 'service') throw new AppError('forbidden');
        return { revocations: [{ userId: 1099, validFrom: BigInt(Math.floor(Date.now() / 1000) + 60) }] };
      },
      getUsers: async ({ ids }, { acteur }) => {
        if (acteur?.role !== 'service') throw new AppError('forbidden');
        asked.push(ids);
        return { users: accounts.filter(({ id }) => ids.includes(id)) };
      },
    })],
    host: '127.0.0.1', port: 0, verify, publicMethods: [AuthService.method.getJwks, AuthService.method.issueServiceToken].map(methodName), log: quiet, metrics: createMetrics('a'),
  });
  const consultation = await serve({
    services: [implement(FicheService, {
      getAccesFiche: async ({ id }, { acteur }) => {
        seenByConsultation.push(acteur?.id);
        if (id !== 12) throw notFound();
        return { userId: 1001, etablissementId: 1, status: 'en_analyse', numeroDossier: 'CONS-20260302-001' };
      },
    })],
    host: '127.0.0.1', port: 0, verify, log: quiet, metrics: createMetrics('c'),
  });
  return { asked, seenByConsultation, auth, consultation };
}

/** The whole service over gRPC on a free port and a real database; auth and consultation answer on ports of their own, no broker is there. */
export async function startService() {
  const lines: string[] = [];
  const log = createLogger({ service: 'appointments', level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const peers = await startPeers(async (token) => deps.verify(token));
  const database = await createTestDatabase('appointments');
  const config = loadConfig({
    MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: database.appUrl, KAFKA_BROKERS: '127.0.0.1:9', SERVICE_SECRET: secret,
    AUTH_GRPC: `127.0.0.1:${peers.auth.port}`, CONSULTATION_GRPC: `127.0.0.1:${peers.consultation.port}`,
  });
  const metrics = createAppointmentsMetrics();
  const deps: Deps = createDeps({ config, log, metrics });
  deps.startWork();
  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: '127.0.0.1', port: 0, verify: deps.verify, publicMethods, log, metrics });
  const peer = openPeer('appointments', { address: `127.0.0.1:${server.port}`, deadlineMs: 10_000 });
  const [client, health] = [peer.connect(AppointmentsService), peer.connect(HealthService)];
  return {
    ...peers, database, deps, metrics, lines, client, health,
    async close(): Promise<void> {
      client.close();
      health.close();
      await server.close(1_000);
      await deps.close();
      await peers.auth.close(1_000);
      await peers.consultation.close(1_000);
      await database.drop();
    },
  };
}
