import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { call, loginMedecin, registerPatient, until } from './client.ts';
import { conversationOf, postFiche, readFiche, validateFiche, type Fiche } from './fiche.ts';
import { clearFaults, messagesHolding } from './sandbox.ts';
import { killPart, killService, pausePart, resumePart, SERVICES, serviceReady, startPart } from './suite.ts';

/** A run that can be repeated: `E2E_SEED=<n> npm run test:faults`. */
const SEED = Number(process.env['E2E_SEED'] ?? Date.now() % 1_000_000);
const ROLES = ['claude', 'gemini', 'gpt4', 'synthese', 'user'];

/** mulberry32, a small generator of numbers in [0, 1). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pause = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));
type Patient = Awaited<ReturnType<typeof registerPatient>>;

/** Posts one fiche until it is acknowledged, always with the same key, as a careful client does. */
async function postUntilAcknowledged(patient: Patient): Promise<Fiche> {
  const key = randomUUID();
  const answer = await until('an acknowledged POST', () => postFiche(patient.token, { telephone: patient.phone }, { 'idempotency-key': key }), ({ status }) => status === 201, 90_000);
  return answer.body;
}

/** Services that are ready again answer once the channels between them are: a second or two later, and a 503 until then. */
async function suiteAnswers(): Promise<void> {
  await until('the suite to answer', () => call('GET', '/api/health/'), ({ status }) => status === 200);
}

/** What the client was told, what is stored and what left the house must agree. */
async function expectNothingLostOrDoubled(patient: Patient, acknowledged: Fiche[]): Promise<void> {
  const medecin = await loginMedecin();
  // A service that came back before auth did has no keys for a second or two more, and says so with a 503.
  const listed = await until('the list', () => call<{ count: number; results: { id: number }[] }>('GET', '/api/v1/fiche-consultation/?page_size=100', { token: patient.token }), ({ status }) => status === 200);
  expect(listed.body.results.map(({ id }) => id).toSorted()).toEqual(acknowledged.map(({ id }) => id).toSorted());
  expect(new Set(acknowledged.map(({ numero_dossier }) => numero_dossier)).size).toBe(acknowledged.length);
  for (const { id, numero_dossier: numero } of acknowledged) {
    await until(`analysis of fiche ${id}`, () => readFiche(medecin, id), (fiche) => fiche.status === 'analyse_terminee' && fiche.diagnostic_ia !== null, 120_000);
    const conversation = await until(`conversation of fiche ${id}`, () => conversationOf(medecin, id), (found) => found !== undefined);
    expect(conversation?.messages.map(({ role }) => role).toSorted()).toEqual(ROLES);
    expect((await until('a validation', () => validateFiche(medecin, id), ({ status }) => status === 200)).status).toBe(200);
    await until(`message about ${numero}`, () => messagesHolding(numero), (messages) => messages.length > 0, 120_000);
  }
  await pause(3000);
  for (const { numero_dossier: numero } of acknowledged) expect(await messagesHolding(numero)).toHaveLength(1);
}

describe(`faults under load, seed ${SEED}`, () => {
  beforeEach(suiteAnswers);
  afterEach(() => clearFaults());

  it('kill -9 of a random service every two seconds: nothing lost, nothing doubled', async () => {
    const next = random(SEED);
    const patient = await registerPatient();
    const posting = new AbortController();
    const killer = (async () => {
      while (!posting.signal.aborted) {
        await pause(2000);
        await killService(SERVICES[Math.floor(next() * SERVICES.length)] ?? 'ia');
      }
    })();
    const acknowledged: Fiche[] = [];
    for (let wave = 0; wave < 15; wave += 1) {
      acknowledged.push(...(await Promise.all([1, 2].map(() => postUntilAcknowledged(patient)))));
      await pause(2500);
    }
    posting.abort();
    await killer;
    for (const service of SERVICES) await serviceReady(service);
    await suiteAnswers();
    await expectNothingLostOrDoubled(patient, acknowledged);
  }, 600_000);

  it('kill -9 of Kafka, 60 s away: every write is acknowledged, every event arrives', async () => {
    const patient = await registerPatient();
    const acknowledged = [await postUntilAcknowledged(patient)];
    await killPart('kafka');
    try {
      const end = Date.now() + 60_000;
      while (Date.now() < end) {
        const answer = await postFiche(patient.token, { telephone: patient.phone });
        expect(answer.status).toBe(201);
        acknowledged.push(answer.body);
        await pause(6000);
      }
    } finally {
      await startPart('kafka');
    }
    await expectNothingLostOrDoubled(patient, acknowledged);
  }, 600_000);

  it('kill -9 of PostgreSQL: 503 with Retry-After, and everything reconnects by itself', async () => {
    const patient = await registerPatient();
    const first = await postUntilAcknowledged(patient);
    await killPart('postgres');
    try {
      // Its children see the end of their parent a moment later.
      const away = await until('503', () => call('GET', `/api/v1/fiche-consultation/${first.id}/`, { token: patient.token }), ({ status }) => status !== 200);
      expect(away.status).toBe(503);
      expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await call('GET', '/api/health/')).status).toBe(503);
    } finally {
      await startPart('postgres');
    }
    const second = await postUntilAcknowledged(patient);
    await expectNothingLostOrDoubled(patient, [first, second]);
  }, 300_000);

  it('SIGSTOP of Redis: answers stay right', async () => {
    const patient = await registerPatient();
    await pausePart('redis');
    try {
      const acknowledged = [await postUntilAcknowledged(patient), await postUntilAcknowledged(patient)];
      await expectNothingLostOrDoubled(patient, acknowledged);
    } finally {
      await resumePart('redis');
    }
  }, 300_000);
});
