import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '@mediai/db/admin';
import { aConversation, aFiche, aFicheMessage, aLabResult, aMessage, anAppointment, anAttachment, aReference, aUser, aValidatedFiche, createOriginal, type Original } from '@mediai/import-django/original';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import type { Env } from '../paths.ts';
import { root } from '../paths.ts';
import { importAll, importers, type Importer } from './import-all.ts';

const folder = mkdtempSync(join(tmpdir(), 'mediai-import-all-'));
const media = join(folder, 'media');
const store = join(folder, 'store');
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const databases = {} as Record<Importer, TestDatabase>;
let original: Original;

beforeAll(async () => {
  original = await createOriginal();
  for (const service of importers) databases[service] = await createTestDatabase(service);
  await query('auth', "INSERT INTO etablissement (id, nom) VALUES (1, 'Établissement par défaut')");
  await original.insert('authentication_customuser', aUser(1), aUser(2, { role: 'medecin' }), aUser(3, { username: 'COMPTE-1', email: null }));
  await original.insert('chat_ficheconsultation', aValidatedFiche(1), aFiche(2), aFiche(3, { user_id: 3 }), aFiche(4, { febrile: '38' }));
  await original.insert('chat_conversation', aConversation(1, { fiche_id: 1 }), aConversation(2, { fiche_id: 2 }), aConversation(3, { fiche_id: 4 }));
  await original.insert('chat_messageia', aMessage(1, 1, 'user'), aMessage(2, 1, 'gpt4'), aMessage(3, 1, 'synthese'), aMessage(4, 2, 'synthese'), aMessage(5, 3, 'user'));
  await original.insert('chat_fichemessage', aFicheMessage(1, 1), aFicheMessage(2, 4), aFicheMessage(3, 3, { author_id: 3 }));
  await original.insert('chat_fichereference', aReference(1, 1));
  await original.insert('chat_labresult', aLabResult(1, 1, { fichier: 'absent.pdf' }));
  await original.insert('chat_ficheattachment', anAttachment(1, 1, { file: 'pieces/radio.png' }));
  mkdirSync(join(media, 'pieces'), { recursive: true });
  writeFileSync(join(media, 'pieces/radio.png'), png);
  await original.insert('chat_appointment', anAppointment(1, { fiche_id: 4 }), anAppointment(2, { patient_id: 3 }));
});

afterAll(async () => {
  await Promise.all([original.drop(), ...importers.map((service) => databases[service].drop())]);
});

const query = async (service: Importer, sql: string): Promise<Record<string, unknown>[]> => (await withClient(databases[service].ownerUrl, (client) => client.query(sql))).rows;
const urls = (): Record<Importer, string> => Object.fromEntries(importers.map((service) => [service, databases[service].appUrl])) as Record<Importer, string>;

/** As the command does, from the sources. */
function run(service: Importer, args: string[], env: Env): Promise<number> {
  return new Promise((resolve, reject) => {
    const flags = ['--conditions=@mediai/source', '--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];
    const child = spawn(process.execPath, [...flags, join(root, 'services', service, 'src/import.ts'), ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...env, NODE_OPTIONS: '' } as NodeJS.ProcessEnv });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 2));
  });
}

async function importing(args: string[], options: Partial<Parameters<typeof importAll>[0]> = {}) {
  const lines: string[] = [];
  const code = await importAll({ argv: ['django', original.url, '--media', media, ...args], env: process.env, databases: urls, files: () => ({ CONSULTATION_FICHIERS_DIR: store }), say: (line) => lines.push(line), run, ...options });
  return { code, text: lines.join('\n') };
}

type Report = { services: { service: string; ecarts: { table: string; id: number; colonne: string; effet: string }[]; tables: Record<string, object> }[] };
const readReport = (name: string): Report => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report;
const faults = (report: Report): string[] => report.services.flatMap(({ ecarts }) => ecarts.map(({ table, id, colonne, effet }) => `${table} ${id} ${colonne} ${effet}`));

const misfits = [
  'authentication_customuser 3 username ligne',
  'chat_ficheconsultation 3 user_id colonne', 'chat_ficheconsultation 4 febrile ligne',
  'chat_fichemessage 2 fiche_id ligne', 'chat_fichemessage 3 author_id colonne', 'chat_labresult 1 fichier colonne',
  'chat_conversation 3 fiche_id colonne',
  'chat_appointment 1 fiche_id colonne', 'chat_appointment 2 patient_id colonne', 'chat_appointment 2 patient_id ligne',
];

