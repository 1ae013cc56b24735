import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { withClient } from '@mediai/db/admin';
import { runImport } from '@mediai/import-django';
import { aUser, createOriginal, djangoHash, type Original } from '@mediai/import-django/original';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createAccountStore } from '../account/account-store.ts';
import { createPasswords } from '../account/password-hash.ts';
import { openDatabase } from '../database-store.ts';
import { createRunOnce } from '../idempotence/idempotence-store.ts';
import { createMemoryKeys } from '../key/key-store.memory.ts';
import { createKeyring } from '../key/keyring.ts';
import { generateSigningKey } from '../key/signing-key.ts';
import { createAccessTokens } from '../token/access-token.ts';
import { createGuessingStore } from '../token/guessing-store.ts';
import { createIssueToken } from '../token/issue-token.ts';
import { createSessionStore } from '../token/session-store.ts';
import { accountFormes, createImportAccounts } from './import-accounts.ts';
import { openAccountImportStore } from './import-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'mediai-import-'));
let original: Original;
let database: TestDatabase;

const profile = { date_of_birth: '1988-04-12', phone_number: '0812 345 601', address: 'Avenue Kasaï, Kampemba' };

beforeAll(async () => {
  [original, database] = await Promise.all([createOriginal(), createTestDatabase('auth')]);
  await query("INSERT INTO etablissement (id, nom) VALUES (1, 'Établissement par défaut')");
  await original.insert(
    'authentication_customuser',
    aUser(1, { username: 'mwamba.kalonji', phone: '0812 345 601' }),
    aUser(2, { username: 'dr.kabongo', role: 'medecin', first_name: 'Ilunga' }),
    aUser(3, { username: 'Élise', email: 'elise@exemple.cd', password: djangoHash('le mot d’Élise', 600_000) }),
    aUser(4, { username: 'e\u0301LISE', email: 'autre@exemple.cd' }),
    aUser(5, { username: 'admin', role: 'medecin', is_staff: true, is_superuser: true, password: 'argon2$argon2id$v=19$m=102400,t=2,p=8$c2Vs$aGFjaGU', email: '' }),
    aUser(6, { email: 'ELISE@exemple.cd', phone: 'bureau', date_joined: '0001-01-01 00:00:00+00' }),
    aUser(7, { role: 'infirmier' }),
    aUser(8, { last_login: 'infinity', password: '!Gh3kQm', is_active: false }),
    aUser(9, { role: 'medecin', is_active: false, email: 'pas une adresse' }),
    aUser(10, { username: 'compte.\u200b' }),
    aUser(11, { username: 'COMPTE.' }),
    aUser(40, { date_joined: '9999-12-31 23:59:59+00', phone: null, email: null }),
  );
  await original.insert(
    'authentication_patientprofile',
    { id: 1, user_id: 1, ...profile }, { id: 2, user_id: 6, ...profile, date_of_birth: '9999-12-31' }, { id: 3, user_id: 7, ...profile }, { id: 4, user_id: 999, ...profile }, { id: 5, user_id: 2, ...profile },
  );
  await original.insert('authentication_medecinprofile', { id: 1, user_id: 2, specialty: 'Médecine interne', phone_number: null, address: null, is_available: false });
});

afterAll(async () => {
  await Promise.all([original.drop(), database.drop()]);
});

const query = async (sql: string, params: unknown[] = []): Promise<Record<string, unknown>[]> => (await withClient(database.ownerUrl, (client) => client.query(sql, params))).rows;

async function run(args: string[], signal = new AbortController().signal, url = original.url) {
  const lines: string[] = [];
  const code = await runImport({
    service: 'auth', argv: ['django', url, ...args], env: {}, formes: accountFormes, signal,
    open: ({ etablissementId }) => createImportAccounts(openAccountImportStore(database.appUrl), etablissementId),
    say: (line) => lines.push(line),
  });
  return { code, text: lines.join('\n') };
}

