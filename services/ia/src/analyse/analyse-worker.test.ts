import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { create, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AnalyseRequestedSchema, FicheCreatedSchema } from '@mediai/contracts/consultation/v1/events';
import { createMemoryBus, topics } from '@mediai/events';
import { pseudonymiser } from '@mediai/fiche';
import { AppError, unavailable } from '@mediai/kit/errors';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { startTelemetry, type TelemetryOptions } from '@mediai/kit/telemetry';
import { startSandbox, type Call, type Fault, type Sandbox } from '@mediai/sandbox';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createConsumptions } from '../consumers.ts';
import { openDatabase, type Database } from '../database-store.ts';
import { createCompteurs } from '../metrics.ts';
import { LIGNES } from '../vote.memory.ts';
import { openVoix } from '../voix/open-voix.ts';
import type { FicheClinique } from './analyse.ts';
import { createAnalyseStore } from './analyse-store.ts';
import { createAnalyseWorker } from './analyse-worker.ts';
import { createRunAnalyse } from './run-analyse.ts';
import { createTakeFicheEvent } from './take-fiche-event.ts';

const spans: { name: string; traceId: string }[] = [];
const exporter: NonNullable<TelemetryOptions['exporter']> = {
  export: (ended, done) => {
    spans.push(...ended.map((span) => ({ name: span.name, attributes: span.attributes, status: span.status, events: span.events, traceId: span.spanContext().traceId })));
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};
let telemetry: Awaited<ReturnType<typeof startTelemetry>>;
let sandbox: Sandbox;
let database: TestDatabase;
let prisma: Database;
beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'ia', exporter });
  [sandbox, database] = await Promise.all([startSandbox(), createTestDatabase('ia')]);
  prisma = openDatabase(database.appUrl);
});
afterAll(async () => {
  await sandbox.close();
  await prisma.close();
  await database.drop();
  await telemetry.shutdown();
});

const closers: (() => Promise<void>)[] = [];
beforeEach(async () => {
  await prisma.db.$executeRawUnsafe('DELETE FROM conversation');
  for (const table of ['outbox', 'inbox', 'fiche_projection']) await prisma.db.$executeRawUnsafe(`DELETE FROM ${table}`);
  for (const path of ['faults', 'ledger']) await fetch(`${sandbox.url}/sandbox/${path}`, { method: 'DELETE' });
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const setFault = async (fault: Fault): Promise<void> => {
  const { status } = await fetch(`${sandbox.url}/sandbox/faults`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) });
  expect(status).toBe(200);
};
const calls = async (provider?: string): Promise<Call[]> => ((await (await fetch(`${sandbox.url}/sandbox/ledger${provider ? `?provider=${provider}` : ''}`)).json()) as { calls: Call[] }).calls;
const askedOf = async (provider: string): Promise<number> => (await calls(provider)).filter((c) => JSON.stringify(c.request).includes('<fiche>')).length;

type Reglages = { fetchFiche?: () => Promise<FicheClinique>; timeoutMs?: number; delaiTotalMs?: number; sansCle?: boolean; bailMs?: number };
const contenu = (plus: Partial<FicheClinique> = {}): FicheClinique => ({ version: 1, lignes: LIGNES, urgenceRegles: 'jaune', iaPermise: true, ...plus });

