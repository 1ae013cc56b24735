import { createHash } from 'node:crypto';
import { PrismaInstrumentation } from '@prisma/instrumentation';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { createConsumer, createKafka, createKafkaProducer, createRelay, type MemoryBus } from '@mediai/events';
import { createAuthSource, createServiceTokenSource, createTokenVerifier, type TokenVerifier } from '@mediai/kit/acteur';
import { createCache } from '@mediai/kit/cache';
import { connect, type GrpcTls } from '@mediai/kit/grpc';
import type { Checks } from '@mediai/kit/health';
import type { Logger } from '@mediai/kit/log';
import { createAskAccess } from './acces/fiche-client.ts';
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
import { createDeliver } from './delivery/deliver.ts';
import { createDeliveryStore } from './delivery/delivery-store.ts';
import { createSend } from './delivery/send.ts';
import { createTwilioMessenger } from './delivery/twilio-client.ts';
import { createEtablissementStore } from './etablissement/etablissement-store.ts';
import type { NotificationsMetrics } from './metrics.ts';
import type { UseCases } from './rpc.ts';
import { createLeasedWorker } from './work/leased-worker.ts';

export type Deps = {
  useCases: UseCases;
  verify: TokenVerifier;
  /** Consumes, works and publishes until `close`. */
  start: () => void;
  /** Every part: for the gateway's health page. The database alone decides whether the service is ready. */
  checks: Checks & Record<'database', Checks[string]>;
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

const callbackPath = '/api/v1/webhooks/twilio/whatsapp/';
const annonceLeaseMs = 30_000;
/** What a lease holds beyond one call of the provider: reading, writing, waiting for a connection. */
const leaseMarginMs = 5_000;

/** What traces SQL. */
export const createInstrumentations = (): PrismaInstrumentation[] => [new PrismaInstrumentation()];

/** The service wired together; nothing is connected until it is used. */
export function createDeps({ config, log, metrics, tls, bus = kafkaBus(config, log) }: Options): Deps {
  const clock = (): Date => new Date();
  const database = openDatabase(config.DATABASE_URL);
  const relay = createRelay({ databaseUrl: config.DATABASE_URL, producer: bus.producer, log, metrics });
  const cache = createCache({ url: config.REDIS_URL, log, metrics });
  const auth = connect(AuthService, { address: config.AUTH_GRPC, tls, log, metrics });
  const consultation = connect(FicheService, { address: config.CONSULTATION_GRPC, tls, log, metrics });
  const serviceToken = createServiceTokenSource({ issue: async () => (await auth.issueServiceToken({ service: 'notifications', secret: config.SERVICE_SECRET })).token });

  const deliveries = createDeliveryStore(database.db, relay.wake);
  const annonces = createAnnonceStore(database.db, relay.wake);
  const users = createUserStore(database.db);
  const etablissements = createEtablissementStore(database.db);
  const { zoneOf } = etablissements;
  const findContact = createFindContact({ findProjected: users.findProjected, askAuth: createAskAuth(auth, serviceToken) });

  const canSendSms = config.TWILIO_SMS_FROM !== undefined;
  const messenger = createTwilioMessenger(twilioOptions(config, (state) => metrics.setBreaker('twilio', state)));
  const timing = { leaseMs: config.TWILIO_TIMEOUT_MS + leaseMarginMs, graceMs: config.TWILIO_RESEND_GRACE_MS };
  const deliver = createDeliver({ deliveries, messenger, timing, log, counted: metrics.countAttempt, clock });
  const askDestinataire = createAskDestinataire(consultation, serviceToken);
  const resolveAnnonce = createResolveAnnonce({
    annonces, deliveries, askDestinataire, findContact, zoneOf, opened: () => envois.wake(), log, clock,
  });

  const envois = createLeasedWorker({ task: 'envoi', claim: deliver.claimDue, run: (item) => metrics.task('envoi', () => deliver.deliver(item)), log });
  const annonceurs = createLeasedWorker({
    task: 'annonce', claim: (limit) => annonces.claimDue(clock(), limit, annonceLeaseMs), run: (item) => metrics.task('annonce', () => resolveAnnonce(item)), log,
  });
  const announced = { annonces, announced: annonceurs.wake, clock };
  const consumption = createConsumption(
    { announceFiche: createAnnounceFiche(announced), announceAppointment: createAnnounceAppointment(announced) },
    { users: users.projection, etablissements: etablissements.projection, fiches: createFicheProjection(database.db) },
  );
  const consumer = bus.createConsumer({ ...consumption, log, metrics });

  return {
    useCases: {
      send: createSend({ deliveries, deliver, cache, cacheScope: scopeOf(config.DATABASE_URL), askAccess: createAskAccess(consultation), askDestinataire, findContact, zoneOf, canSendSms, clock }),
      sendCode: createSendCode({ codes: createCodeStore(database.db, relay.wake), messenger, canSendSms, sendMail: openMailer(config), log, counted: metrics.countAttempt, clock }),
    },
    verify: createTokenVerifier({ ...createAuthSource(auth, serviceToken), issuer: 'mediai', audience: 'mediai' }),
    start() {
      relay.start();
      consumer.start();
      annonceurs.start();
      envois.start();
    },
    checks: {
      database: () => database.ping().then(() => 'ok' as const),
      redis: async () => (cache.state() === 'ok' ? 'ok' : 'degraded'),
      kafka: () => worst(relay.check(), consumer.check()),
      workers: () => worst(envois.check(), annonceurs.check()),
      external_apis: async () => (messenger.isBlocked() ? 'degraded' : 'ok'),
    },
    async close() {
      await consumer.stop();
      await annonceurs.stop();
      await envois.stop();
      await deliver.drain();
      await relay.stop();
      auth.close();
      consultation.close();
      await cache.close();
      await database.close();
    },
  };
}

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

function twilioOptions(config: Config, setBreaker: Parameters<typeof createTwilioMessenger>[0]['setBreaker']): Parameters<typeof createTwilioMessenger>[0] {
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
    statusCallback: config.TWILIO_STATUS_CALLBACKS ? new URL(callbackPath, config.MEDIAI_PUBLIC_URL).href : undefined,
    setBreaker,
  };
}