type Report = { mode: string; complet: boolean; ecarts: { table: string; id: number; colonne: string | null; raison: string; effet: string }[]; tables: Record<string, Record<string, number>> };
const readReport = (name: string): Report => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report;
const faultsOf = ({ ecarts }: Report): string[] => ecarts.map(({ table, id, colonne, effet }) => `${table.replace('authentication_', '')} ${id} ${colonne} ${effet}`).sort();

const misfits = [
  'customuser 11 username ligne', 'customuser 4 username ligne', 'customuser 40 date_joined colonne', 'customuser 5 password colonne', 'customuser 6 date_joined colonne', 'customuser 6 email colonne',
  'customuser 6 phone colonne', 'customuser 7 role ligne', 'customuser 8 last_login colonne', 'customuser 9 email colonne',
  'patientprofile 2 date_of_birth colonne', 'patientprofile 3 user_id ligne', 'patientprofile 4 user_id ligne', 'patientprofile 5 user_id ligne',
].sort();

test('a dry run says everything and writes nothing', async () => {
  const { code, text } = await run(['--report', join(folder, 'dry.json')]);
  expect(code).toBe(1);
  const report = readReport('dry.json');
  expect(report).toMatchObject({ mode: 'dry-run', complet: true, tables: { authentication_customuser: { lues: 12, reprises: 9, ecartees: 3, reservees: 5 }, authentication_patientprofile: { lues: 5, reprises: 2, ecartees: 3, reservees: 1 } } });
  expect(faultsOf(report)).toEqual(misfits);
  expect(text).toContain('9 to take over');
  for (const table of ['users', 'outbox', 'audit', 'imported_row']) expect(await query(`SELECT 1 FROM ${table}`)).toEqual([]);
  expect(await query('SELECT last_value FROM users_id_seq')).toEqual([{ last_value: '1000' }]);
});

test('neither report nor progress holds a value of a row', async () => {
  const { text } = await run(['--report', join(folder, 'values.json')]);
  for (const value of ['Élise', 'elise', 'bureau', 'Kalonji', 'exemple.cd', 'infirmier', 'Kampemba', '0812']) expect(text + readFileSync(join(folder, 'values.json'), 'utf8')).not.toContain(value);
});

