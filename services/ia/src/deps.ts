import { join } from 'node:path';
import { createConsumer, createKafka, createKafkaProducer, createRelay, readOutboxGauges, userProjection } from '@mediai/events';
import { createTokenVerifier, type TokenVerifier } from '@mediai/kit/acteur';
import type { GrpcTls } from '@mediai/kit/grpc';
import type { Checks } from '@mediai/kit/health';
import type { Logger } from '@mediai/kit/log';
import { createGaugeReader, type Metrics } from '@mediai/kit/metrics';
import { createAnalyseStore } from './analyse/analyse-store.ts';
import { createAnalyseWorker } from './analyse/analyse-worker.ts';
import { createLireAttente } from './analyse/attente-store.ts';
import { createGetAnalyse } from './analyse/get-analyse.ts';
import { createRunAnalyse } from './analyse/run-analyse.ts';
import { createTakeFicheEvent } from './analyse/take-fiche-event.ts';
import { CLE_SIMULATION, type Config } from './config.ts';
import { createConsumptions } from './consumers.ts';
import { createConversationStore } from './conversation/conversation-store.ts';
import { createOpenConversation, createOpenPage } from './conversation/open-conversation.ts';
import { createReadConversations } from './conversation/read-conversations.ts';
import { openDatabase } from './database-store.ts';
import { createSchemaCheck, readServerLimit, throwingUnavailable } from '@mediai/db';
import { createCompteurs } from './metrics.ts';
import { createPeers } from './peers-client.ts';
import type { UseCases } from './rpc.ts';
import { openVoix, roleDe, type ReglageVoix } from './voix/open-voix.ts';

export type Deps = {
  useCases: UseCases;
  verify: TokenVerifier;
  /** Waits for nothing: brokers, peers and models that are away are waited for in the background. */
  start: () => void;
  /** The database and its schema decide whether the service is ready; the broker only degrades it. */
  checks: Checks;
  /** Ends consumption, gives unfinished analyses back, publishes no more. */
  close: (graceMs: number) => Promise<void>;
};

type Options = { config: Config; log: Logger; metrics: Metrics; tls?: GrpcTls | undefined };

/** The migrations that this version carries. */
const migrationsDir = join(import.meta.dirname, '../prisma/migrations');

/** The service wired together; nothing is connected until it is used. */
export function createDeps({ config, log, metrics, tls }: Options): Deps {
  const database = openDatabase(config.DATABASE_URL, metrics);
  const kafka = createKafka({ clientId: 'ia', brokers: config.KAFKA_BROKERS, log });
  const relay = createRelay({ databaseUrl: config.DATABASE_URL, producer: createKafkaProducer(kafka), log, metrics });
  const peers = createPeers({ authAddress: config.AUTH_GRPC, consultationAddress: config.CONSULTATION_GRPC, serviceSecret: config.SERVICE_SECRET, tls, log, metrics });
  const analyses = throwingUnavailable(createAnalyseStore(database.db));
  const conversations = throwingUnavailable(createConversationStore(database.db));

  const compteurs = createCompteurs(metrics);
  const voix = openVoix({ reglages: reglagesDe(config), timeoutMs: config.IA_VOICE_TIMEOUT_MS, log, metrics });
  const run = createRunAnalyse({ store: analyses, fetchFiche: peers.fetchFiche, voix, voixSynthese: roleDe(config.IA_SYNTHESE_VOIX), delaiTotalMs: config.IA_ANALYSE_TIMEOUT_MS, log, compteurs });
  const worker = createAnalyseWorker({ store: analyses, run, onEnd: relay.wake, concurrence: config.IA_CONCURRENCY, bailMs: config.IA_LEASE_MS, log, compteurs });

  const consumptions = createConsumptions({ takeFicheEvent: createTakeFicheEvent({ store: analyses, wake: worker.wake }), users: userProjection(database.db.sql) });
  const consumers = consumptions.map((consumption) => createConsumer({ ...consumption, kafka, log, metrics }));
  const gauges = createGaugeReader({ reads: [readOutboxGauges(database.db, metrics), readServerLimit(database.db, metrics), createLireAttente(database.db, metrics)], log });
  const open = createOpenConversation({ store: conversations, openFiche: peers.openFiche });
  const openPage = createOpenPage({ store: conversations, openFiches: peers.openFiches });

  return {
    useCases: { read: createReadConversations({ store: conversations, open, openPage, fetchUsers: peers.fetchUsers }), getAnalyse: createGetAnalyse({ store: analyses }) },
    verify: createTokenVerifier({ ...peers.tokenSource, issuer: 'mediai', audience: 'mediai' }),
    start() {
      relay.start();
      for (const consumer of consumers) consumer.start();
      worker.start();
      gauges.start();
    },
    checks: {
      database: () => database.ping().then(() => 'ok' as const),
      schema: createSchemaCheck({ db: database.db, migrationsDir }),
      kafka: async () => ((await Promise.all([relay, ...consumers].map((part) => part.check()))).includes('degraded') ? 'degraded' : 'ok'),
      external_apis: async () => (voix.length === 0 || voix.some((each) => each.estCoupee()) ? 'degraded' : 'ok'),
    },
    async close(graceMs) {
      await Promise.all([...consumers.map((consumer) => consumer.stop()), worker.stop(graceMs), gauges.stop()]);
      await relay.stop();
      peers.close();
      await database.close();
    },
  };
}

function reglagesDe(config: Config): Record<'openai' | 'anthropic' | 'google', ReglageVoix> {
  const reglage = (cle: string | undefined, modele: string, baseUrl: string | undefined): ReglageVoix => ({ cle, modele, baseUrl, simulee: config.IA_SIMULATION || cle === CLE_SIMULATION });
  return {
    openai: reglage(config.OPENAI_API_KEY, config.OPENAI_MODEL, config.OPENAI_BASE_URL),
    anthropic: reglage(config.ANTHROPIC_API_KEY, config.ANTHROPIC_MODEL, config.ANTHROPIC_BASE_URL),
    google: reglage(config.GOOGLE_API_KEY, config.GOOGLE_MODEL, config.GOOGLE_BASE_URL),
  };
}
