import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { MessageEntrantService } from '@mediai/contracts/consultation/v1/message_entrant_service';
import { createMemoryBus } from '@mediai/events';
import { forbidden, notFound, unavailable } from '@mediai/kit/errors';
import { implement, serve } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { startTelemetry, type TelemetryOptions } from '@mediai/kit/telemetry';
import { createTestDatabase } from '@mediai/testing';
import { createSigner } from 'fast-jwt';
import { loadConfig } from './config.ts';
import { openDatabase } from './database-store.ts';
import { createDeps, type Deps } from './deps.ts';
import { createNotificationsMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';
import { startTwilio, twilioAccount, twilioFrom, twilioToken } from './sandbox.memory.ts';

type SpanExporter = NonNullable<TelemetryOptions['exporter']>;

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const sign = createSigner({ key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), algorithm: 'RS256', kid: 'essai', iss: 'mediai', aud: 'mediai', expiresIn: 600_000 });

/** An access token as auth would sign it. */
export const tokenOf = (sub: string, role: string, claims: object = {}): string => sign({ sub, role, jti: randomUUID(), is_staff: false, is_superuser: false, approuve: true, etablissement_id: 1, ...claims });

export const publicUrl = 'https://mediai.example';
export const smsFrom = '+14155550100';

/** A fiche as consultation, played here, knows it. */
export type PlayedFiche = { telephone: string; userId: number; etablissementId: number; medecinId?: number };

/** auth and consultation, played over gRPC. */
async function startPeers(verify: () => Deps['verify']) {
  const fiches = new Map<number, PlayedFiche>();
  const messages: { sourceId: string; ficheId: number; contenu: string }[] = [];
  const peers = { fiches, messages, away: false, opened: [] as string[] };
  const jwk = publicKey.export({ format: 'jwk' });
  const auth = implement(AuthService, {
    getJwks: async () => ({ keys: [{ kty: 'RSA', kid: 'essai', alg: 'RS256', use: 'sig', n: jwk.n ?? '', e: jwk.e ?? '' }] }),
    issueServiceToken: async () => ({ token: tokenOf('service:notifications', 'service'), expiresInSeconds: 600 }),
    getRevocations: async () => ({ revocations: [] }),
  });
  const visible = (id: number, medecinId: number | undefined): boolean => {
    const fiche = fiches.get(id);
    return fiche !== undefined && [undefined, medecinId].includes(fiche.medecinId);
  };
  const consultation = implement(FicheService, {
    async getAccesFiche({ id, ids, ouverture }, { acteur, accessReason }) {
      if (peers.away) throw unavailable();
      if (!ouverture) throw forbidden();
      peers.opened.push(`${acteur?.id}:${id || ids.join()}`);
      if (ids.length > 0) return { ids: ids.filter((one) => acteur?.estAdmin || visible(one, acteur?.id)) };
      if (!fiches.has(id)) throw notFound();
      if (!acteur?.estAdmin && !visible(id, acteur?.id) && !accessReason) throw forbidden('acces.motif_requis', 'Indiquez le motif de votre accès.');
      return { etablissementId: 1 };
    },
  });
  const entrants = implement(MessageEntrantService, {
    async takeInboundMessage({ telephoneE164, contenu, sourceId, etablissementId }) {
      if (peers.away) throw unavailable();
      const [ficheId, fiche] = [...fiches].findLast(([, one]) => one.telephone === telephoneE164 && [0, one.etablissementId].includes(etablissementId)) ?? [];
      if (ficheId === undefined || !fiche) throw notFound();
      if (!messages.some((message) => message.sourceId === sourceId)) messages.push({ sourceId, ficheId, contenu });
      return { ficheId, messageId: messages.findIndex((message) => message.sourceId === sourceId) + 1, userId: fiche.userId, etablissementId: fiche.etablissementId };
    },
  });
  const open = ['GetJwks', 'IssueServiceToken', 'GetRevocations'].map((name) => `${AuthService.typeName}/${name}`);
  const server = await serve({
    services: [auth, consultation, entrants], host: '127.0.0.1', port: 0, publicMethods: [...open, `${MessageEntrantService.typeName}/TakeInboundMessage`],
    verify: async (token) => verify()(token), log: createLogger({ service: 'peers', level: 'silent' }), metrics: createMetrics('peers'),
  });
  return { peers, server };
}

/**
 * The whole service over gRPC on a free port: a real database, the sandbox's Twilio, a bus in memory, auth and consultation played.
 * @param exporter of spans, in the place of the one whose spans are told
 * @param works whether what goes on in the background does
 */
export async function startService({ exporter, works = true }: { exporter?: SpanExporter; works?: boolean } = {}) {
  const twilio = await startTwilio();
  const base = await createTestDatabase('notifications');
  const lines: string[] = [];
  const spans: unknown[] = [];
  const log = createLogger({ service: 'notifications', level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const telemetry = await startTelemetry({ service: 'notifications', exporter: exporter ?? { export: (batch, done) => { spans.push(...batch.map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))); done({ code: 0 }); }, shutdown: async () => undefined } });
  const metrics = createNotificationsMetrics();
  const bus = createMemoryBus();
  const { peers, server: peerServer } = await startPeers(() => deps.verify);
  const peer = `127.0.0.1:${peerServer.port}`;
  const config = loadConfig({
    MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: base.appUrl, KAFKA_BROKERS: '127.0.0.1:9', AUTH_GRPC: peer, CONSULTATION_GRPC: peer, SERVICE_SECRET: '0123456789abcdef',
    TWILIO_ACCOUNT_SID: twilioAccount, TWILIO_AUTH_TOKEN: twilioToken, TWILIO_BASE_URL: twilio.baseUrl, TWILIO_WHATSAPP_FROM: twilioFrom, TWILIO_SMS_FROM: smsFrom, TWILIO_WHATSAPP_JOIN: 'join mangue-pluie', MEDIAI_PUBLIC_URL: publicUrl,
  });
  const deps: Deps = createDeps({ config, log, metrics, bus });
  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: '127.0.0.1', port: 0, verify: deps.verify, publicMethods, log, metrics });
  const database = openDatabase(base.appUrl);
  await deps.checks.database();
  if (works) deps.start();
  return {
    twilio, peers, bus, lines, spans, metrics, deps, db: database.db, address: `127.0.0.1:${server.port}`,
    async close(): Promise<void> {
      await server.close(1_000);
      await deps.close();
      await peerServer.close(1_000);
      await telemetry.shutdown();
      await database.close();
      await base.drop();
      await twilio.close();
    },
  };
}

/** Asks until the answer pleases; fails with the last one. */
export async function eventually<T>(ask: () => Promise<T>, pleases: (value: T) => boolean): Promise<T> {
  const end = Date.now() + 15_000;
  for (;;) {
    const value = await ask();
    if (pleases(value)) return value;
    if (Date.now() > end) throw new Error(`not yet as hoped: ${JSON.stringify(value)}`);
    await new Promise((wake) => setTimeout(wake, 30));
  }
}
