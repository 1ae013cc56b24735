import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DescService } from '@bufbuild/protobuf';
import { AppointmentsService } from '@mediai/contracts/appointments/v1/appointments_service';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { DossierService } from '@mediai/contracts/consultation/v1/dossier_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { HealthService } from '@mediai/contracts/health/v1/health_service';
import { IaService } from '@mediai/contracts/ia/v1/ia_service';
import { WebhookService } from '@mediai/contracts/notifications/v1/webhook_service';
import { implement, methodName, serve, type Implementation } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { currentTraceparent, startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { createCostMeter, ficheComplete, type Cost } from '@mediai/testing';
import type { InjectOptions } from 'fastify';
import { loadConfig } from './config.ts';
import { createDeps, type Deps } from './deps.ts';
import { admin, medecin, required, startWorld, type World } from './fake-services.memory.ts';
import { createGatewayMetrics } from './metrics.ts';

/** A route is one call to the service that owns it; the gateway has no database. A call more makes `npm test` fail. */
const one: Cost = { statements: 0, transactions: 0, roundTrips: 0, grpcCalls: 1 };
const costs = {
  'POST /api/v1/auth/token/': one,
  'POST /api/v1/auth/jwt/refresh/': one,
  'GET /api/v1/auth/me/': one,
  'GET /api/v1/auth/users/': one,
  'GET /api/v1/auth/medecins/': one,
  'POST /api/v1/fiche-consultation/': one,
  'GET /api/v1/fiche-consultation/12/': one,
  'GET /api/v1/fiche-consultation/': one,
  'GET /api/v1/fiche-consultation/?search=fievre&page_size=50': one,
  'PATCH /api/v1/fiche-consultation/12/edit-diagnostic/': one,
  'POST /api/v1/fiche-consultation/12/validate/': one,
  'GET /api/v1/fiche-consultation/12/messages/': one,
  'POST /api/v1/fiche-consultation/12/messages/': one,
  'POST /api/v1/appointments/': one,
  'GET /api/v1/appointments/': one,
  'POST /api/v1/appointments/5/confirm/': one,
  'GET /api/v1/conversations/': one,
  'GET /api/v1/conversations/1/': one,
  'GET /api/v1/conversations/1/messages/': one,
  'POST /api/v1/webhooks/twilio/whatsapp/': one,
  // Each of the services behind.
  'GET /api/health/': { ...one, grpcCalls: 5 },
} satisfies Record<string, Cost>;

type Route = keyof typeof costs;
type More = Omit<InjectOptions, 'method' | 'url'> & { claims?: Record<string, unknown> };

const aMedecin: More = { claims: medecin };
const period = { requested_start: '2026-12-24T08:00:00Z', requested_end: '2026-12-24T08:30:00Z' };
/** What is sent along, where it is more than a patient's token. */
const sent: Partial<Record<Route, More>> = {
  'POST /api/v1/auth/token/': { payload: { username: 'jean', password: 'palmier-bleu-7' } },
  'POST /api/v1/auth/jwt/refresh/': { payload: { refresh: 'r' } },
  'GET /api/v1/auth/users/': { claims: admin },
  'POST /api/v1/fiche-consultation/': { payload: ficheComplete() },
  'PATCH /api/v1/fiche-consultation/12/edit-diagnostic/': { ...aMedecin, payload: { diagnostic: 'Paludisme simple' } },
  'POST /api/v1/fiche-consultation/12/validate/': { ...aMedecin, payload: { diagnostic: 'Paludisme simple' } },
  'POST /api/v1/fiche-consultation/12/messages/': { payload: { content: 'La fièvre est revenue.' } },
  'POST /api/v1/appointments/': { payload: { medecin: 2, ...period } },
  'POST /api/v1/appointments/5/confirm/': { ...aMedecin, payload: { confirmed_start: period.requested_start, confirmed_end: period.requested_end } },
  'POST /api/v1/webhooks/twilio/whatsapp/': { payload: 'MessageSid=SM1&Body=Bonjour', headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 's' } },
};

const meter = createCostMeter();
const closers: (() => unknown)[] = [];
let telemetry: Telemetry;
let world: World;

beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'gateway', exporter: meter.spans });
  world = await startWorld({}, undefined, reachOverGrpc);
});
afterAll(async () => {
  await world.app.close();
  for (const close of closers.reverse()) await close();
  await telemetry.shutdown();
});

/** The services that are played, behind the gateway's own clients and gRPC. */
async function reachOverGrpc(fakes: Deps): Promise<Deps> {
  const played: [DescService, object][] = [
    [AuthService, fakes.auth], [FicheService, fakes.fiches], [DossierService, fakes.dossier], [IaService, fakes.ia],
    [AppointmentsService, fakes.appointments], [WebhookService, fakes.webhooks], [HealthService, { getChecks: async () => ({ checks: { database: 'ok' } }) }],
  ];
  const services = played.map(([service, handlers]) => implement(service, handlers) as Implementation);
  const publicMethods = played.flatMap(([service, handlers]) => service.methods.filter(({ localName }) => localName in handlers).map(methodName));
  const log = createLogger({ service: 'played', level: 'silent' });
  const server = await serve({ services, host: '127.0.0.1', port: 0, publicMethods, log, metrics: createGatewayMetrics() });
  const address = `127.0.0.1:${server.port}`;
  const config = loadConfig({ ...required, AUTH_GRPC: address, CONSULTATION_GRPC: address, IA_GRPC: address, APPOINTMENTS_GRPC: address, NOTIFICATIONS_GRPC: address });
  const deps = createDeps({ config, log, metrics: createGatewayMetrics() });
  closers.push(() => server.close(1_000), () => deps.close());
  return deps;
}

describe('a route costs what is written here', () => {
  test.each(Object.keys(costs) as Route[])('%s', async (route) => {
    const [method, url] = route.split(' ') as [InjectOptions['method'], string];
    const ask = async (): Promise<void> => {
      const { statusCode, body } = await world.send(method, url, { ...sent[route], headers: { ...sent[route]?.headers, traceparent: currentTraceparent() ?? '' } });
      if (statusCode >= 300) throw new Error(`${route} answered ${statusCode}: ${body}`);
    };
    expect(await meter.deviation(costs[route], async () => ask)).toBeUndefined();
  });
});
