import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runWithRequest } from '@mediai/kit/telemetry';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { openDatabase, type Database } from '../database-store.ts';
import type { Portee } from '../acces/acces.ts';
import { createAnalyseStore } from '../analyse/analyse-store.ts';
import { titreDe, type Message, type UserCourt } from './conversation.ts';
import { createConversationStoreMemoire, type ConversationMemoire } from './conversation-store.memory.ts';
import { createConversationStore, type ConversationStore } from './conversation-store.ts';

const fiche = (id: number, plus: Partial<NonNullable<ConversationMemoire['fiche']>> = {}) => ({ id, numeroDossier: `CONS-${id}`, deleted: false, publishedAnalyseIds: [], ...plus });
/** 1: patient 10, published; 2: patient 10, assigned to 20; 3: assigned to 21; 4: elsewhere; 5: médecin 20's own, no fiche; 6: deleted. */
const conversations: ConversationMemoire[] = [
  { id: 1, userId: 10, etablissementId: 1, fiche: fiche(101, { publishedAnalyseIds: [501] }) },
  { id: 2, userId: 10, etablissementId: 1, fiche: fiche(102, { assignedMedecinId: 20 }) },
  { id: 3, userId: 11, etablissementId: 1, fiche: fiche(103, { assignedMedecinId: 21 }) },
  { id: 4, userId: 12, etablissementId: 2, fiche: fiche(104) },
  { id: 5, nom: 'Garde de nuit', userId: 20, etablissementId: 1 },
  { id: 6, userId: 10, etablissementId: 1, fiche: fiche(106, { deleted: true }) },
];
const timestamp = new Date('2026-01-02T03:04:05Z');
const message = (id: number, conversationId: number, role: string, content: string, analyseId?: number): Message => ({ id, conversationId, role, content, timestamp, analyseId });
const messages: Message[] = [
  message(1, 1, 'user', 'Fièvre depuis trois jours et maux de tête', 501),
  message(2, 1, 'gpt4', 'Avis publié', 501),
  message(3, 1, 'synthese', 'Synthèse publiée', 501),
  message(4, 1, 'synthese', 'Synthèse non publiée', 502),
  message(5, 2, 'gpt4', 'Avis caché', 503),
  message(6, 2, 'user', 'Toux', 503),
  message(7, 3, 'synthese', "D'un collègue", 504),
  message(8, 4, 'synthese', "D'ailleurs", 505),
  message(9, 5, 'user', 'Question'),
  message(10, 6, 'user', 'Supprimée', 506),
];
const users: UserCourt[] = [{ id: 10, username: 'p.un', firstName: 'Une', lastName: 'Patiente', role: 'patient', isStaff: false }];

const patient: Portee = { genre: 'patient', userId: 10, etablissementId: 1 };
const medecin: Portee = { genre: 'medecin', userId: 20, etablissementId: 1 };
const admin: Portee = { genre: 'admin', userId: 30, etablissementId: 1 };
const page = { page: 1, pageSize: 20 };

let database: TestDatabase;
let prisma: Database;
beforeAll(async () => {
  database = await createTestDatabase('ia');
  prisma = openDatabase(database.appUrl);
  await fill(prisma.db);
});
afterAll(async () => {
  await prisma.close();
  await database.drop();
});