/** The service from Kafka's double to PostgreSQL, with the vendors' own SDKs. */
function start({ fetchFiche = async () => contenu(), timeoutMs = 5_000, delaiTotalMs = 60_000, sansCle = false, bailMs = 5_000 }: Reglages = {}) {
  const lines: string[] = [];
  const log = createLogger({ service: 'ia', level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const metrics = createMetrics('ia');
  const compteurs = createCompteurs(metrics);
  const store = createAnalyseStore(prisma.db);
  const cle = sansCle ? undefined : 'simulation';
  const reglage = (path: string) => ({ cle, modele: 'modele-essai', baseUrl: `${sandbox.url}${path}`, simulee: true });
  const voix = openVoix({ reglages: { openai: reglage('/openai/v1'), anthropic: reglage('/anthropic'), google: reglage('/google') }, timeoutMs, pauseMs: 5, log, metrics });
  const run = createRunAnalyse({ store, fetchFiche, voix, voixSynthese: 'claude', delaiTotalMs, log, compteurs });
  const worker = createAnalyseWorker({ store, run, onEnd: () => undefined, concurrence: 2, bailMs, pollMs: 20, log, compteurs });
  const bus = createMemoryBus();
  const [fiches] = createConsumptions({ takeFicheEvent: createTakeFicheEvent({ store, wake: worker.wake }), users: { handlers: {} } });
  if (!fiches) throw new Error('no consumption');
  const consumer = bus.createConsumer({ ...fiches, log, metrics, firstRetryMs: 5 });
  consumer.start();
  worker.start();
  let stopped = false;
  const stop = async (graceMs = 0): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await consumer.stop();
    await worker.stop(graceMs);
  };
  closers.push(() => stop());
  async function send<D extends DescMessage>(schema: D, message: MessageInitShape<D>, id: string = randomUUID(), traceparent?: string): Promise<void> {
    const headers = { ...(traceparent ? { traceparent } : {}), ce_specversion: '1.0', ce_id: id, ce_source: '/mediai/consultation', ce_type: schema.typeName, ce_time: new Date().toISOString(), ce_subject: '7', 'content-type': 'application/protobuf' };
    await bus.producer.send([{ topic: topics.fiche.name, key: '7', value: toBinary(schema, create(schema, message)), headers }]);
    await bus.settled();
  }
  return { send, stop, lines, metrics };
}

const state = { id: 7, numeroDossier: 'CONS-20260101-007', userId: 3, etablissementId: 1, status: 'en_analyse', version: 1, publishedAnalyseIds: [], deleted: false };
const created = { fiche: state, taskId: 't1' };
const analyses = () => prisma.db.analyse.findMany({ orderBy: { id: 'asc' }, include: { avis: { orderBy: { role: 'asc' } }, messages: { orderBy: { id: 'asc' } } } });
const ended = async (count = 1) => {
  for (let essai = 0; essai < 500; essai += 1) {
    const rows = await analyses();
    if (rows.filter((r) => r.finie_le !== null).length >= count) return rows;
    await sleep(20);
  }
  throw new Error('the analysis did not end');
};
const published = async () => (await prisma.db.outbox.findMany({ orderBy: { id: 'asc' } })).map((row) => row.type.split('.').at(-1));

describe('an analysis', () => {
  test('asks three voices, stores each answer and one synthesis, and is announced once', async () => {
    const { send, metrics } = start();
    await send(FicheCreatedSchema, created);
    const [analyse] = await ended();
    expect(analyse).toMatchObject({ etat: 'terminee', task_id: 't1', voix_demandees: 3, voix_valides: 3, urgence_ia: 'jaune', simulation: true, synthese_par: 'claude', fiche_version: 1 });
    expect(analyse?.messages.map((m) => m.role).sort()).toEqual(['claude', 'gemini', 'gpt4', 'synthese', 'user']);
    for (const { role, content } of analyse?.messages ?? []) {
      if (role !== 'user') expect(content).toMatch(/^SIMULATION/u);
      expect(content).not.toMatch(/[<>]/u);
    }
    const synthese = analyse?.messages.find((m) => m.role === 'synthese')?.content ?? '';
    expect(synthese).toMatch(/^SIMULATION — Synthèse de 3 voix sur 3/u);
    expect(synthese).toContain('1. Paludisme simple (B54) — accord entre voix : 3/3');
    expect(synthese).not.toContain('Rédigée sans modèle');
    expect(analyse?.messages.find((m) => m.role === 'user')?.content).toMatch(/^fièvre et céphalées[^]*Température : 39,4 °C/u);
    expect(await published()).toEqual(['AnalyseCompleted']);
    expect(await calls()).toHaveLength(4);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/ia_analyses_total\{status="terminee",service="ia"\} 1/u);
    expect(text).toMatch(/ia_accord_ratio_bucket\{le="0.67",service="ia"\} 0[^]*ia_accord_ratio_bucket\{le="1",service="ia"\} 1/u);
    for (const voix of ['gpt4', 'claude', 'gemini']) {
      for (const direction of ['entree', 'sortie']) expect(text).toMatch(new RegExp(`ia_tokens_total\\{voix="${voix}",direction="${direction}",service="ia"\\} [1-9]`, 'u'));
      expect(text).toContain(`ia_cost_usd_total{voix="${voix}",service="ia"} 0\n`);
    }
  });

  test('a redelivered FicheCreated is analysed once', async () => {
    const { send } = start();
    const id = randomUUID();
    for (let fois = 0; fois < 3; fois += 1) await send(FicheCreatedSchema, created, id);
    await send(FicheCreatedSchema, created);
    await ended();
    await sleep(100);
    expect(await analyses()).toHaveLength(1);
    expect(await published()).toEqual(['AnalyseCompleted']);
    for (const provider of ['openai', 'anthropic', 'google']) expect(await askedOf(provider)).toBe(1);
  });

  test('goes on in the trace of the event that asked for it, down to the models and to its own event', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { send, lines } = start();
    await send(FicheCreatedSchema, created, randomUUID(), `00-${traceId}-b7ad6b7169203331-01`);
    await ended();
    expect(spans.filter((s) => s.traceId === traceId).map((s) => s.name)).toEqual(expect.arrayContaining(['model avis', 'model avis', 'model avis', 'model synthese', `process ${topics.fiche.name}`]));
    expect((await prisma.db.outbox.findFirst())?.traceparent).toContain(traceId);
    const told = lines.map((line) => JSON.parse(line) as { msg: string; analyse_id?: number; trace_id?: string }).filter((line) => line.analyse_id !== undefined);
    expect(told.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['voice answered', 'synthesis worded', 'analysis completed']));
    expect(new Set(told.map(({ trace_id: id }) => id))).toEqual(new Set([traceId]));
  });

  test('a relance is another analysis in the same conversation, with the same summary once', async () => {
    const { send } = start();
    await send(FicheCreatedSchema, created);
    await ended();
    await send(AnalyseRequestedSchema, { fiche: { ...state, version: 2 }, taskId: 't2' });
    const [premiere, seconde] = await ended(2);
    expect(seconde?.conversation_id).toBe(premiere?.conversation_id);
    expect(seconde?.messages.map((m) => m.role).sort()).toEqual(['claude', 'gemini', 'gpt4', 'synthese']);
  });

  test('consent withdrawn while it waits in the queue: no model is asked', async () => {
    const store = createAnalyseStore(prisma.db);
    await store.takeEvent({ eventId: randomUUID(), fiche: state, taskId: 't1', traceparent: undefined });
    start({ fetchFiche: async () => contenu({ iaPermise: false }) });
    expect(await ended()).toMatchObject([{ etat: 'echouee', echec_code: 'ia.consentement_absent', messages: [] }]);
    expect(await calls()).toHaveLength(0);
  });

  test('consent withdrawn between two attempts: what was answered stays, nothing more is asked', async () => {
    await setFault({ provider: 'google', kind: 'hang' });
    const first = start({ timeoutMs: 20_000 });
    await first.send(FicheCreatedSchema, created);
    for (let essai = 0; essai < 300 && (await prisma.db.avisVoix.count()) < 2; essai += 1) await sleep(10);
    await first.stop(0);
    await fetch(`${sandbox.url}/sandbox/faults`, { method: 'DELETE' });
    const asked = (await calls()).length;
    start({ fetchFiche: async () => contenu({ iaPermise: false }) });
    expect(await ended()).toMatchObject([{ etat: 'echouee', echec_code: 'ia.consentement_absent', essais: 2 }]);
    expect(await calls()).toHaveLength(asked);
    expect(await published()).toEqual(['AnalyseFailed']);
  });

  test('consent withdrawn while the voices answer: none of them words a synthesis', async () => {
    let asked = 0;
    const { send } = start({ fetchFiche: async () => contenu({ iaPermise: (asked += 1) === 1 }) });
    await send(FicheCreatedSchema, created);
    const [analyse] = await ended();
    expect(analyse).toMatchObject({ etat: 'echouee', echec_code: 'ia.consentement_absent' });
    expect(analyse?.messages.map((m) => m.role)).not.toContain('synthese');
    expect(await calls()).toHaveLength(3);
  });

  test('consent that cannot be asked after the voices answered: the table speaks for itself', async () => {
    let asked = 0;
    const { send } = start({ fetchFiche: async () => ((asked += 1) === 1 ? contenu() : Promise.reject(unavailable())) });
    await send(FicheCreatedSchema, created);
    expect(await ended()).toMatchObject([{ etat: 'terminee', voix_valides: 3, synthese_par: null }]);
    expect(await calls()).toHaveLength(3);
  });

  test('a relaunch is judged anew: refused after a withdrawal, done once consent is back', async () => {
    let iaPermise = true;
    const { send } = start({ fetchFiche: async () => contenu({ iaPermise }) });
    await send(FicheCreatedSchema, created);
    await ended();
    for (const [count, permise] of [[2, false], [3, true]] as const) {
      iaPermise = permise;
      await send(AnalyseRequestedSchema, { fiche: { ...state, version: count }, taskId: `t${count}` });
      await ended(count);
    }
    expect((await analyses()).map(({ etat, echec_code }) => [etat, echec_code])).toEqual([['terminee', null], ['echouee', 'ia.consentement_absent'], ['terminee', null]]);
    expect(await calls()).toHaveLength(8);
  });

  test('without consent no model is asked', async () => {
    const { send } = start({ fetchFiche: async () => contenu({ iaPermise: false }) });
    await send(FicheCreatedSchema, created);
    expect(await ended()).toMatchObject([{ etat: 'echouee', echec_code: 'ia.consentement_absent', messages: [] }]);
    expect(await calls()).toEqual([]);
    expect(await published()).toEqual(['AnalyseFailed']);
  });

  test('without any key it fails and says so', async () => {
    const { send, lines } = start({ sansCle: true });
    await send(FicheCreatedSchema, created);
    expect(await ended()).toMatchObject([{ etat: 'echouee', echec_code: 'ia.aucune_voix_active' }]);
    expect(lines.filter((l) => l.includes('"state":"off"'))).toHaveLength(3);
  });

  test('waits for consultation to come back', async () => {
    let fois = 0;
    const { send } = start({ fetchFiche: () => ((fois += 1), fois < 3 ? Promise.reject(unavailable()) : Promise.resolve(contenu())) });
    await send(FicheCreatedSchema, created);
    expect(await ended()).toMatchObject([{ etat: 'terminee', essais: 3 }]);
  });

  test('of a fiche that is gone fails; one that never gets its fiche fails when its time is over', async () => {
    const gone = start({ fetchFiche: () => Promise.reject(new AppError('not_found')) });
    await gone.send(FicheCreatedSchema, created);
    expect(await ended()).toMatchObject([{ echec_code: 'ia.fiche_introuvable' }]);
    await gone.stop();
    const away = start({ fetchFiche: () => Promise.reject(unavailable()), delaiTotalMs: 300 });
    await away.send(FicheCreatedSchema, { fiche: state, taskId: 't2' });
    expect((await ended(2))[1]).toMatchObject({ echec_code: 'ia.delai_depasse' });
  });
});

