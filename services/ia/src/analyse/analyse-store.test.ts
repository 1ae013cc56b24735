import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import { AnalyseCompletedSchema, AnalyseFailedSchema } from '@mediai/contracts/ia/v1/events';
import { createTestDatabase, explain, multiplyRow, type TestDatabase } from '@mediai/testing';
import { openDatabase, type Database } from '../database-store.ts';
import { fusionner } from '../fusion/fusionner.ts';
import { LIGNES, vote } from '../vote.memory.ts';
import type { AnalyseEnBail, Avis, EtatFiche, EvenementFiche, FinAnalyse } from './analyse.ts';
import { createIaMetrics } from '../metrics.ts';
import { createAnalyseStoreMemoire } from './analyse-store.memory.ts';
import { createAnalyseStore, type AnalyseStore } from './analyse-store.ts';
import { ATTENTE, createLireAttente } from './attente-store.ts';

type Fixture = {
  store: AnalyseStore;
  messages: () => Promise<{ role: string; content: string }[]>;
  /** Ends announced, as (task, code or number of valid voices). */
  annonces: () => Promise<[string, string | number][]>;
};

const fiche = (plus: Partial<EtatFiche> = {}): EtatFiche => ({ id: 7, numeroDossier: 'CONS-20260101-007', userId: 3, etablissementId: 1, status: 'en_analyse', version: 1, publishedAnalyseIds: [], deleted: false, ...plus });
const evenement = (taskId: string | undefined, plus: Partial<EtatFiche> = {}): EvenementFiche => ({ eventId: randomUUID(), fiche: fiche(plus), taskId, traceparent: undefined });
const contenu = { version: 2, lignes: LIGNES, urgenceRegles: 'jaune' as const, iaPermise: true };
const avis = (plus: Partial<Avis> = {}): Avis => ({ role: 'gpt4', fournisseur: 'openai', modele: 'm', simulation: false, resultat: 'valide', tentatives: 1, dureeMs: 12, jetonsEntree: 1, jetonsSortie: 2, vote: vote(), ...plus });
const fin: FinAnalyse = {
  etat: 'terminee', voixDemandees: 3, voixValides: 1, urgenceIa: 'jaune', relecturePrioritaire: true, simulation: true, synthesePar: 'claude',
  fusion: fusionner([{ role: 'gpt4', vote: vote() }], 'jaune'), synthese: 'La synthèse',
};

let database: TestDatabase;
let prisma: Database;
beforeAll(async () => {
  database = await createTestDatabase('ia');
  prisma = openDatabase(database.appUrl);
});
afterAll(async () => {
  await prisma.close();
  await database.drop();
});

function enMemoire(): Fixture {
  const store = createAnalyseStoreMemoire();
  return {
    store,
    messages: async () => store.messages.map(({ role, content }) => ({ role, content })),
    annonces: async () => store.fins.map(({ taskId, fin: f }) => [taskId, f.etat === 'echouee' ? f.code : f.voixValides]),
  };
}

function surPostgres(): Fixture {
  const { db } = prisma;
  return {
    store: createAnalyseStore(db),
    messages: () => db.messageIa.findMany({ orderBy: { id: 'asc' }, select: { role: true, content: true } }),
    async annonces() {
      const rows = await db.outbox.findMany({ orderBy: { id: 'asc' } });
      return rows.map(({ type, payload }): [string, string | number] => {
        if (type === AnalyseFailedSchema.typeName) return (({ taskId, code }) => [taskId, code] as [string, string])(fromBinary(AnalyseFailedSchema, payload ?? new Uint8Array()));
        return (({ taskId, voixValides }) => [taskId, voixValides] as [string, number])(fromBinary(AnalyseCompletedSchema, payload ?? new Uint8Array()));
      });
    },
  };
}