async function fill(db: Database['db']): Promise<void> {
  for (const { id, nom, userId, etablissementId, fiche: f } of conversations) {
    if (f) {
      const { numeroDossier, assignedMedecinId, deleted, publishedAnalyseIds } = f;
      await db.ficheProjection.create({ data: { id: f.id, numero_dossier: numeroDossier, user_id: userId, assigned_medecin_id: assignedMedecinId, etablissement_id: etablissementId, status: 'en_analyse', version: 1, published_analyse_ids: publishedAnalyseIds, deleted } });
    }
    await db.conversation.create({ data: { id, nom, user_id: userId, etablissement_id: etablissementId, fiche_id: f?.id } });
  }
  for (const analyse of new Map(messages.filter((m) => m.analyseId !== undefined).map((m) => [m.analyseId as number, m.conversationId]))) {
    await db.analyse.create({ data: { id: analyse[0], task_id: `t${analyse[0]}`, conversation_id: analyse[1], fiche_id: 100 + analyse[1], etablissement_id: 1, fiche_version: 1 } });
  }
  await db.messageIa.createMany({ data: messages.map((m) => ({ id: m.id, conversation_id: m.conversationId, etablissement_id: 1, role: m.role, content: m.content, timestamp, analyse_id: m.analyseId })) });
  await db.userProjection.create({ data: { id: 10, username: 'p.un', first_name: 'Une', last_name: 'Patiente', role: 'patient', is_staff: false, is_active: true, approuve: true, is_available: false, etablissement_id: 1, version: 1 } });
}

describe.each<[string, () => ConversationStore]>([
  ['in memory', () => createConversationStoreMemoire({ conversations, messages, users })],
  ['on PostgreSQL', () => createConversationStore(prisma.db)],
])('the store of conversations %s', (_nom, ouvrir) => {
  const ids = async (portee: Portee, ficheId?: number) => (await ouvrir().list(portee, page, ficheId)).conversations.map((c) => c.id);

  test.each<[string, Portee, number[]]>([['a patient', patient, [2, 1]], ['a médecin', medecin, [5, 2, 1]], ['an admin', admin, [5, 3, 2, 1]]])('%s lists theirs, newest first', async (_qui, portee, attendus) => {
    expect(await ids(portee)).toEqual(attendus);
    expect(await ouvrir().list(portee, page)).toMatchObject({ count: attendus.length, countExact: true });
  });

  test('the conversation of a fiche, and pages', async () => {
    expect(await ids(patient, 102)).toEqual([2]);
    expect(await ids(medecin, 103)).toEqual([]);
    expect(await ids(medecin, 999)).toEqual([]);
    const seconde = await ouvrir().list(medecin, { page: 2, pageSize: 2 });
    expect({ ids: seconde.conversations.map((c) => c.id), count: seconde.count }).toEqual({ ids: [1], count: 3 });
  });

  test('a patient reads, counts and sees the beginning of what is published only', async () => {
    const { conversations: [deux, un] } = await ouvrir().list(patient, page);
    expect(un).toMatchObject({ id: 1, messagesCount: 3, firstMessage: 'Fièvre depuis trois jours et maux de tête', ficheNumero: 'CONS-101', ficheId: 101, userId: 10 });
    expect(deux).toMatchObject({ id: 2, messagesCount: 1, firstMessage: 'Toux', firstUserMessage: 'Toux' });
    expect((await ouvrir().messagesOf(patient, 1)).map((m) => m.id)).toEqual([1, 2, 3]);
    expect((await ouvrir().listMessages(patient, page)).messages.map((m) => m.id)).toEqual([6, 3, 2, 1]);
    expect(await ouvrir().findMessage(patient, 4)).toBeUndefined();
    expect(await ouvrir().findMessage(patient, 3)).toEqual(messages[2]);
  });

  test('a médecin reads all of it', async () => {
    const { conversations: [, deux, un] } = await ouvrir().list(medecin, page);
    expect(un?.messagesCount).toBe(4);
    expect(deux).toMatchObject({ messagesCount: 2, firstMessage: 'Avis caché', firstUserMessage: 'Toux' });
    expect(await ouvrir().listMessages(medecin, { page: 1, pageSize: 3 })).toMatchObject({ messages: [{ id: 9 }, { id: 6 }, { id: 5 }], count: 7, countExact: true });
    const { conversations: sujets } = await ouvrir().listMessages(medecin, { page: 1, pageSize: 3 });
    expect(sujets.sort((a, b) => a.id - b.id)).toEqual([{ id: 2, userId: 10, ficheId: 102, etablissementId: 1 }, { id: 5, userId: 20, ficheId: undefined, etablissementId: 1 }]);
    expect((await ouvrir().messagesOf(medecin, 2)).map((m) => m.content)).toEqual(['Avis caché', 'Toux']);
  });

  test.each<[string, Portee]>([['a médecin, a colleague’s', { ...medecin, userId: 10 }], ['an admin, elsewhere', { ...admin, userId: 10, etablissementId: 2 }]])('of their own dossier that is not in their care %s reads what a patient does', async (_qui, portee) => {
    // Fiche 102 is assigned to another; 101 is in a médecin's care, and read as the others are.
    const { conversations: listed } = await ouvrir().list(portee, { page: 1, pageSize: 100 }, 102);
    expect(listed).toMatchObject([{ id: 2, messagesCount: 1, firstMessage: 'Toux' }]);
    expect((await ouvrir().find(portee, 2))?.conversation).toMatchObject({ messagesCount: 1, firstMessage: 'Toux' });
    expect((await ouvrir().messagesOf(portee, 2)).map((m) => m.id)).toEqual([6]);
    expect((await ouvrir().messagesOf(portee, 1)).map((m) => m.id)).toEqual(portee.genre === 'medecin' ? [1, 2, 3, 4] : [1, 2, 3]);
    expect((await ouvrir().listMessages(portee, page)).messages.map((m) => m.id)).not.toContain(5);
    expect(await ouvrir().findMessage(portee, 5)).toBeUndefined();
    expect((await ouvrir().findMessage(portee, 7))?.id).toBe(7);
  });

  test('a single one comes with what decides about it', async () => {
    expect((await ouvrir().find(medecin, 3))?.situation).toEqual({ userId: 11, etablissementId: 1, fiche: { assignedMedecinId: 21, deleted: false } });
    expect((await ouvrir().find(medecin, 5))?.situation).toEqual({ userId: 20, etablissementId: 1, fiche: undefined });
    expect((await ouvrir().find(patient, 2))?.conversation).toMatchObject({ messagesCount: 1, firstMessage: 'Toux' });
    expect(await ouvrir().find(medecin, 99)).toBeUndefined();
  });

  test('names come by id', async () => {
    expect((await ouvrir().users([10, 11])).get(10)).toMatchObject({ username: 'p.un', lastName: 'Patiente' });
    expect((await ouvrir().users([11])).size).toBe(0);
  });
});