describe('applied', () => {
  test('it does what the dry run said, with ids kept and the sequence above them', async () => {
    await query("SELECT setval('users_id_seq', 20, false)");
    const { code } = await run(['--apply', '--report', join(folder, 'apply.json')]);
    expect(code).toBe(1);
    expect(faultsOf(readReport('apply.json'))).toEqual(misfits);
    expect((await query('SELECT id FROM users ORDER BY id')).map(({ id }) => id)).toEqual([1, 2, 3, 5, 6, 8, 9, 10, 40]);
    expect(await query("SELECT nextval('users_id_seq')")).toEqual([{ nextval: '41' }]);
    expect(await query('SELECT username, username_key, phone, email_key, last_login FROM users WHERE id = 1')).toEqual([
      { username: 'mwamba.kalonji', username_key: 'mwamba.kalonji', phone: '+243812345601', email_key: 'compte-1@exemple.cd', last_login: new Date('2026-03-01T06:12:45.123Z') },
    ]);
    expect(await query('SELECT phone, email, email_key FROM users WHERE id = 6')).toEqual([{ phone: null, email: null, email_key: null }]);
    expect(await query("SELECT user_id, date_of_birth::text, address FROM patient_profile WHERE user_id IN (1, 3, 6) ORDER BY 1")).toEqual([
      { user_id: 1, date_of_birth: '1988-04-12', address: profile.address }, { user_id: 3, date_of_birth: null, address: null }, { user_id: 6, date_of_birth: null, address: profile.address },
    ]);
    expect(await query('SELECT specialty, is_available, is_approved FROM medecin_profile ORDER BY user_id')).toEqual([
      { specialty: 'Médecine interne', is_available: false, is_approved: true }, { specialty: null, is_available: true, is_approved: true }, { specialty: null, is_available: true, is_approved: true },
    ]);
  });

  test('a password of pbkdf2_sha256 still opens its account, any other is unusable', async () => {
    const passwords = await createPasswords();
    const hash = async (id: number): Promise<unknown> => (await query('SELECT password_hash FROM users WHERE id = $1', [id]))[0]?.['password_hash'];
    const hashes = new Map((await query('SELECT id, password_hash FROM users')).map(({ id, password_hash }) => [id, password_hash as string]));
    expect(await passwords.matches('le mot d’Élise', hashes.get(3))).toBe(true);
    expect(await passwords.matches('mot de passe du patient', hashes.get(1))).toBe(true);
    expect(hashes.get(5)).toBe('!');
    expect(hashes.get(8)).toBe('!');

    const { db, close } = openDatabase(database.appUrl);
    const clock = (): Date => new Date();
    const keyring = createKeyring({ keys: createMemoryKeys([await generateSigningKey('a-secret-of-at-least-32-characters', new Date('2026-01-01T00:00:00Z'))]), secret: 'a-secret-of-at-least-32-characters', tokenLifeMs: 7_200_000, clock });
    const login = createIssueToken({
      accounts: createAccountStore(db, () => undefined, createRunOnce('')), passwords, guessing: createGuessingStore(db), sessions: createSessionStore(db),
      accessTokens: createAccessTokens({ keyring, accessSeconds: 7_200, clock }), refreshSeconds: 604_800, clock, counted: () => undefined,
    });
    const adresse = '127.0.0.1';
    await expect(login({ username: 'MWAMBA.kalonji', password: 'mot de passe du patient', adresse })).resolves.toMatchObject({ access: expect.any(String) });
    expect(await hash(1)).toMatch(/^\$argon2id\$/);
    await expect(login({ username: 'admin', password: '!', adresse })).rejects.toMatchObject({ kind: 'unauthenticated' });
    await close();
  });

  test('other services are told of every account, once', async () => {
    const events = (await query('SELECT key, payload FROM outbox ORDER BY id')).map(({ payload }) => fromBinary(UserChangedSchema, payload as Buffer));
    expect(events.map(({ id }) => id)).toEqual([1, 2, 3, 5, 6, 8, 9, 10, 40]);
    expect(events[1]).toMatchObject({ username: 'dr.kabongo', role: 'medecin', approuve: true, isAvailable: false, specialty: 'Médecine interne', etablissementId: 1, version: 1 });
  });

  test('the audit has the batch and the table, with counts alone', async () => {
    const rows = await query("SELECT acteur_role, objet_type, objet_id, raison FROM audit WHERE action = 'import.django' ORDER BY id");
    expect(rows[0]).toEqual({ acteur_role: 'service:auth', objet_type: 'authentication_customuser', objet_id: '1-40', raison: 'lignes reprises : 9' });
    expect(rows.slice(1).map(({ objet_type }) => objet_type).sort()).toEqual(['authentication_customuser', 'authentication_medecinprofile', 'authentication_patientprofile']);
  });

  test('again it doubles nothing, and reports the same', async () => {
    const before = await query('SELECT count(*)::int AS n FROM outbox');
    const { code } = await run(['--apply', '--report', join(folder, 'again.json')]);
    expect(code).toBe(1);
    expect(readReport('again.json').tables['authentication_customuser']).toEqual({ lues: 12, reprises: 0, deja: 9, ecartees: 3, reservees: 5 });
    expect(faultsOf(readReport('again.json'))).toEqual(misfits);
    expect(await query('SELECT count(*)::int AS n FROM outbox')).toEqual(before);
  });

  test("what came from elsewhere is never touched: its id is taken, its names are another account's", async () => {
    await query("INSERT INTO users (id, username, username_key, email, email_key, password_hash, role, etablissement_id) VALUES (60, 'ailleurs', 'ailleurs', 'a@b.cd', 'a@b.cd', 'x', 'patient', 1)");
    await original.insert('authentication_customuser', aUser(60, { username: 'nouveau' }), aUser(61, { username: 'AILLEURS' }), aUser(62, { email: 'A@b.cd' }), aUser(63));
    await run(['--apply', '--report', join(folder, 'taken.json')]);
    expect(readReport('taken.json').ecarts.filter(({ id }) => id >= 60)).toMatchObject([
      { id: 60, colonne: 'id', raison: 'identifiant déjà pris', effet: 'ligne' }, { id: 61, colonne: 'username', effet: 'ligne' }, { id: 62, colonne: 'email', effet: 'colonne' },
    ]);
    expect(await query('SELECT id, username FROM users WHERE id >= 60 ORDER BY id')).toEqual([{ id: 60, username: 'ailleurs' }, { id: 62, username: 'compte-62' }, { id: 63, username: 'compte-63' }]);
  });
});

