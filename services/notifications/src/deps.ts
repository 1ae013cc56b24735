import { createHash, createHmac } from 'node:crypto';
import { join } from 'node:path';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { MessageEntrantService } from '@mediai/contracts/consultation/v1/message_entrant_service';
import { createConsumer, createKafka, createKafkaProducer, createRelay, type MemoryBus, pruneIdempotence, readOutboxGauges } from '@mediai/events';
import { createSchemaCheck, readServerLimit } from '@mediai/db';
import { createAuthSource, createServiceTokenSource, createTokenVerifier, type TokenVerifier } from '@mediai/kit/acteur';
import { createCache } from '@mediai/kit/cache';
import { connect, openPeer, type GrpcTls } from '@mediai/kit/grpc';
import type { Checks } from '@mediai/kit/health';
import type { Logger } from '@mediai/kit/log';
import { createGaugeReader } from '@mediai/kit/metrics';
import { createTimer } from '@mediai/kit/work';
import { createAskAccess, createOpenFiches } from './acces/fiche-client.ts';
import { createAnnonceStore } from './annonce/annonce-store.ts';
import { createAnnounceAppointment, createAnnounceFiche } from './annonce/announce.ts';
import { createAskDestinataire } from './annonce/consultation-client.ts';
import { createResolveAnnonce } from './annonce/resolve-annonce.ts';
import { createCodeStore } from './code/code-store.ts';
import { createSendCode } from './code/send-code.ts';
import { createSmtpMailer, type SendMail } from './code/smtp-client.ts';
import type { Config } from './config.ts';
import { createConsumption, createFicheProjection } from './consumers.ts';
import { createAskAuth } from './contact/auth-client.ts';
import { createFindContact } from './contact/contact.ts';
import { createUserStore } from './contact/user-store.ts';
import { openDatabase } from './database-store.ts';
import { createAttemptAndWait } from './delivery/attempt-and-wait.ts';
import { createDeliver } from './delivery/deliver.ts';
import { createDeliveryStore } from './delivery/delivery-store.ts';
import { createSend } from './delivery/send.ts';
import { createTwilioMessenger } from './delivery/twilio-client.ts';
import { createReadWaiting } from './delivery/waiting-store.ts';
import { createEtablissementStore } from './etablissement/etablissement-store.ts';
import type { Committed, NotificationsMetrics } from './metrics.ts';
import { createGetSandboxStatus } from './onboarding/get-sandbox-status.ts';
import { createGetWhatsappQr } from './onboarding/get-whatsapp-qr.ts';
import { createJoignableStore } from './onboarding/joignable-store.ts';
import { writeInvitation } from './onboarding/onboarding.ts';
import { createSendOnboarding } from './onboarding/send-onboarding.ts';
import type { UseCases } from './rpc.ts';
import { createCreateWebhook } from './webhook/create-webhook.ts';
import { createBringMessage } from './webhook/inbound-client.ts';
import { createOppositionStore } from './webhook/opposition-store.ts';
import { createProcessWebhook, type ProcessWebhookDeps } from './webhook/process-webhook.ts';
import { createPurgeWebhooks } from './webhook/purge-webhooks.ts';
import { createReadWebhooks } from './webhook/read-webhooks.ts';
import { callbackUrl, createVerifySignature } from './webhook/signature-client.ts';
import { createTakeCallback } from './webhook/take-callback.ts';
import { createWebhookStore, type WebhookStore } from './webhook/webhook-store.ts';
import { createLeasedWorker } from './work/leased-worker.ts';

export type Deps = {
  useCases: UseCases;
  verify: TokenVerifier;
  /** Consumes, works and publishes until `close`. */
  start: () => void;
  /** The database and its schema decide whether the service is ready; the others only degrade it. */
  checks: Checks & Record<'database' | 'schema', Checks[string]>;
  /** Ends what `start` began, after what is in hand is done, then every connection. */
  close: () => Promise<void>;
};

type Options = {
  config: Config;
  log: Logger;
  metrics: NotificationsMetrics;
  tls?: GrpcTls | undefined;
  /** Default: Kafka at the configured brokers. */
  bus?: Pick<MemoryBus, 'producer' | 'createConsumer'>;
};

const annonceLeaseMs = 30_000;
const webhookLeaseMs = 30_000;
const pruneEveryMs = 3_600_000;
/** What a lease holds beyond one call of the provider: reading, writing, waiting for a connection. */
const leaseMarginMs = 5_000;

/** The migrations that this version carries. */
const migrationsDir = join(import.meta.dirname, '../prisma/migrations');