test('an opening and a refusal are audited, and the app cannot edit that', async () => {
  const { db } = prisma;
  const { noteAccess } = createConversationStore(db);
  const acces = { acteurId: 20, acteurRole: 'medecin', conversationId: 3, etablissementId: 1 };
  await runWithRequest({ requestId: 'r1', adresse: '198.51.100.7' }, () => noteAccess({ ...acces, issue: 'ok', raison: 'Garde' }));
  await noteAccess({ ...acces, issue: 'refus', raison: 'acces.motif_requis' });
  const lignes = await db.audit.findMany({ orderBy: { id: 'asc' }, omit: { id: true, le: true } });
  const commun = { acteur_id: 20, acteur_role: 'medecin', action: 'conversation.lire', objet_type: 'conversation', objet_id: '3', etablissement_id: 1 };
  expect(lignes).toEqual([
    { ...commun, adresse: '198.51.100.7', request_id: 'r1', issue: 'ok', raison: 'Garde' },
    { ...commun, adresse: null, request_id: null, issue: 'refus', raison: 'acces.motif_requis' },
  ]);
  await expect(db.audit.deleteMany({})).rejects.toThrow();
  const { notePage } = createConversationStore(db);
  for (let i = 0; i < 2; i++) await notePage({ acteurId: 20, acteurRole: 'medecin' }, [{ id: 1, userId: 10, ficheId: 101, etablissementId: 1 }, { id: 2, userId: 10, ficheId: 102, etablissementId: 1 }]);
  expect((await db.audit.findMany({ where: { action: 'conversation.lister' }, orderBy: { id: 'asc' } })).map(({ objet_id, issue }) => [objet_id, issue])).toEqual([['1', 'ok'], ['2', 'ok']]);
});

