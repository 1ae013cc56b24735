import { join } from 'node:path';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { createConsumer, createKafka, createKafkaProducer, createRelay, pruneIdempotence, readOutboxGauges } from '@mediai/events';
import { createSchemaCheck, readServerLimit } from '@mediai/db';
import { createAuthSource, createServiceTokenSource, createTokenVerifier, type TokenVerifier } from '@mediai/kit/acteur';
import { connect, type GrpcTls } from '@mediai/kit/grpc';
import type { Checks } from '@mediai/kit/health';
import type { Logger } from '@mediai/kit/log';
import { createGaugeReader } from '@mediai/kit/metrics';
import { createAskAuth } from './annuaire/auth-client.ts';
import { createFindUsers } from './annuaire/find-users.ts';
import { createUserStore } from './annuaire/user-store.ts';
import { createAppointmentStore } from './appointment/appointment-store.ts';
import { createLireAttente } from './appointment/attente-store.ts';
import { createCancelAppointment } from './appointment/cancel-appointment.ts';
import { createConfirmAppointment } from './appointment/confirm-appointment.ts';
import { createCreateAppointment } from './appointment/create-appointment.ts';
import { createDeclineAppointment } from './appointment/decline-appointment.ts';
import { createFindFiche } from './appointment/fiche-client.ts';
import { createGetAppointment } from './appointment/get-appointment.ts';
import { createListAppointments } from './appointment/list-appointments.ts';
import type { Config, SeedConfig } from './config.ts';
import { createConsumers } from './consumers.ts';
import { openDatabase } from './database-store.ts';
import { createSeedDemo } from './demo/seed-demo.ts';
import type { AppointmentsMetrics } from './metrics.ts';
import type { UseCases } from './rpc.ts';

export type Deps = {
  useCases: UseCases;
  verify: TokenVerifier;
  /** Publishes the outbox and keeps the projections until `close`. */
  startWork: () => void;
  /** Forgets answers to idempotency keys that are past their time; returns how many. */
  prune: () => Promise<number>;
  /** The database and its schema decide whether the service is ready; the others only degrade it. */
  checks: Checks;
  close: () => Promise<void>;
};

type Options = { config: Config; log: Logger; metrics: AppointmentsMetrics; tls?: GrpcTls | undefined };

const serviceName = 'appointments';

/** The migrations that this version carries. */
const migrationsDir = join(import.meta.dirname, '../prisma/migrations');

/** The service wired together; nothing is connected until it is used. */
export function createDeps({ config, log, metrics, tls }: Options): Deps {
  const clock = (): Date => new Date();
  const database = openDatabase(config.DATABASE_URL, metrics);
  const kafka = createKafka({ clientId: serviceName, brokers: config.KAFKA_BROKERS, log });
  const relay = createRelay({ databaseUrl: config.DATABASE_URL, producer: createKafkaProducer(kafka), log, metrics });
  const consumer = createConsumer({ kafka, ...createConsumers(database.db.sql), log, metrics });

  const auth = connect(AuthService, { address: config.AUTH_GRPC, tls, log, metrics });
  const consultation = connect(FicheService, { address: config.CONSULTATION_GRPC, tls, log, metrics });
  const serviceToken = createServiceTokenSource({ issue: async () => (await auth.issueServiceToken({ service: serviceName, secret: config.SERVICE_SECRET })).token });

  const appointments = createAppointmentStore(database.db, { hashKey: config.SERVICE_SECRET, committed: relay.wake });
  const trouverUtilisateurs = createFindUsers({ users: createUserStore(database.db), askAuth: createAskAuth(auth, serviceToken) });
  const compter = (outcome: string): void => metrics.appointments.inc({ outcome });
  const gauges = createGaugeReader({ reads: [readOutboxGauges(database.db, metrics), readServerLimit(database.db, metrics), createLireAttente(database.db, metrics)], log });
  const answering = { appointments, compter, clock };

  return {
    useCases: {
      createAppointment: createCreateAppointment({ ...answering, trouverUtilisateurs, trouverFiche: createFindFiche(consultation) }),
      getAppointment: createGetAppointment({ appointments, clock }),
      listAppointments: createListAppointments({ appointments }),
      confirmAppointment: createConfirmAppointment(answering),
      declineAppointment: createDeclineAppointment(answering),
      cancelAppointment: createCancelAppointment(answering),
    },
    verify: createTokenVerifier({ ...createAuthSource(auth, serviceToken), issuer: 'mediai', audience: 'mediai' }),
    startWork() {
      relay.start();
      consumer.start();
      gauges.start();
    },
    prune: async () => pruneIdempotence(database.db),
    checks: {
      database: () => database.ping().then(() => 'ok' as const),
      schema: createSchemaCheck({ db: database.db, migrationsDir }),
      kafka: consumer.check,
      workers: relay.check,
    },
    async close() {
      await Promise.all([consumer.stop(), relay.stop(), gauges.stop()]);
      auth.close();
      consultation.close();
      await database.close();
    },
  };
}

/** What the seed needs, wired to the database alone: the running service publishes the events it leaves. */
export function createSeed(config: SeedConfig) {
  const database = openDatabase(config.DATABASE_URL);
  const appointments = createAppointmentStore(database.db, { hashKey: config.SERVICE_SECRET, committed: () => undefined });
  return { seedDemo: createSeedDemo({ appointments, clock: () => new Date() }), close: database.close };
}
