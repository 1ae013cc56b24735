import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import { startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { ficheComplete } from '@mediai/testing';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { medecin, startWorld, type World } from '../fake-services.memory.ts';

const FICHES = '/api/v1/fiche-consultation/';
const openMetrics = 'application/openmetrics-text';
const exporter = new InMemorySpanExporter();
let telemetry: Telemetry;
let world: World;

beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'gateway', exporter, config: { TRACES_RATIO: 0 } });
  world = await startWorld();
});
beforeEach(() => {
  world.forget();
  exporter.reset();
});
afterAll(async () => {
  await world.app.close();
  await telemetry.shutdown();
});

const roots = (): ReadableSpan[] => exporter.getFinishedSpans().filter(({ name }) => name.includes(' /api/'));

it('the services are told in what quality somebody acts and where, not who, with a body or without', async () => {
  await world.send('GET', `${FICHES}12/`);
  await world.send('POST', FICHES, { payload: ficheComplete() });
  await world.send('GET', `${FICHES}12/`, { claims: medecin });
  expect(world.calls.map(({ baggage }) => baggage)).toEqual(['patient', 'patient', 'medecin'].map((role) => `mediai.acteur_role=${role},mediai.etablissement_id=1`));
});

it('no baggage comes in from outside, not even of the kind that we send ourselves', async () => {
  const headers = { baggage: 'mediai.acteur_role=admin,mediai.etablissement_id=42,patient=Canarina', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' };
  await world.send('GET', `${FICHES}12/`, { headers });
  await world.send('POST', '/api/v1/auth/token/', { headers, payload: { username: 'canarina', password: 'Canarina' } });
  expect(world.calls.map(({ baggage }) => baggage)).toEqual(['mediai.acteur_role=patient,mediai.etablissement_id=1', undefined]);
  world.failure = new AppError('internal');
  await world.send('GET', `${FICHES}12/`, { headers });
  expect(roots()).toHaveLength(1);
  expect(JSON.stringify(roots().map(({ name, attributes }) => [name, attributes]))).not.toMatch(/canarina|"42"|admin/i);
  expect(roots()[0]?.attributes).toMatchObject({ 'mediai.acteur_role': 'patient', 'mediai.etablissement_id': '1' });
});

it('a request that we failed is exported and named by its bucket, whatever its caller said of sampling; a refused one is not', async () => {
  world.failure = new AppError('not_found');
  expect((await world.send('GET', `${FICHES}12/`)).statusCode).toBe(404);
  world.failure = new AppError('invalid');
  expect((await world.send('GET', `${FICHES}12/`)).statusCode).toBe(400);
  expect(roots()).toEqual([]);
  world.failure = new AppError('internal');
  const answer = await world.send('GET', `${FICHES}13/`, { headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' } });
  expect(answer.statusCode).toBe(500);
  expect(roots().map(({ status, attributes }) => [status.code, attributes['http.response.status_code']])).toEqual([[2, 500]]);
  const { body } = await world.metrics.expose(openMetrics);
  expect(body).toMatch(/api_request_duration_seconds_bucket\{.*route="\/api\/v1\/fiche-consultation\/:id\/".*\} \d+ # \{trace_id="0af7651916cd43dd8448eb211c80319c"\}/);
});

it('every answered request is counted and timed by its pattern', async () => {
  const line = async (name: string) => Number(new RegExp(`^${name}\\{.*route="/api/v1/auth/users/:id/".*\\} (\\d+)$`, 'm').exec((await world.metrics.expose()).body)?.[1] ?? 0);
  for (const id of [1, 2, 'x']) await world.send('GET', `/api/v1/auth/users/${id}/`);
  expect([await line('api_requests_total'), await line('api_request_duration_seconds_count')]).toEqual([2, 3]);
});