describe('when models misbehave', () => {
  const resultats = (analyse: Awaited<ReturnType<typeof analyses>>[number] | undefined) => Object.fromEntries((analyse?.avis ?? []).map((a) => [a.role, a.resultat]));

  test('all of them down: three attempts each, then AnalyseFailed', async () => {
    await setFault({ provider: '*', kind: 'status', status: 503 });
    const { send } = start();
    await send(FicheCreatedSchema, created);
    const [analyse] = await ended();
    expect(analyse).toMatchObject({ etat: 'echouee', echec_code: 'ia.aucune_voix_valide' });
    expect(resultats(analyse)).toEqual({ claude: 'indisponible', gemini: 'indisponible', gpt4: 'indisponible' });
    expect(analyse?.messages.map((m) => m.role)).toEqual(['user']);
    for (const provider of ['openai', 'anthropic', 'google']) expect(await calls(provider)).toHaveLength(3);
    expect(await published()).toEqual(['AnalyseFailed']);
  });

  test.each(['openai', 'anthropic', 'google'] as const)('a 429 of %s is asked again, once', async (provider) => {
    await setFault({ provider, kind: 'status', status: 429, count: 1, retryAfter: 0 });
    const { send } = start();
    await send(FicheCreatedSchema, created);
    expect(await ended()).toMatchObject([{ etat: 'terminee', voix_valides: 3 }]);
    expect(await askedOf(provider)).toBe(2);
  });

  test('Retry-After is honoured, of every vendor', async () => {
    await setFault({ provider: '*', kind: 'status', status: 429, count: 3, retryAfter: 1 });
    const { send } = start();
    await send(FicheCreatedSchema, created);
    expect(await ended()).toMatchObject([{ voix_valides: 3 }]);
    for (const provider of ['openai', 'anthropic', 'google']) {
      const [premier, second] = (await calls(provider)).map((c) => Date.parse(c.time));
      expect((second ?? 0) - (premier ?? 0)).toBeGreaterThanOrEqual(950);
    }
  });

  test.each(['garbage', 'schema_invalid'] as const)('a voice that answers %s is a failed vote, asked once, never stored as advice', async (kind) => {
    await setFault({ provider: 'google', kind });
    const { send } = start();
    await send(FicheCreatedSchema, created);
    const [analyse] = await ended();
    expect(analyse).toMatchObject({ etat: 'terminee', voix_valides: 2 });
    expect(analyse?.messages.map((m) => m.role).sort()).toEqual(['claude', 'gpt4', 'synthese', 'user']);
    expect(analyse?.messages.find((m) => m.role === 'synthese')?.content).toMatch(/^SIMULATION — Synthèse de 2 voix sur 3 \(GPT-4, Claude\) — accord partiel/u);
    expect(resultats(analyse)).toMatchObject({ gpt4: 'valide', claude: 'valide' });
    expect(await askedOf('google')).toBe(1);
  });

  test('garbage of all three is no analysis', async () => {
    await setFault({ provider: '*', kind: 'garbage' });
    const { send } = start();
    await send(FicheCreatedSchema, created);
    expect(await ended()).toMatchObject([{ etat: 'echouee', echec_code: 'ia.aucune_voix_valide' }]);
    expect(await calls()).toHaveLength(3);
  });

  test('a voice that hangs is given up, and the abort reaches the provider', async () => {
    await setFault({ provider: 'openai', kind: 'hang' });
    const { send } = start({ timeoutMs: 300 });
    await send(FicheCreatedSchema, created);
    const [analyse] = await ended();
    expect(analyse).toMatchObject({ etat: 'terminee', voix_valides: 2 });
    expect(resultats(analyse)['gpt4']).toBe('delai');
    expect((await calls('openai')).map((c) => c.outcome)).toEqual(['aborted', 'aborted', 'aborted']);
  });

  test('when the wording fails, the table speaks for itself and says so', async () => {
    const { send } = start();
    await setFault({ provider: 'anthropic', kind: 'status', status: 500, count: 3 });
    await setFault({ provider: 'openai', kind: 'latency', latencyMs: 300 });
    await send(FicheCreatedSchema, created);
    // Claude's vote failed, so another voice words; it is made to fail as well.
    for (let essai = 0; essai < 200 && (await askedOf('openai')) === 0; essai += 1) await sleep(10);
    await setFault({ provider: 'openai', kind: 'garbage' });
    await setFault({ provider: 'google', kind: 'garbage' });
    const [analyse] = await ended();
    expect(analyse).toMatchObject({ etat: 'terminee', synthese_par: null });
    expect(analyse?.messages.find((m) => m.role === 'synthese')?.content).toContain('Rédigée sans modèle, à partir du tableau des avis.');
  });
});

