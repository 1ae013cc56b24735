import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { IaService } from '@mediai/contracts/ia/v1/ia_service';
import { connect, implement, methodName, serve } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { createTestDatabase } from '@mediai/testing';
import { loadConfig } from './config.ts';
import { openDatabase } from './database-store.ts';
import { createDeps, type Deps } from './deps.ts';
import { createRpc, publicMethods } from './rpc.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An access token as auth signs it. */
export function tokenOf(who: { sub: string; role: string; is_staff?: boolean }): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: 'mediai', aud: 'mediai', iat: now, exp: now + 600, jti: randomUUID(), is_staff: false, is_superuser: false, approuve: true, etablissement_id: 1, ...who };
  const text = `${part({ alg: 'RS256', kid: 'essai', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
}

/** auth and consultation, played over gRPC: every fiche may be opened, nobody is named. */
async function startPeers(verify: Deps['verify']) {
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const auth = implement(AuthService, {
    getJwks: async () => ({ keys: [{ kty: 'RSA', kid: 'essai', alg: 'RS256', use: 'sig', n, e }] }),
    issueServiceToken: async () => ({ token: tokenOf({ sub: 'service:ia', role: 'service' }), expiresInSeconds: 600 }),
    getRevocations: async () => ({ revocations: [] }),
    getUsers: async () => ({ users: [] }),
  });
  const consultation = implement(FicheService, { getAccesFiche: async ({ ids }) => ({ ids, etablissementId: 1 }) });
  return serve({
    services: [auth, consultation], host: '127.0.0.1', port: 0, verify, publicMethods: [AuthService.method.getJwks, AuthService.method.issueServiceToken].map(methodName),
    log: createLogger({ service: 'peers', level: 'silent' }), metrics: createMetrics('peers'),
  });
}

/** The whole service over gRPC on a free port and a real database, without its work in the background; auth and consultation are played, no broker and no model is there. */
export async function startService() {
  const base = await createTestDatabase('ia');
  const log = createLogger({ service: 'ia', level: 'silent' });
  const peers = await startPeers(async (token) => deps.verify(token));
  const peer = `127.0.0.1:${peers.port}`;
  const config = loadConfig({ MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: base.appUrl, KAFKA_BROKERS: '127.0.0.1:9', AUTH_GRPC: peer, CONSULTATION_GRPC: peer, SERVICE_SECRET: '0123456789abcdef' });
  const metrics = createMetrics('ia');
  const deps: Deps = createDeps({ config, log, metrics });
  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: '127.0.0.1', port: 0, verify: deps.verify, publicMethods, log, metrics });
  const client = connect(IaService, { address: `127.0.0.1:${server.port}`, deadlineMs: 10_000 });
  const database = openDatabase(base.appUrl);
  return {
    client, db: database.db,
    async close(): Promise<void> {
      client.close();
      await server.close(1_000);
      await deps.close(0);
      await peers.close(1_000);
      await database.close();
      await base.drop();
    },
  };
}
