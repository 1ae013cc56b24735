import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { IaService } from '@mediai/contracts/ia/v1/ia_service';
import type { Acteur } from '@mediai/kit/acteur';
import { type AppError, forbidden, unauthenticated, unavailable } from '@mediai/kit/errors';
import { connect, serve, type GrpcClient, type GrpcServer } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createMetrics } from '@mediai/kit/metrics';
import { createGetAnalyse } from './analyse/get-analyse.ts';
import { createConversationStoreMemoire } from './conversation/conversation-store.memory.ts';
import { createOpenConversation, createOpenPage } from './conversation/open-conversation.ts';
import { createReadConversations } from './conversation/read-conversations.ts';
import { createRpc } from './rpc.ts';

const acteur = (plus: Partial<Acteur>): Acteur => ({ id: 20, role: 'medecin', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: '', ...plus });
const acteurs: Record<string, Acteur> = {
  patient: acteur({ id: 10, role: 'patient' }), autre: acteur({ id: 11, role: 'patient' }), medecin: acteur({}), attente: acteur({ approuve: false }),
  ailleurs: acteur({ id: 22, etablissementId: 2 }), admin: acteur({ id: 30, estAdmin: true }), service: acteur({ id: 0, role: 'service', service: 'consultation', etablissementId: 0 }),
  autreService: acteur({ id: 0, role: 'service', service: 'notifications', etablissementId: 0 }),
};
const fiche = { numeroDossier: 'CONS-20260101-001', deleted: false };
const timestamp = new Date('2026-01-02T03:04:05Z');
const store = createConversationStoreMemoire({
  conversations: [
    { id: 1, userId: 10, etablissementId: 1, fiche: { ...fiche, id: 101, publishedAnalyseIds: [] } },
    { id: 2, userId: 12, etablissementId: 1, fiche: { ...fiche, id: 102, assignedMedecinId: 21, publishedAnalyseIds: [] } },
    { id: 3, userId: 10, etablissementId: 1, fiche: { ...fiche, id: 103, publishedAnalyseIds: [9] } },
  ],
  messages: [
    { id: 1, conversationId: 1, role: 'user', content: 'Fièvre depuis trois jours et maux de tête', timestamp, analyseId: 8 },
    { id: 2, conversationId: 1, role: 'synthese', content: 'Cachée', timestamp, analyseId: 8 },
    { id: 3, conversationId: 3, role: 'synthese', content: 'Publiée', timestamp, analyseId: 9 },
    { id: 4, conversationId: 2, role: 'synthese', content: "D'un collègue", timestamp, analyseId: 7 },
  ],
  users: [],
});

let server: GrpcServer;
let client: GrpcClient<typeof IaService>;
const asked: number[][] = [];
const opened: [number, number][] = [];
/** Fiches that a colleague follows by now, which is not known here yet. */
const reassigned = new Set<number>();
let consultationIsAway = false;
beforeAll(async () => {
  const open = createOpenConversation({
    store,
    openFiche: async (id, { id: acteurId, estAdmin }, motif) => {
      opened.push([id, acteurId]);
      if (consultationIsAway) throw unavailable();
      if (id === 102 && !estAdmin && !motif) throw forbidden('acces.motif_requis', 'Indiquez le motif.');
    },
  });
  const openPage = createOpenPage({
    store,
    openFiches: async (ids, { id: acteurId }) => {
      opened.push(...ids.map((id): [number, number] => [id, acteurId]));
      if (consultationIsAway) throw unavailable();
      return new Set(ids.filter((id) => !reassigned.has(id)));
    },
  });
  const fetchUsers = async (ids: readonly number[]) => {
    asked.push([...ids]);
    return new Map([[10, { id: 10, username: 'p.dix', firstName: 'Une', lastName: 'Patiente', role: 'patient', isStaff: false }]]);
  };
  const analyse = { id: 9, ficheId: 103, ficheVersion: 4, taskId: 't9', etat: 'terminee' as const, synthese: 'Publiée', urgenceIa: 'jaune', echecCode: undefined, simulation: true };
  const getAnalyse = createGetAnalyse({ store: { find: async (id) => (id === 9 ? analyse : undefined) } });
  const verify = async (token: string): Promise<Acteur> => acteurs[token] ?? Promise.reject(unauthenticated());
  server = await serve({ services: createRpc({ read: createReadConversations({ store, open, openPage, fetchUsers }), getAnalyse }, {}), host: '127.0.0.1', port: 0, verify, log: createLogger({ service: 'ia', level: 'silent' }), metrics: createMetrics('ia') });
  client = connect(IaService, { address: `127.0.0.1:${server.port}` });
});
afterAll(async () => {
  client.close();
  await server.close(0);
});