/** The service wired together; nothing is connected until it is used. */
export function createDeps({ config, log, metrics, tls, bus = kafkaBus(config, log) }: Options): Deps {
  const clock = (): Date => new Date();
  const database = openDatabase(config.DATABASE_URL, metrics);
  const relay = createRelay({ databaseUrl: config.DATABASE_URL, producer: bus.producer, log, metrics });
  const cache = createCache({ url: config.REDIS_URL, log, metrics });
  const auth = connect(AuthService, { address: config.AUTH_GRPC, tls, log, metrics });
  const toConsultation = openPeer('consultation', { address: config.CONSULTATION_GRPC, tls, log, metrics });
  const consultation = toConsultation.connect(FicheService);
  const entrants = toConsultation.connect(MessageEntrantService);
  const serviceToken = createServiceTokenSource({ issue: async () => (await auth.issueServiceToken({ service: 'notifications', secret: config.SERVICE_SECRET })).token });

  const committed: Committed = (reached) => {
    relay.wake();
    if (reached) metrics.countState(reached);
  };
  const deliveries = createDeliveryStore(database.db, committed, keyFor(config.SERVICE_SECRET, 'idempotence'));
  const annonces = createAnnonceStore(database.db, relay.wake);
  const webhooks = createWebhookStore(database.db, keyFor(config.SERVICE_SECRET, 'idempotence'));
  const oppositions = createOppositionStore(database.db);
  const users = createUserStore(database.db);
  const etablissements = createEtablissementStore(database.db);
  const { zoneOf } = etablissements;
  const findContact = createFindContact({ findProjected: users.findProjected, askAuth: createAskAuth(auth, serviceToken) });

  const canSendSms = config.TWILIO_SMS_FROM !== undefined;
  const invitation = writeInvitation(config.TWILIO_WHATSAPP_FROM, config.TWILIO_WHATSAPP_JOIN);
  const messenger = createTwilioMessenger(twilioOptions(config, invitation.sms, (state) => metrics.setBreaker('twilio', state)));
  const timing = { leaseMs: config.TWILIO_TIMEOUT_MS + leaseMarginMs, graceMs: config.TWILIO_RESEND_GRACE_MS };
  const deliver = createDeliver({ deliveries, messenger, timing, isOpposed: oppositions.has, log, counted: metrics.countAttempt, clock });
  const attemptAndWait = createAttemptAndWait({ deliveries, deliver });
  const askDestinataire = createAskDestinataire(consultation, serviceToken);
  const resolveAnnonce = createResolveAnnonce({
    annonces, deliveries, askDestinataire, findContact, zoneOf, opened: () => envois.wake(), log, clock,
  });

  const envois = createLeasedWorker({ task: 'envoi', claim: deliver.claimDue, run: (item) => metrics.task('envoi', () => deliver.deliver(item)), log });
  const annonceurs = createLeasedWorker({
    task: 'annonce', claim: (limit) => annonces.claimDue(clock(), limit, annonceLeaseMs), run: (item) => metrics.task('annonce', () => resolveAnnonce(item)), log,
  });
  const events = wireWebhooks({ config, log, metrics, webhooks, deliveries, oppositions, consultation, bringMessage: createBringMessage(entrants, serviceToken), pruneKeys: () => pruneIdempotence(database.db), clock });
  const gauges = createGaugeReader({ reads: [readOutboxGauges(database.db, metrics), readServerLimit(database.db, metrics), createReadWaiting(database.db, metrics)], log });
  const announced = { annonces, announced: annonceurs.wake, clock };
  const consumption = createConsumption(
    { announceFiche: createAnnounceFiche(announced), announceAppointment: createAnnounceAppointment(announced) },
    { users: users.projection, etablissements: etablissements.projection, fiches: createFicheProjection(database.db.sql) },
    webhooks.forget,
  );
  const consumer = bus.createConsumer({ ...consumption, log, metrics });

  return {
    useCases: {
      send: createSend({ deliveries, attemptAndWait, cache, cacheScope: scopeOf(config.DATABASE_URL), askAccess: createAskAccess(consultation), askDestinataire, findContact, zoneOf, canSendSms, clock }),
      sendCode: createSendCode({ codes: createCodeStore(database.db, committed), messenger, canSendSms, sendMail: openMailer(config), log, counted: metrics.countAttempt, clock }),
      ...events.useCases,
      sendOnboarding: createSendOnboarding({ deliveries, attemptAndWait, zoneOf, canSendSms, clock }),
      getWhatsappQr: createGetWhatsappQr({ invitation }),
      getSandboxStatus: createGetSandboxStatus({ joignables: createJoignableStore(database.db), clock }),
    },
    verify: createTokenVerifier({ ...createAuthSource(auth, serviceToken), issuer: 'mediai', audience: 'mediai' }),
    start() {
      relay.start();
      consumer.start();
      annonceurs.start();
      envois.start();
      events.start();
      gauges.start();
    },
    checks: {
      database: () => database.ping().then(() => 'ok' as const),
      schema: createSchemaCheck({ db: database.db, migrationsDir }),
      redis: async () => (cache.state() === 'ok' ? 'ok' : 'degraded'),
      kafka: () => worst(relay.check(), consumer.check()),
      workers: () => worst(envois.check(), annonceurs.check(), events.check()),
      external_apis: async () => (messenger.isBlocked() ? 'degraded' : 'ok'),
    },
    async close() {
      await consumer.stop();
      await Promise.all([events.stop(), gauges.stop()]);
      await annonceurs.stop();
      await envois.stop();
      await deliver.drain();
      await relay.stop();
      auth.close();
      consultation.close();
      entrants.close();
      await cache.close();
      await database.close();
    },
  };
}

