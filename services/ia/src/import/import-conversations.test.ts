import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '@mediai/db/admin';
import { runImport } from '@mediai/import-django';
import { aConversation, aFiche, aMessage, aUser, aValidatedFiche, createOriginal, type Original } from '@mediai/import-django/original';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createAnalyseStore } from '../analyse/analyse-store.ts';
import { createConversationStore } from '../conversation/conversation-store.ts';
import { openDatabase } from '../database-store.ts';
import { conversationsFormes, createImportConversations } from './import-conversations.ts';
import { openConversationImportStore } from './import-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'mediai-import-'));
let original: Original;
let database: TestDatabase;

beforeAll(async () => {
  [original, database] = await Promise.all([createOriginal(), createTestDatabase('ia')]);
  await original.insert('authentication_customuser', aUser(1), aUser(2, { role: 'medecin' }), aUser(3));
  await original.insert('chat_ficheconsultation', aValidatedFiche(1), aFiche(2), aFiche(3), aFiche(4, { user_id: null }), aFiche(5), aFiche(6));
  await original.insert(
    'chat_conversation',
    aConversation(1, { fiche_id: 1, nom: 'Ma fièvre' }), aConversation(2, { fiche_id: 1 }), aConversation(3, { fiche_id: 2, user_id: 2 }), aConversation(4, { fiche_id: 4, user_id: 2 }), aConversation(5),
    aConversation(6, { user_id: 77 }), aConversation(7, { fiche_id: 3, user_id: 3, created_at: '0001-01-01 00:00:00+00' }), aConversation(8, { fiche_id: 88 }), aConversation(9, { fiche_id: 5 }), aConversation(500, { fiche_id: 6 }),
  );
  await original.insert(
    'chat_messageia',
    aMessage(10, 1, 'user'), aMessage(11, 1, 'gpt4'), aMessage(12, 1, 'claude'), aMessage(13, 1, 'synthese'), aMessage(14, 2, 'user'), aMessage(15, 2, 'gpt4', { timestamp: 'infinity' }), aMessage(16, 2, 'gpt4'), aMessage(17, 2, 'synthese'),
    aMessage(20, 3, 'user'), aMessage(21, 3, 'gpt4'), aMessage(30, 4, 'gpt4'), aMessage(31, 4, 'synthese'), aMessage(40, 5, 'user'), aMessage(41, 5, 'synthese'), aMessage(50, 6, 'user'), aMessage(60, 66, 'user'),
    aMessage(61, 5, 'llama'), aMessage(62, 5, 'user', { content: '' }), aMessage(63, 5, 'user', { content: 'a<b'.repeat(40_000) }), aMessage(70, 9, 'user'), aMessage(600, 500, 'synthese'),
  );
  writeFileSync(join(folder, 'consultation.json'), `{"ecarts":[\n${JSON.stringify({ table: 'chat_ficheconsultation', id: 5, colonne: 'etat', raison: 'x', effet: 'ligne' })}\n]}`);
});

afterAll(async () => {
  await Promise.all([original.drop(), database.drop()]);
});

const query = async (sql: string, params: unknown[] = []): Promise<Record<string, unknown>[]> => (await withClient(database.ownerUrl, (client) => client.query(sql, params))).rows;

async function run(name: string, args: string[] = [], signal = new AbortController().signal, afterBatch = (): void => undefined) {
  const lines: string[] = [];
  const code = await runImport({
    service: 'ia', argv: ['django', original.url, '--report', join(folder, name), '--after', join(folder, 'consultation.json'), ...args], env: {}, formes: conversationsFormes, signal,
    open: ({ etablissementId }) => {
      const store = openConversationImportStore(database.appUrl);
      return createImportConversations({ ...store, ecrireConversations: (...rest) => store.ecrireConversations(...rest).then(afterBatch) }, etablissementId);
    },
    say: (line) => lines.push(line),
  });
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { ecarts: { table: string; id: number; colonne: string; effet: string }[]; tables: Record<string, object> };
  return { code, report, faults: report.ecarts.map(({ table, id, colonne, effet }) => `${table.slice(5)} ${id} ${colonne}${effet === 'ligne' ? ' ligne' : ''}`).sort(), text: lines.join('\n') };
}

