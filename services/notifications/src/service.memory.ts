import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { create, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { MessageEntrantService } from '@mediai/contracts/consultation/v1/message_entrant_service';
import { createMemoryBus, topics } from '@mediai/events';
import { forbidden, notFound, unavailable, type AppError } from '@mediai/kit/errors';
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

/** A phone that the numbering plan has, of its own for each number. */
export const phoneOf = (n: number): string => `+2438100${String(n).padStart(5, '0')}`;

/** `ok`, or the kind of the error that a call ends with. */
export const kindOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', (error: AppError) => error.kind);

/** Whom to tell about a validated fiche, as consultation says it. */
export const destinataire = (telephone?: string, userId?: number) => ({ telephone, userId, prenom: 'Ombeline-Canari', numeroDossier: 'CONS-20260302-900', contenuCle: 'abc', status: 'valide_medecin', etablissementId: 1 });

/** What no line, span, series or event may hold. */
export const personnel = /Canari|Mwamba|Kalonji|Dédé|2438100\d{5}|prête|whatsapp:\+|Z7K2|exemple\.cd/i;

export const publicUrl = 'https://mediai.example';
export const smsFrom = '+14155550100';

/** A fiche as consultation, played here, knows it. */
export type PlayedFiche = { telephone: string; userId: number; etablissementId: number; medecinId?: number };

/** Whom consultation, played here, wants to be told about a fiche; `away` while it is down for this one. */
export type PlayedDestinataire = { telephone?: string; prenom: string; numeroDossier: string; userId?: number; contenuCle: string; status: string; etablissementId: number } | 'away';

/** Of auth, played here: the one user that it knows by phone, and the one whose tokens count no more. */
const [userOfAuth, revoked] = [77, 99];

/** auth and consultation, played over gRPC. `opened` and `asked` tell who opened which fiches, and who asked whether they may act on one. */
async function startPeers(verify: () => Deps['verify']) {
  const fiches = new Map<number, PlayedFiche>();
  const destinataires = new Map<number, PlayedDestinataire>();
  const messages: { sourceId: string; ficheId: number; contenu: string }[] = [];
  const peers = { fiches, destinataires, messages, away: false, opened: [] as string[], asked: [] as string[], askedAuth: [] as number[] };
  const jwk = publicKey.export({ format: 'jwk' });
  const auth = implement(AuthService, {
    getJwks: async () => ({ keys: [{ kty: 'RSA', kid: 'essai', alg: 'RS256', use: 'sig', n: jwk.n ?? '', e: jwk.e ?? '' }] }),
    issueServiceToken: async () => ({ token: tokenOf('service:notifications', 'service'), expiresInSeconds: 600 }),
    getRevocations: async () => ({ revocations: [{ userId: revoked, validFrom: BigInt(Math.floor(Date.now() / 1000) + 60) }] }),
    async getUsers({ ids }) {
      peers.askedAuth.push(...ids);
      return { users: ids.filter((id) => id === userOfAuth).map((id) => ({ id, username: 'u', firstName: 'Dédé', lastName: 'x', role: 'patient', isActive: true, phone: '+243810000077', etablissementId: 1 })) };
    },
  });
  const visible = (id: number, medecinId: number | undefined): boolean => {
    const fiche = fiches.get(id);
    return fiche !== undefined && [undefined, medecinId].includes(fiche.medecinId);
  };
  const consultation = implement(FicheService, {
    async getAccesFiche({ id, ids, ouverture }, { acteur, accessReason }) {
      if (peers.away) throw unavailable();
      (ouverture ? peers.opened : peers.asked).push(`${acteur?.id}:${id || ids.join()}`);
      if (ids.length > 0) return { ids: ids.filter((one) => acteur?.estAdmin || visible(one, acteur?.id)) };
      if (!fiches.has(id)) throw notFound();
      if (!acteur?.estAdmin && !visible(id, acteur?.id) && !accessReason) throw forbidden('acces.motif_requis', 'Indiquez le motif de votre accès.');
      return { etablissementId: 1 };
    },
    async getDestinataire({ ficheId }) {
      const found = destinataires.get(ficheId);
      if (found === 'away') throw unavailable();
      if (!found) throw notFound();
      return found;
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
  const open = ['GetJwks', 'IssueServiceToken', 'GetRevocations', 'GetUsers'].map((name) => `${AuthService.typeName}/${name}`);
  const server = await serve({
    services: [auth, consultation, entrants], host: '127.0.0.1', port: 0, publicMethods: [...open, `${FicheService.typeName}/GetDestinataire`, `${MessageEntrantService.typeName}/TakeInboundMessage`],
    verify: async (token) => verify()(token), log: createLogger({ service: 'peers', level: 'silent' }), metrics: createMetrics('peers'),
  });
  return { peers, server };
}

/**
 * The whole service over gRPC on a free port: a real database, the sandbox's Twilio, a bus in memory, auth and consultation played.
 * @param exporter of spans, in the place of the one whose spans are told
 * @param works whether what goes on in the background does
 * @param env configuration in the place of, or beside, what every test has
 */
export async function startService({ exporter, works = true, env = {} }: { exporter?: SpanExporter; works?: boolean; env?: NodeJS.ProcessEnv } = {}) {
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
    TWILIO_ACCOUNT_SID: twilioAccount, TWILIO_AUTH_TOKEN: twilioToken, TWILIO_BASE_URL: twilio.baseUrl, TWILIO_WHATSAPP_FROM: twilioFrom, TWILIO_SMS_FROM: smsFrom, TWILIO_WHATSAPP_JOIN: 'join mangue-pluie', MEDIAI_PUBLIC_URL: publicUrl, ...env,
  });
  const deps: Deps = createDeps({ config, log, metrics, bus });
  const server = await serve({ services: createRpc(deps.useCases, deps.checks), host: '127.0.0.1', port: 0, verify: deps.verify, publicMethods, log, metrics });
  const database = openDatabase(base.appUrl);
  await deps.checks.database();
  if (works) deps.start();

  /** An event on the bus; returns when its consumers have taken it. */
  async function publish<D extends DescMessage>(topic: { name: string }, schema: D, message: MessageInitShape<D>, eventId: string = randomUUID()): Promise<void> {
    const headers = { ce_specversion: '1.0', ce_id: eventId, ce_source: '/mediai/test', ce_type: schema.typeName, ce_time: new Date().toISOString(), ce_subject: '1' };
    await bus.producer.send([{ topic: topic.name, key: '1', value: toBinary(schema, create(schema, message)), headers }]);
    await bus.settled();
  }

  return {
    publish,
    /** A fiche that every médecin may act on, and whom consultation wants to be told about it. */
    play(id: number, told: PlayedDestinataire): void {
      peers.fiches.set(id, { telephone: phoneOf(id), userId: 0, etablissementId: 1 });
      peers.destinataires.set(id, told);
    },
    /** A user as auth's topic tells them. */
    publishUser: (id: number, phone?: string, version = 1) => publish(topics.user, UserChangedSchema, { id, username: `u${id}`, firstName: 'Mwamba', lastName: 'Kalonji', role: 'patient', isActive: true, phone, etablissementId: 1, version }),
    /** So many messages to a phone, as soon as they are there. */
    messagesTo: (phone: string, wanted = 1) => eventually(() => twilio.messages(phone), (messages) => messages.length >= wanted),
    /** Everything that could tell of a person: lines, spans, series, published events; each with how many there are. */
    async told() {
      await eventually(() => database.db.outbox.count({ where: { sent_at: null } }), (unsent) => unsent === 0);
      const events = bus.published(topics.delivery.name).map(({ key, value, headers }) => JSON.stringify([key, Buffer.from(value ?? []).toString('latin1'), headers]));
      const series = (await metrics.expose('application/openmetrics-text')).body;
      return { counts: [events.length, spans.length, lines.length], texts: [lines.join(''), JSON.stringify(spans), series, events.join('')] };
    },
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