type WebhookParts = Pick<Options, 'config' | 'log' | 'metrics'> & Pick<ProcessWebhookDeps, 'deliveries' | 'oppositions' | 'bringMessage' | 'clock'> & {
  webhooks: WebhookStore;
  consultation: Parameters<typeof createOpenFiches>[0];
  pruneKeys: () => Promise<unknown>;
};

/** What Twilio tells: kept, processed by a worker, read, and emptied after its time. */
function wireWebhooks({ config, log, metrics, webhooks, consultation, pruneKeys, ...parts }: WebhookParts) {
  const { clock } = parts;
  const processWebhook = createProcessWebhook({ webhooks, log, ...parts });
  const worker = createLeasedWorker({
    task: 'webhook', claim: (limit) => webhooks.claimDue(clock(), limit, webhookLeaseMs), run: (item) => metrics.task('webhook', () => processWebhook(item)), log,
  });
  const purge = createPurgeWebhooks({ webhooks, retentionDays: config.WEBHOOK_RETENTION_DAYS, log, clock });
  const prune = createTimer({
    run: async () => {
      await pruneKeys();
      await purge();
    },
    intervalMs: pruneEveryMs, onError: (err) => log.warn({ err, task: 'prune' }, 'what is past its time could not be forgotten, the next attempt comes in an hour'),
  });
  const verifySignature = createVerifySignature({ authToken: config.TWILIO_AUTH_TOKEN, publicUrl: config.MEDIAI_PUBLIC_URL });
  return {
    useCases: {
      takeCallback: createTakeCallback({ webhooks, verifySignature, taken: worker.wake, clock }),
      readWebhooks: createReadWebhooks({ webhooks, ...createOpenFiches(consultation) }),
      createWebhook: createCreateWebhook({ webhooks, taken: worker.wake, clock }),
    },
    start(): void {
      worker.start();
      prune.start();
    },
    check: worker.check,
    stop: async (): Promise<void> => void (await Promise.all([worker.stop(), prune.stop()])),
  };
}

/** A key of its own for each use, from the one secret of this service. */
const keyFor = (secret: string, use: string): string => createHmac('sha256', secret).update(`notifications:${use}`).digest('base64url');

function kafkaBus(config: Config, log: Logger): NonNullable<Options['bus']> {
  const kafka = createKafka({ clientId: 'notifications', brokers: config.KAFKA_BROKERS, log });
  return { producer: createKafkaProducer(kafka), createConsumer: (options) => createConsumer({ kafka, ...options }) };
}

function scopeOf(databaseUrl: string): string {
  return createHash('sha256').update(databaseUrl).digest('hex').slice(0, 12);
}

async function worst(...checks: Promise<'ok' | 'degraded'>[]): Promise<'ok' | 'degraded'> {
  return (await Promise.all(checks)).includes('degraded') ? 'degraded' : 'ok';
}

function openMailer({ MEDIAI_MODE, SMTP_URL, SMTP_FROM }: Config): SendMail | undefined {
  return SMTP_URL === undefined || SMTP_FROM === undefined ? undefined : createSmtpMailer({ url: SMTP_URL, from: SMTP_FROM, requireTls: MEDIAI_MODE === 'production' && SMTP_URL.startsWith('smtp:') });
}

function twilioOptions(config: Config, invitation: string, setBreaker: Parameters<typeof createTwilioMessenger>[0]['setBreaker']): Parameters<typeof createTwilioMessenger>[0] {
  return {
    accountSid: config.TWILIO_ACCOUNT_SID,
    authToken: config.TWILIO_AUTH_TOKEN,
    baseUrl: config.TWILIO_BASE_URL,
    timeoutMs: config.TWILIO_TIMEOUT_MS,
    from: { whatsapp: config.TWILIO_WHATSAPP_FROM, sms: config.TWILIO_SMS_FROM },
    contentSids: {
      fiche_prete: config.TWILIO_CONTENT_SID_FICHE_PRETE,
      appointment_confirme: config.TWILIO_CONTENT_SID_APPOINTMENT_CONFIRME,
      appointment_refuse: config.TWILIO_CONTENT_SID_APPOINTMENT_REFUSE,
      appointment_annule: config.TWILIO_CONTENT_SID_APPOINTMENT_ANNULE,
      code: config.TWILIO_CONTENT_SID_CODE,
      appointment_annule_medecin: config.TWILIO_CONTENT_SID_APPOINTMENT_ANNULE_MEDECIN,
    },
    publicUrl: config.MEDIAI_PUBLIC_URL,
    invitation,
    statusCallback: config.TWILIO_STATUS_CALLBACKS ? { whatsapp: callbackUrl(config.MEDIAI_PUBLIC_URL, 'whatsapp'), sms: callbackUrl(config.MEDIAI_PUBLIC_URL, 'sms') } : undefined,
    setBreaker,
  };
}