describe('interruption', () => {
  test('what was stored before a stop is kept and not asked again', async () => {
    await setFault({ provider: 'google', kind: 'hang' });
    const first = start({ timeoutMs: 20_000 });
    await first.send(FicheCreatedSchema, created);
    for (let essai = 0; essai < 300 && (await prisma.db.avisVoix.count()) < 2; essai += 1) await sleep(10);
    await first.stop(0);
    expect((await calls('google')).map((c) => c.outcome)).toEqual(['aborted']);
    expect(await analyses()).toMatchObject([{ etat: 'en_attente', finie_le: null }]);
    await fetch(`${sandbox.url}/sandbox/faults`, { method: 'DELETE' });
    start();
    expect(await ended()).toMatchObject([{ etat: 'terminee', voix_valides: 3, essais: 2 }]);
    expect([await askedOf('openai'), await askedOf('anthropic'), await askedOf('google')]).toEqual([1, 1, 2]);
    expect(await published()).toEqual(['AnalyseCompleted']);
  });

  test('a worker that died is replaced when its lease has run out', async () => {
    const store = createAnalyseStore(prisma.db);
    await store.takeEvent({ eventId: randomUUID(), fiche: state, taskId: 't1', traceparent: undefined });
    await store.lease(200);
    start();
    expect(await ended()).toMatchObject([{ etat: 'terminee', essais: 2 }]);
  });
});