describe('it stops before it writes', () => {
  test('without the établissement', async () => {
    expect(await run(['--apply', '--etablissement', '77'])).toMatchObject({ code: 2, text: expect.stringContaining('no établissement 77') });
  });

  test('where the tables are otherwise, by name', async () => {
    const other = await createOriginal('serial');
    await other.client.query('ALTER TABLE authentication_customuser RENAME COLUMN phone TO telephone; ALTER TABLE authentication_customuser ALTER date_joined TYPE timestamp; DROP TABLE authentication_medecinprofile');
    const { code, text } = await run(['--apply'], undefined, other.url);
    expect(code).toBe(2);
    expect(text).toContain('authentication_customuser has no column phone');
    expect(text).toContain('authentication_customuser.date_joined is of type timestamp');
    expect(text).toContain('no table authentication_medecinprofile');
    await other.drop();
  });

  test.each([[['--etablissement', 'x']], [['--approve-medecins', 'maybe']], [['--unknown']], [['extra']]])('for the arguments %j', async (args) => {
    expect((await run(args)).code).toBe(2);
  });

  test('where nothing answers, in a sentence', async () => {
    expect(await run([], undefined, 'postgresql://x:secret@127.0.0.1:1/x')).toMatchObject({ code: 2, text: expect.not.stringContaining('secret') });
    expect((await run([], undefined, 'mysql://x/y')).text).toContain('PostgreSQL');
  });
});

test('killed half way and run again it goes on', async () => {
  const [many, empty] = await Promise.all([createOriginal('bigidentity'), createTestDatabase('auth')]);
  await withClient(empty.ownerUrl, (client) => client.query("INSERT INTO etablissement (id, nom) VALUES (1, 'Établissement par défaut')"));
  for (let id = 1; id <= 1_200; id++) await many.insert('authentication_customuser', aUser(id, { phone: null }));
  const stop = new AbortController();
  const importing = (signal: AbortSignal, afterBatch = (): void => undefined) => runImport({
    service: 'auth', argv: ['django', many.url, '--apply'], env: {}, formes: accountFormes, signal, say: () => undefined,
    open: ({ etablissementId }) => {
      const store = openAccountImportStore(empty.appUrl);
      return createImportAccounts({ ...store, write: (...args) => store.write(...args).then(afterBatch) }, etablissementId);
    },
  });
  const count = async (): Promise<unknown> => (await withClient(empty.ownerUrl, (client) => client.query('SELECT (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM outbox) AS events'))).rows[0];
  expect(await importing(stop.signal, () => stop.abort())).toBe(2);
  expect(await count()).toEqual({ users: 500, events: 500 });
  expect(await importing(new AbortController().signal)).toBe(0);
  expect(await count()).toEqual({ users: 1_200, events: 1_200 });
  await Promise.all([many.drop(), empty.drop()]);
});