const page = { page: 1, pageSize: 20 };

describe('conversations over gRPC', () => {
  test('a patient lists theirs, as far as they may read them, with names asked of auth at once', async () => {
    const { conversations, count, countExact } = await client.listConversations(page, { token: 'patient' });
    expect({ count, countExact }).toEqual({ count: 2, countExact: true });
    expect(conversations).toMatchObject([
      { id: 3, messagesCount: 1, firstMessage: 'Publiée', titre: 'Conversation', fiche: 103 },
      { id: 1, messagesCount: 1, titre: 'Fièvre depuis trois jours et m...', firstMessage: 'Fièvre depuis trois jours et maux de tête', ficheNumero: fiche.numeroDossier, user: { id: 10, username: 'p.dix', lastName: 'Patiente' }, messages: [] },
    ]);
    expect(asked).toEqual([[10]]);
  });

  test('one conversation comes with its messages, oldest first', async () => {
    const { conversation } = await client.getConversation({ id: 1 }, { token: 'medecin' });
    expect(conversation).toMatchObject({ id: 1, messagesCount: 2, messages: [{ id: 1, role: 'user', analyseId: 8, conversation: 1 }, { id: 2, role: 'synthese', content: 'Cachée' }] });
    expect((await client.listConversationMessages({ conversationId: 1 }, { token: 'patient' })).messages.map((m) => m.role)).toEqual(['user']);
  });

  test.each(['autre', 'ailleurs'])("somebody else's is not found (%s)", async (token) => {
    const not = { kind: 'not_found' };
    await expect(client.getConversation({ id: 1 }, { token })).rejects.toMatchObject(not);
    await expect(client.listConversationMessages({ conversationId: 1 }, { token })).rejects.toMatchObject(not);
    await expect(client.getMessage({ id: 1 }, { token })).rejects.toMatchObject(not);
    await expect(client.getConversation({ id: 99 }, { token })).rejects.toMatchObject(not);
  });

  test.each(['patient', 'autre', 'ailleurs'])('what is missing and what is not theirs are told alike (%s)', async (token) => {
    const refusal = (call: Promise<unknown>) => call.then(() => undefined, ({ kind, code, detail }: AppError) => ({ kind, code, detail }));
    const missing = await Promise.all([refusal(client.getConversation({ id: 99 }, { token })), refusal(client.getMessage({ id: 99 }, { token }))]);
    expect(await Promise.all([refusal(client.getConversation({ id: 2 }, { token })), refusal(client.getMessage({ id: 4 }, { token }))])).toEqual(missing);
  });

  test('every reading of another’s is an opening, of whatever is read; lists included; one’s own is none', async () => {
    const read = async (token: string) => {
      opened.length = 0;
      await client.getConversation({ id: 1 }, { token });
      await client.listConversationMessages({ conversationId: 1 }, { token });
      await client.getMessage({ id: 1 }, { token });
      await client.listConversations(page, { token });
      await client.listMessages(page, { token });
      return [...opened];
    };
    const lists = (acteurId: number, ...fiches: number[]) => fiches.map((fiche) => [fiche, acteurId]);
    expect(await read('medecin')).toEqual([[101, 20], [101, 20], [101, 20], ...lists(20, 103, 101), ...lists(20, 101, 103)]);
    expect(await read('admin')).toEqual([[101, 30], [101, 30], [101, 30], ...lists(30, 103, 102, 101), ...lists(30, 101, 102, 103)]);
    expect(await read('patient')).toEqual([]);
  });

  test('what a colleague follows by now is in no list, whatever is known here', async () => {
    reassigned.add(103);
    expect((await client.listConversations(page, { token: 'medecin' })).conversations.map((c) => c.id)).toEqual([1]);
    expect((await client.listMessages(page, { token: 'medecin' })).messages.map((m) => m.id)).toEqual([2, 1]);
    expect((await client.listConversations(page, { token: 'patient' })).conversations.map((c) => c.id)).toEqual([3, 1]);
    reassigned.clear();
  });

  test('while consultation is away nothing of another’s is opened; one’s own is', async () => {
    consultationIsAway = true;
    for (const token of ['medecin', 'admin']) {
      const calls = [client.getConversation({ id: 1 }, { token }), client.listConversationMessages({ conversationId: 1 }, { token }), client.getMessage({ id: 1 }, { token }), client.listConversations(page, { token }), client.listMessages(page, { token })];
      for (const call of calls) await expect(call).rejects.toMatchObject({ kind: 'unavailable' });
    }
    expect((await client.getConversation({ id: 1 }, { token: 'patient' })).conversation?.id).toBe(1);
    consultationIsAway = false;
  });

  test("a colleague's needs a reason, and is in no list", async () => {
    await expect(client.getConversation({ id: 2 }, { token: 'medecin' })).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.motif_requis' });
    await expect(client.getMessage({ id: 4 }, { token: 'medecin' })).rejects.toMatchObject({ code: 'acces.motif_requis' });
    expect((await client.getConversation({ id: 2 }, { token: 'medecin', accessReason: 'Garde de nuit' })).conversation?.id).toBe(2);
    expect((await client.listConversations(page, { token: 'medecin' })).conversations.map((c) => c.id)).toEqual([3, 1]);
    expect((await client.listMessages(page, { token: 'medecin' })).messages.map((m) => m.id)).toEqual([3, 2, 1]);
    expect((await client.listConversations(page, { token: 'admin' })).count).toBe(3);
  });

  test('what is not published is not found by its owner, wherever they look', async () => {
    await expect(client.getMessage({ id: 2 }, { token: 'patient' })).rejects.toMatchObject({ kind: 'not_found' });
    expect((await client.getMessage({ id: 3 }, { token: 'patient' })).message).toMatchObject({ content: 'Publiée' });
    expect((await client.listMessages(page, { token: 'patient' })).messages.map((m) => m.id)).toEqual([3, 1]);
  });

  test.each(['listConversations', 'listMessages'] as const)('%s refuses a médecin who waits for approval, a service and a page too deep', async (method) => {
    await expect(client[method](page, { token: 'attente' })).rejects.toMatchObject({ kind: 'forbidden', code: 'compte.en_attente' });
    await expect(client[method](page, { token: 'service' })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(client[method]({ page: 101, pageSize: 100 }, { token: 'admin' })).rejects.toMatchObject({ kind: 'invalid', code: 'pagination.trop_profonde' });
    await expect(client[method](page, {})).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});

describe('an analysis over gRPC', () => {
  test('is for consultation', async () => {
    expect(await client.getAnalyse({ id: 9 }, { token: 'service' })).toMatchObject({ id: 9, ficheId: 103, ficheVersion: 4, taskId: 't9', etat: 'terminee', synthese: 'Publiée', urgenceIa: 'jaune', simulation: true });
    await expect(client.getAnalyse({ id: 10 }, { token: 'service' })).rejects.toMatchObject({ kind: 'not_found' });
    for (const token of ['patient', 'medecin', 'admin', 'autreService']) await expect(client.getAnalyse({ id: 9 }, { token })).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