test('the identity of a patient reaches no provider, log, span or metric; clinical text reaches no log, span or metric', async () => {
  const canari = { nom: 'Zzyzxkabila', postnom: 'Qwertymwamba', prenom: 'Xanthippemarie', telephone: '+243812345678', avenue: 'Avenue Kazzolo', quartier: 'Quartier Plugh', commune: 'Commune Xyzzy', occupation: 'Fildefériste', contact_nom: 'Ottokarkasongo', contact_telephone: '0998765432', contact_adresse: 'Impasse Frotz', date_naissance: '1991-02-03' };
  const histoire = 'Fièvre depuis trois jours. Xanthippemarie Zzyzxkabila tousse un peu, son mari Ottokarkasongo a appelé du 0998 765 432, frissons le soir.';
  const lignes = pseudonymiser({ ...canari, sexe: 'F', motif_consultation: 'fièvre et frissons', histoire_maladie: histoire, temperature: 39.4, febrile: 'Oui' } as Parameters<typeof pseudonymiser>[0], '34 ans');
  const { send, lines, metrics } = start({ fetchFiche: async () => contenu({ lignes }) });
  await setFault({ provider: 'google', kind: 'status', status: 400, count: 1 });
  await send(FicheCreatedSchema, created);
  const [analyse] = await ended();
  expect(analyse?.voix_valides).toBe(2);

  const envoye = JSON.stringify((await calls()).map((c) => c.request));
  expect(envoye).toContain('fièvre et frissons');
  const dit = [lines.join(''), JSON.stringify(spans), (await metrics.expose('application/openmetrics-text')).body].join('\n');
  expect(dit).toContain('voice answered');
  expect(dit).toContain('model avis');
  for (const identite of [...Object.values(canari), '0998 765 432', state.numeroDossier]) {
    expect(envoye).not.toContain(identite);
    expect(dit).not.toContain(identite);
  }
  for (const clinique of ['frissons', '39,4', 'Paludisme', 'B54']) expect(dit).not.toContain(clinique);
});