describe('the whole import', () => {
  it('in a dry run judges across services and writes nothing', async () => {
    const { code, text } = await importing(['--report', join(folder, 'dry.json')]);
    expect(code).toBe(1);
    expect(text).toContain('nothing is written');
    expect(faults(readReport('dry.json'))).toEqual(misfits);
    for (const [service, table] of [['auth', 'users'], ['consultation', 'fiche_consultation'], ['consultation', 'fichier'], ['ia', 'conversation'], ['appointments', 'appointment']] as const) expect(await query(service, `SELECT 1 FROM ${table}`)).toEqual([]);
  });

  it('may only make new ids begin above', async () => {
    expect((await importing(['--reserve'])).code).toBe(0);
    expect(await query('ia', "SELECT nextval('message_ia_id_seq')::int AS n")).toEqual([{ n: 6 }]);
    expect(await query('consultation', "SELECT nextval('fiche_consultation_id_seq')::int AS n, (SELECT count(*)::int FROM fiche_consultation) AS fiches")).toEqual([{ n: 5, fiches: 0 }]);
  });

  it('applied takes over what each service knows, by what the ones before it left out', async () => {
    expect((await importing(['--apply', '--report', join(folder, 'apply.json')])).code).toBe(1);
    expect(faults(readReport('apply.json'))).toEqual(misfits);
    expect(await query('consultation', 'SELECT id, "user", analyses_publiees FROM fiche_consultation ORDER BY id')).toEqual([
      { id: 1, user: 1, analyses_publiees: [2] }, { id: 2, user: 1, analyses_publiees: [] }, { id: 3, user: null, analyses_publiees: [] },
    ]);
    expect(await query('ia', 'SELECT m.id, m.analyse_id, c.fiche_id FROM message_ia m JOIN conversation c ON c.id = m.conversation_id ORDER BY m.id')).toEqual([
      { id: 1, analyse_id: null, fiche_id: 1 }, { id: 2, analyse_id: 2, fiche_id: 1 }, { id: 3, analyse_id: 2, fiche_id: 1 }, { id: 4, analyse_id: 4, fiche_id: 2 }, { id: 5, analyse_id: null, fiche_id: null },
    ]);
    expect(await query('consultation', 'SELECT (SELECT array_agg(id ORDER BY id) FROM fiche_message) AS messages, (SELECT count(*)::int FROM fiche_reference) AS references, (SELECT count(fichier_cle)::int FROM lab_result) AS avec, (SELECT count(*)::int FROM lab_result) AS resultats')).toEqual([
      { messages: [1, 3], references: 1, avec: 0, resultats: 1 },
    ]);
    const [attachment] = await query('consultation', 'SELECT fichier::text FROM attachment');
    expect(readFileSync(join(store, 'fichiers', String(attachment?.['fichier'])))).toEqual(png);
    expect(await query('appointments', 'SELECT id, fiche_id FROM appointment')).toEqual([{ id: 1, fiche_id: null }]);
  });

  it('again doubles nothing', async () => {
    expect((await importing(['--apply', '--report', join(folder, 'again.json')])).code).toBe(1);
    expect(faults(readReport('again.json'))).toEqual(misfits);
    expect(readdirSync(join(store, 'fichiers'))).toHaveLength(1);
    expect(readReport('again.json').services.map(({ tables }) => Object.values(tables)[0])).toMatchObject([{ reprises: 0, deja: 2 }, { reprises: 0, deja: 3 }, { reprises: 0, deja: 3 }, { reprises: 0, deja: 1 }]);
  });
});

describe('it stops before anything is written', () => {
  const neverRun = { run: async (): Promise<number> => { throw new Error('nothing may run'); } };

  it.each([['--media is no folder', { argv: ['django', 'postgresql://x/y', '--media', join(folder, 'absent')] }, "must be the folder of the original's files"], ['nobody knows where files are to lie', { files: () => { throw new Error('Where?'); } }, '✗ Where?']])('when %s', async (_what, options, expected) => {
    expect(await importing([], { ...options, ...neverRun })).toMatchObject({ code: 2, text: expect.stringContaining(expected) });
  });

  it('when one table of any service is otherwise', async () => {
    const other = await createOriginal('serial');
    await other.client.query('ALTER TABLE chat_appointment DROP COLUMN medecin_id; DROP TABLE chat_messageia');
    const { code, text } = await importing(['--apply'], { argv: ['django', other.url, '--apply'], ...neverRun });
    expect(code).toBe(2);
    expect(text).toContain('There is no table chat_messageia');
    expect(text).toContain('chat_appointment has no column medecin_id');
    await other.drop();
  });

  it.each([[[]], [['flask', 'postgresql://x/y']], [['django', 'sqlite:///db']]])('for %j', async (argv) => {
    expect(await importing([], { argv, env: {}, ...neverRun })).toMatchObject({ code: 2, text: expect.stringContaining('usage') });
  });

  it('and when a service cannot, those after it do not begin', async () => {
    const ran: string[] = [];
    const { code } = await importing([], { run: async (service, args) => { ran.push(service); return run(service, [...args, ...(service === 'consultation' ? ['--unknown'] : [])], { ...process.env, DATABASE_URL: databases[service].appUrl, DJANGO_DATABASE_URL: original.url }); } });
    expect({ code, ran }).toEqual({ code: 2, ran: ['auth', 'consultation'] });
  });
});