describe.each([['in memory', enMemoire], ['on PostgreSQL', surPostgres]])('the store of analyses %s', (_nom, ouvrir) => {
  let f: Fixture;
  let store: AnalyseStore;
  beforeEach(async () => {
    await prisma.db.$executeRawUnsafe('DELETE FROM conversation');
    for (const table of ['outbox', 'inbox', 'fiche_projection']) await prisma.db.$executeRawUnsafe(`DELETE FROM ${table}`);
    f = ouvrir();
    store = f.store;
  });
  const prendre = async (bailMs = 10_000): Promise<AnalyseEnBail> => {
    const bail = await store.lease(bailMs);
    if (!bail) throw new Error('nothing to lease');
    return bail;
  };

  test('a redelivered FicheCreated is analysed once', async () => {
    const cree = evenement('t1');
    expect(await Promise.all([store.takeEvent(cree), store.takeEvent(cree), store.takeEvent(cree)])).toEqual(expect.arrayContaining([true, false, false]));
    expect(await store.takeEvent({ ...cree, eventId: randomUUID() })).toBe(false);
    expect(await prendre()).toMatchObject({ taskId: 't1', ficheId: 7, essais: 1, contenu: undefined });
    expect(await store.lease(1_000)).toBeUndefined();
  });

  test('an event without a task, or of a deleted fiche, asks for no analysis', async () => {
    await store.takeEvent(evenement(undefined));
    await store.takeEvent(evenement('t1', { version: 2, deleted: true }));
    expect(await store.lease(1_000)).toBeUndefined();
  });

  test('an imported fiche is known, and asks for nothing; a relaunch of it does', async () => {
    expect(await store.takeEvent({ ...evenement(undefined), importee: true })).toBe(false);
    expect(await store.lease(1_000)).toBeUndefined();
    expect(await store.takeEvent(evenement('t1', { version: 2 }))).toBe(true);
    expect(await prendre()).toMatchObject({ taskId: 't1', ficheId: 7 });
  });

  test('each task is an analysis of its own, the oldest first, held by one at a time', async () => {
    await store.takeEvent(evenement('t1'));
    await sleep(5);
    await store.takeEvent(evenement('t2', { version: 2 }));
    const baux = await Promise.all([store.lease(10_000), store.lease(10_000), store.lease(10_000)]);
    expect(baux.map((b) => b?.taskId).sort()).toEqual(['t1', 't2', undefined]);
  });

  test('a lease that ran out is taken up again, with what was given to the voices, and the first holder writes no more', async () => {
    await store.takeEvent(evenement('t1'));
    const premier = await prendre(30);
    expect(await store.saveContent(premier, contenu, 'Le résumé', '1')).toBe(true);
    await sleep(60);
    const second = await prendre();
    expect(second).toMatchObject({ id: premier.id, essais: 2, commenceeLe: premier.commenceeLe, contenu: { version: 2, lignes: LIGNES, urgenceRegles: 'jaune' } });
    expect(await store.renew(premier, 1_000)).toBe(false);
    expect(await store.saveAvis(premier, avis(), 'trop tard')).toBe(false);
    expect(await store.finish(premier, fin)).toBe(false);
    expect(await store.renew(second, 1_000)).toBe(true);
    expect(await f.messages()).toEqual([{ role: 'user', content: 'Le résumé' }]);
  });

  test('what is put off comes back when its time has come', async () => {
    await store.takeEvent(evenement('t1'));
    await store.postpone(await prendre(), 80);
    expect(await store.lease(1_000)).toBeUndefined();
    await sleep(120);
    expect(await prendre()).toMatchObject({ taskId: 't1', essais: 2 });
  });

  test('the same summary is not repeated, a changed one is added', async () => {
    for (const [task, resume] of [['t1', 'A'], ['t2', 'A'], ['t3', 'B']] as const) {
      await store.takeEvent(evenement(task));
      const bail = await prendre();
      await store.saveContent(bail, contenu, resume, '1');
      await store.finish(bail, { etat: 'echouee', code: 'ia.aucune_voix_valide', voixDemandees: 3, simulation: false });
    }
    expect((await f.messages()).map((m) => m.content)).toEqual(['A', 'B']);
  });

  test("a voice's answer is stored once, an invalid one without a message", async () => {
    await store.takeEvent(evenement('t1'));
    const bail = await prendre();
    await store.saveAvis(bail, avis(), 'premier');
    await store.saveAvis(bail, avis({ dureeMs: 99 }), 'second');
    await store.saveAvis(bail, avis({ role: 'claude', fournisseur: 'anthropic', resultat: 'refus', vote: undefined }), undefined);
    expect(await f.messages()).toEqual([{ role: 'gpt4', content: 'premier' }]);
    expect(await store.listAvis(bail.id)).toEqual([avis({ role: 'claude', fournisseur: 'anthropic', resultat: 'refus', vote: undefined }), avis()]);
  });

  test('an analysis ends once, with its synthesis and one event', async () => {
    await store.takeEvent(evenement('t1'));
    const bail = await prendre();
    await store.saveContent(bail, contenu, 'Le résumé', '1');
    expect(await Promise.all([store.finish(bail, fin), store.finish(bail, fin)])).toEqual(expect.arrayContaining([true, false]));
    expect(await f.annonces()).toEqual([['t1', 1]]);
    expect((await f.messages()).map((m) => m.role)).toEqual(['user', 'synthese']);
    expect(await store.find(bail.id)).toEqual({ id: bail.id, ficheId: 7, ficheVersion: 2, taskId: 't1', etat: 'terminee', synthese: 'La synthèse', urgenceIa: 'jaune', echecCode: undefined, simulation: true });
    expect(await store.lease(1_000)).toBeUndefined();
  });

  test('a failed one ends with its code and without a synthesis', async () => {
    await store.takeEvent(evenement('t1'));
    const bail = await prendre();
    await store.finish(bail, { etat: 'echouee', code: 'ia.consentement_absent', voixDemandees: 3, simulation: false });
    expect(await f.annonces()).toEqual([['t1', 'ia.consentement_absent']]);
    expect(await store.find(bail.id)).toMatchObject({ etat: 'echouee', synthese: undefined, echecCode: 'ia.consentement_absent' });
    expect(await store.find(bail.id + 1)).toBeUndefined();
  });
});