const misfits = [
  'conversation 2 fiche_id', 'conversation 3 fiche_id', 'conversation 6 user_id', 'conversation 6 user_id ligne', 'conversation 7 created_at', 'conversation 7 fiche_id', 'conversation 8 fiche_id', 'conversation 9 fiche_id',
  'messageia 15 timestamp', 'messageia 50 conversation_id ligne', 'messageia 60 conversation_id ligne', 'messageia 61 role ligne', 'messageia 63 content',
].sort();

test('a dry run says everything, writes nothing, and tells no value', async () => {
  const { code, faults, text, report } = await run('dry.json');
  expect({ code, faults }).toEqual({ code: 1, faults: misfits });
  for (const table of ['conversation', 'message_ia', 'analyse_ia', 'audit', 'imported_row']) expect(await query(`SELECT 1 FROM ${table}`)).toEqual([]);
  for (const value of ['Fièvre', 'fièvre', 'Avis', 'llama']) expect(text + JSON.stringify(report)).not.toContain(value);
});

describe('applied', () => {
  beforeAll(async () => {
    // An event of fiche 6 came first and opened its conversation.
    await query("INSERT INTO conversation (id, fiche_id, user_id, etablissement_id) VALUES (490, 6, 1, 1)");
    await query("INSERT INTO message_ia (id, conversation_id, etablissement_id, role, content) VALUES (5, 490, 1, 'user', 'de maintenant')");
  });

  test('interrupted after its conversations and run again, it says the same and leaves nothing half done', async () => {
    const stop = new AbortController();
    expect((await run('killed.json', ['--apply'], stop.signal, () => stop.abort())).code).toBe(2);
    expect(await query('SELECT count(*)::int AS n FROM message_ia')).toEqual([{ n: 1 }]);
    const { code, faults, report } = await run('apply.json', ['--apply']);
    expect({ code, faults }).toEqual({ code: 1, faults: misfits });
    expect(report.tables).toMatchObject({ chat_conversation: { lues: 10, deja: 9, ecartees: 1 }, chat_messageia: { lues: 21, reprises: 18, ecartees: 3 } });
  });

  test('conversations keep their ids; one to a fiche, its patient’s', async () => {
    expect(await query('SELECT id, user_id, fiche_id, nom FROM conversation ORDER BY id')).toEqual([
      { id: 1, user_id: 1, fiche_id: 1, nom: 'Ma fièvre' }, { id: 3, user_id: 2, fiche_id: null, nom: null }, { id: 4, user_id: null, fiche_id: 4, nom: null }, { id: 5, user_id: 1, fiche_id: null, nom: null },
      { id: 7, user_id: 3, fiche_id: null, nom: null }, { id: 8, user_id: 1, fiche_id: null, nom: null }, { id: 9, user_id: 1, fiche_id: null, nom: null }, { id: 500, user_id: 1, fiche_id: 6, nom: null },
    ]);
    expect(await query('SELECT id FROM message_ia WHERE conversation_id = 500 ORDER BY id')).toEqual([{ id: 5 }, { id: 600 }]);
  });

  test('messages keep their ids, what an IA wrote holds no HTML, and analyses are made out of them', async () => {
    expect(await query('SELECT id, conversation_id AS c, role, analyse_id FROM message_ia WHERE id < 60 AND id > 9 ORDER BY id')).toEqual([
      { id: 10, c: 1, role: 'user', analyse_id: null }, { id: 11, c: 1, role: 'gpt4', analyse_id: 11 }, { id: 12, c: 1, role: 'claude', analyse_id: 11 }, { id: 13, c: 1, role: 'synthese', analyse_id: 11 },
      { id: 14, c: 1, role: 'user', analyse_id: null }, { id: 15, c: 1, role: 'gpt4', analyse_id: 15 }, { id: 16, c: 1, role: 'gpt4', analyse_id: 16 }, { id: 17, c: 1, role: 'synthese', analyse_id: 15 },
      { id: 20, c: 3, role: 'user', analyse_id: null }, { id: 21, c: 3, role: 'gpt4', analyse_id: null }, { id: 30, c: 4, role: 'gpt4', analyse_id: 30 }, { id: 31, c: 4, role: 'synthese', analyse_id: 30 },
      { id: 40, c: 5, role: 'user', analyse_id: null }, { id: 41, c: 5, role: 'synthese', analyse_id: null },
    ]);
    expect(await query('SELECT content, "timestamp" FROM message_ia WHERE id = 13')).toEqual([{ content: 'Avis &lt;synthese&gt;', timestamp: new Date('2026-03-02T08:16:00Z') }]);
    expect(await query('SELECT length(content) AS n FROM message_ia WHERE id = 63')).toEqual([{ n: 100_000 }]);
  });

  test('its patient reads of them what the fiche publishes, and no model is asked', async () => {
    await query("INSERT INTO fiche_projection (id, numero_dossier, user_id, etablissement_id, status, version, published_analyse_ids) VALUES (1, 'CONS-20260302-001', 1, 1, 'valide_medecin', 1, '{11}'), (6, 'CONS-20260302-006', 1, 1, 'analyse_terminee', 1, '{}')");
    const { db, close } = openDatabase(database.appUrl);
    const conversations = createConversationStore(db);
    const patient = { genre: 'patient' as const, userId: 1, etablissementId: 1 };
    const medecin = { genre: 'medecin' as const, userId: 2, etablissementId: 1 };
    const ids = async (portee: typeof patient | typeof medecin, id: number): Promise<number[]> => (await conversations.messagesOf(portee, id)).map((message) => message.id);
    expect(await ids(patient, 1)).toEqual([10, 11, 12, 13, 14]);
    expect(await ids(medecin, 1)).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
    expect(await ids(patient, 500)).toEqual([5]);
    expect(await ids(patient, 5)).toEqual([40, 62, 63]);
    const analyses = createAnalyseStore(db);
    expect(await analyses.lease(1_000)).toBeUndefined();
    expect(await analyses.find(11)).toMatchObject({ ficheId: 1, etat: 'terminee', synthese: 'Avis &lt;synthese&gt;' });
    await close();
  });

  test('new rows get ids above', async () => {
    const next = async (sequence: string): Promise<unknown> => (await query(`SELECT nextval('${sequence}')::int AS n`))[0]?.['n'];
    expect([await next('conversation_id_seq'), await next('message_ia_id_seq'), await next('analyse_ia_id_seq')]).toEqual([501, 601, 601]);
  });

  test('again it doubles nothing', async () => {
    const before = await query('SELECT (SELECT count(*) FROM conversation) AS c, (SELECT count(*) FROM message_ia) AS m, (SELECT count(*) FROM analyse_ia) AS a');
    const { faults } = await run('again.json', ['--apply']);
    expect(faults).toEqual(misfits);
    expect(await query('SELECT (SELECT count(*) FROM conversation) AS c, (SELECT count(*) FROM message_ia) AS m, (SELECT count(*) FROM analyse_ia) AS a')).toEqual(before);
  });

  test('an analysis that was made here keeps its id: the message of that id there is hidden from the patient', async () => {
    await query("INSERT INTO analyse_ia (id, task_id, conversation_id, fiche_id, etablissement_id, fiche_version, etat) VALUES (700, 'x', 500, 6, 1, 1, 'terminee')");
    await query("INSERT INTO conversation (id, user_id, etablissement_id) VALUES (701, 1, 1)");
    await original.insert('chat_conversation', aConversation(701));
    await original.insert('chat_messageia', aMessage(700, 1, 'synthese'), aMessage(702, 701, 'user'));
    const { report } = await run('taken.json', ['--apply']);
    expect(report.ecarts.filter(({ id }) => id >= 700)).toMatchObject([
      { table: 'chat_conversation', id: 701, colonne: 'id', effet: 'ligne' }, { table: 'chat_messageia', id: 700, colonne: 'conversation_id', effet: 'colonne' }, { table: 'chat_messageia', id: 702, colonne: 'conversation_id', effet: 'ligne' },
    ]);
    expect(await query('SELECT analyse_id FROM message_ia WHERE id = 700')).toEqual([{ analyse_id: null }]);
  });
});
