import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { connect, implement, serve } from '../grpc/index.ts';
import { EchoService } from '../grpc/echo-service.memory.ts';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { currentBaggage, currentTraceparent, runWithBaggage, runWithTraceparent, startTelemetry, withSpan, type Telemetry, type TraceBaggage } from './index.ts';

const exporter = new InMemorySpanExporter();
let telemetry: Telemetry;
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'essai', exporter });
});
beforeEach(() => exporter.reset());
afterAll(() => telemetry.shutdown());

const medecin: TraceBaggage = { 'mediai.acteur_role': 'medecin', 'mediai.etablissement_id': '12' };
const header = 'mediai.acteur_role=medecin,mediai.etablissement_id=12';
const attributes = () => exporter.getFinishedSpans().map((span) => ({ name: span.name, ...span.attributes }));

test('is on the present span and on those begun inside, and on none outside', async () => {
  await withSpan('root', {}, async () => {
    await withSpan('before', {}, () => undefined);
    await runWithBaggage(medecin, () => withSpan('inside', {}, () => undefined));
  });
  expect(attributes()).toEqual([{ name: 'before' }, { name: 'inside', ...medecin }, { name: 'root', ...medecin }]);
  expect(currentBaggage()).toBeUndefined();
});

test('goes through gRPC, call after call', async () => {
  const options = { host: '127.0.0.1', port: 0, publicMethods: ['essai.v1.EchoService/PublicEcho'], log: createLogger({ service: 'e', level: 'silent' }), metrics: createMetrics('e') };
  const back = await serve({ ...options, services: [implement(EchoService, { publicEcho: async () => ({ value: currentBaggage() ?? 'none' }) })] });
  const toBack = connect(EchoService, { address: `127.0.0.1:${back.port}` });
  const front = await serve({ ...options, services: [implement(EchoService, { publicEcho: (request) => toBack.publicEcho(request) })] });
  const toFront = connect(EchoService, { address: `127.0.0.1:${front.port}` });
  const answers = [await withSpan('http', {}, () => runWithBaggage(medecin, () => toFront.publicEcho({ value: '' }))), await withSpan('http', {}, () => toFront.publicEcho({ value: '' }))];
  toFront.close();
  toBack.close();
  await Promise.all([front.close(1_000), back.close(1_000)]);
  expect(answers.map(({ value }) => value)).toEqual([header, 'none']);
  const [told, untold] = [attributes().slice(0, 5), attributes().slice(5)];
  expect(told.every((span) => 'mediai.etablissement_id' in span)).toBe(true);
  expect(untold.some((span) => 'mediai.etablissement_id' in span)).toBe(false);
});

test('a trace that is continued brings its own, and a new one begins without', async () => {
  const read = await runWithBaggage(medecin, async () => {
    const traceparent = await withSpan('s', {}, () => currentTraceparent());
    return [runWithTraceparent(traceparent, () => currentBaggage()), runWithTraceparent(undefined, () => currentBaggage()), runWithTraceparent(traceparent, () => currentBaggage(), 'mediai.acteur_role=patient;ttl=1 , autre=1')];
  });
  expect(read).toEqual([undefined, undefined, 'mediai.acteur_role=patient']);
});

test.each([
  'patient=Canarina', 'mediai.user_id=4711', 'mediai.acteur_role=Canarina', 'mediai.etablissement_id=%2B243810000001', 'mediai.etablissement_id=0012', 'mediai.acteur_role=medecin%0ACanarina',
  'mediai.etablissement_id', '=;,==,', '__proto__=Canarina', 'mediai.etablissement_id=99999999999', `${'x'.repeat(2_000)},${header}`,
])('whatever else a header holds is dropped: %s', async (told) => {
  const kept = await runWithTraceparent(undefined, () => withSpan('s', {}, () => currentBaggage()), told);
  expect(kept).toBeUndefined();
  expect(Object.keys(exporter.getFinishedSpans()[0]?.attributes ?? {})).toEqual([]);
});

test('nothing else can be set', async () => {
  await withSpan('s', {}, () => runWithBaggage({ 'mediai.acteur_role': 'Canarina', 'mediai.nom': 'Canarina' } as TraceBaggage, () => expect(currentBaggage()).toBeUndefined()));
  expect(JSON.stringify(attributes())).not.toContain('Canarina');
});

test('is read right however many say it, first and again', () => {
  const said = Array.from({ length: 1_200 }, (_, at) => `mediai.etablissement_id=${at + 1}`);
  const read = () => said.map((each) => runWithTraceparent(undefined, () => currentBaggage(), each));
  expect(read()).toEqual(said);
  expect(read()).toEqual(said);
});