describe('the conversation of a fiche on PostgreSQL', () => {
  beforeEach(() => prisma.db.$executeRawUnsafe('DELETE FROM conversation'));

  test('is opened once and follows its owner, whatever the order of events', async () => {
    await prisma.db.$executeRawUnsafe('DELETE FROM fiche_projection');
    const store = createAnalyseStore(prisma.db);
    await store.takeEvent(evenement(undefined, { version: 3, userId: 9 }));
    await store.takeEvent(evenement('t1', { version: 1, userId: 3 }));
    expect(await prisma.db.conversation.findMany({ select: { fiche_id: true, user_id: true, etablissement_id: true } })).toEqual([{ fiche_id: 7, user_id: 9, etablissement_id: 1 }]);
    expect(await prendreTache(store)).toBe('t1');
  });
});

test('how many analyses wait, and since when the oldest, is read from those that wait alone', async () => {
  const { db } = prisma;
  await db.$executeRawUnsafe('DELETE FROM conversation');
  await createAnalyseStore(db).takeEvent(evenement('t1'));
  await multiplyRow(database.ownerUrl, {
    table: 'analyse_ia', where: "task_id = 't1'", count: 5_000,
    ecarts: { task_id: "'copie-' || g", etat: "CASE WHEN g <= 10 THEN 'en_cours' WHEN g <= 20 THEN 'en_attente' WHEN g <= 2_500 THEN 'echouee' ELSE 'terminee' END", demandee_le: "now() - g * interval '1 minute'", prochain_essai: "now() + interval '1 hour'" },
  });
  const metrics = createIaMetrics();
  await createLireAttente(db, metrics)();
  const text = await metrics.registry.metrics();
  expect(text).toContain('ia_analyses_waiting{service="ia"} 21\n');
  expect(Math.round(Number(/^ia_oldest_waiting_seconds\{.*\} (.*)$/mu.exec(text)?.[1]) / 60)).toBe(20);
  expect(await explain(database.ownerUrl, ATTENTE)).toEqual({ lues: 21, chemins: ['analyse_ia_attente_partial'], entieres: [] });
  await db.$executeRawUnsafe('DELETE FROM conversation');
  await createLireAttente(db, metrics)();
  expect(await metrics.registry.metrics()).toMatch(/ia_analyses_waiting\{.*\} 0\n[^]*ia_oldest_waiting_seconds\{.*\} 0\n/u);
});

const prendreTache = async (store: AnalyseStore): Promise<string | undefined> => (await store.lease(1_000))?.taskId;

test('an imported fiche opens no conversation, and keeps the owner of the one that was imported', async () => {
  const { db } = prisma;
  const store = createAnalyseStore(db);
  await store.takeEvent({ ...evenement(undefined, { id: 70 }), importee: true });
  expect(await db.ficheProjection.findUnique({ where: { id: 70 } })).toMatchObject({ user_id: 3, status: 'en_analyse' });
  expect(await db.conversation.count({ where: { fiche_id: 70 } })).toBe(0);
  await db.conversation.create({ data: { id: 5, user_id: 2, fiche_id: 71, etablissement_id: 1 } });
  await store.takeEvent({ ...evenement(undefined, { id: 71 }), importee: true });
  expect(await db.conversation.findMany({ where: { fiche_id: 71 }, select: { id: true, user_id: true } })).toEqual([{ id: 5, user_id: 3 }]);
});