test('a conversation whose fiche is not known here yet is in no médecin’s list', async () => {
  await prisma.db.conversation.create({ data: { id: 7, user_id: 10, etablissement_id: 1, fiche_id: 199 } });
  await prisma.db.messageIa.create({ data: { id: 11, conversation_id: 7, etablissement_id: 1, role: 'user', content: 'Inconnue' } });
  const store = createConversationStore(prisma.db);
  expect((await store.list(medecin, page, 199)).conversations).toEqual([]);
  expect((await store.listMessages(medecin, page)).messages.map((m) => m.id)).not.toContain(11);
  expect((await store.list(patient, page, 199)).conversations).toMatchObject([{ id: 7 }]);
});

describe('to a patient', () => {
  const fiche108 = { id: 108, numeroDossier: 'CONS-108', userId: 10, etablissementId: 1, status: 'analyse_terminee', version: 1, deleted: false };
  const publish = (version: number, publishedAnalyseIds: number[]) =>
    createAnalyseStore(prisma.db).takeEvent({ eventId: randomUUID(), fiche: { ...fiche108, version, publishedAnalyseIds }, taskId: undefined, traceparent: undefined });

  test('an analysis is there once it is published, in texts, counts, beginnings and titles alike, and a later one is not', async () => {
    const { db } = prisma;
    const conversation = await db.conversation.create({ data: { id: 8, user_id: 10, etablissement_id: 1, fiche_id: 108 } });
    await publish(1, []);
    for (const id of [601, 602]) await db.analyse.create({ data: { id, task_id: `t${id}`, conversation_id: conversation.id, fiche_id: 108, etablissement_id: 1, fiche_version: 1 } });
    const data = { conversation_id: conversation.id, etablissement_id: 1 };
    await db.messageIa.createMany({ data: [
      { ...data, id: 601, role: 'synthese', content: 'Première synthèse', analyse_id: 601 },
      { ...data, id: 602, role: 'user', content: 'Vertiges depuis hier', analyse_id: 602 },
      { ...data, id: 603, role: 'claude', content: 'Avis plus récent', analyse_id: 602 },
    ] });
    const store = createConversationStore(db);
    const seen = async (portee: Portee) => {
      const [listed] = (await store.list(portee, page, 108)).conversations;
      const found = await store.find(portee, conversation.id);
      expect(found?.conversation).toEqual(listed);
      const { messages } = await store.listMessages(portee, { page: 1, pageSize: 100 });
      return {
        messagesCount: listed?.messagesCount, firstMessage: listed?.firstMessage, titre: listed && titreDe(listed),
        ids: (await store.messagesOf(portee, conversation.id)).map((m) => m.id),
        listed: messages.filter((m) => m.conversationId === conversation.id).map((m) => m.id),
        found: (await Promise.all([601, 602, 603].map((id) => store.findMessage(portee, id)))).flatMap((m) => m?.id ?? []),
      };
    };
    const titre = 'Vertiges depuis hier...';
    const avant = { messagesCount: 1, firstMessage: 'Vertiges depuis hier', titre, ids: [602], listed: [602], found: [602] };
    const tout = { messagesCount: 3, firstMessage: 'Première synthèse', titre, ids: [601, 602, 603], listed: [603, 602, 601], found: [601, 602, 603] };
    expect(await seen(patient)).toEqual(avant);
    expect(await seen(medecin)).toEqual(tout);
    await publish(2, [601]);
    expect(await seen(patient)).toEqual({ ...avant, messagesCount: 2, firstMessage: 'Première synthèse', ids: [601, 602], listed: [602, 601], found: [601, 602] });
    await publish(3, [601, 602]);
    expect(await seen(patient)).toEqual(tout);
  });
});
