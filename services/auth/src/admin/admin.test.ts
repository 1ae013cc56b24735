import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { loadAccountAdminConfig, loadKeyAdminConfig } from '../config.ts';
import { openDatabase, type Database } from '../database-store.ts';
import { createAccountAdmin, createKeyAdmin } from './deps.ts';
import { createPasswords } from '../account/password-hash.ts';
import { createKeyStore } from '../key/key-store.ts';
import { createKeyring } from '../key/keyring.ts';
import { askHidden, generatePassword } from './ask-password.ts';
import { readCommand } from './command.ts';
import { describeFault } from './fault.ts';
import { runCommand } from './run-command.ts';

let testDatabase: TestDatabase;
let database: Database;
const password = 'palmier-bleu-7';
const AUTH_KEY_SECRET = 'k'.repeat(32);

beforeAll(async () => {
  testDatabase = await createTestDatabase('auth');
  database = openDatabase(testDatabase.appUrl);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** What a person sees after typing this, with this on standard input (nobody to ask). */
async function run(args: string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}): Promise<{ lines: string[]; fault?: string }> {
  const lines: string[] = [];
  const all = { MEDIAI_MODE: 'production', MEDIAI_URGENCE_TELEPHONE: '112', MEDIAI_CONSENTEMENT_IA: 'explicite', DATABASE_URL: testDatabase.appUrl, AUTH_KEY_SECRET, ...env };
  const stdin = (async function* () {
    yield input;
  })();
  const open = { accounts: async () => createAccountAdmin(loadAccountAdminConfig(all)), keys: async () => createKeyAdmin(loadKeyAdminConfig(all)) };
  try {
    await runCommand(readCommand(args), open, { input: stdin, print: (line) => void lines.push(line), prompt: { write: () => true } });
    return { lines };
  } catch (error) {
    return { lines, fault: describeFault(error) };
  }
}

const userOf = (username: string) => database.db.user.findUnique({ where: { username_key: username }, include: { medecin_profile: true, etablissement: true } });

describe('create', () => {
  test('makes the first superuser, and gives the default établissement its name; announced and audited', async () => {
    const { lines, fault } = await run(['create', '--username', 'Chef', '--etablissement', 'Hôpital Jason Sendwe', '--password-stdin'], { input: `${password}\n` });
    expect(fault).toBeUndefined();
    expect(lines).toEqual(['Superuser "Chef" (id 1000) of "Hôpital Jason Sendwe" (id 1) is made.']);
    const user = await userOf('chef');
    expect(user).toMatchObject({ is_staff: true, is_superuser: true, is_active: true, role: 'medecin', medecin_profile: { is_approved: true, is_available: false }, etablissement: { nom: 'Hôpital Jason Sendwe', demo: false, telephone_urgence: '112', consentement_ia: 'explicite' } });
    expect(await (await createPasswords()).matches(password, user?.password_hash)).toBe(true);
    expect((await database.db.outbox.findMany({ orderBy: { id: 'asc' } })).map(({ type }) => type)).toContain('mediai.auth.v1.UserChanged');
    expect(await database.db.audit.findMany({ where: { objet_type: 'users', objet_id: '1000' } })).toMatchObject([{ action: 'compte.creation', acteur_role: 'service:auth', raison: 'commande', issue: 'ok' }]);
  });

  test('a second name makes a second établissement, the same name in any case is the same', async () => {
    expect((await run(['create', '--username', 'deux', '--etablissement', 'Clinique Ruashi', '--password-stdin'], { input: password })).fault).toBeUndefined();
    expect((await run(['create', '--username', 'trois', '--etablissement', 'clinique ruashi', '--password-stdin'], { input: `${password}\r\n` })).fault).toBeUndefined();
    const [two, three] = [await userOf('deux'), await userOf('trois')];
    expect(two?.etablissement).toMatchObject({ nom: 'Clinique Ruashi', demo: false });
    expect(three?.etablissement_id).toBe(two?.etablissement_id);
    expect(await database.db.etablissement.count()).toBe(2);
  });

  test('without anybody to ask a password is generated and printed once', async () => {
    const { lines } = await run(['create', '--username', 'quatre']);
    const shown = /^Password, shown this once: (([a-z2-9]{5}-){3}[a-z2-9]{5})$/.exec(lines[1] ?? '')?.[1];
    expect(lines).toHaveLength(2);
    expect(await (await createPasswords()).matches(shown ?? '', (await userOf('quatre'))?.password_hash)).toBe(true);
    expect((await userOf('quatre'))?.etablissement_id).toBe(1);
  });

  test('says in a sentence what is wrong, and then makes nothing', async () => {
    const before = [await database.db.user.count(), await database.db.etablissement.count()];
    const faultOf = async (args: string[], options?: Parameters<typeof run>[1]) => (await run(['create', ...args], options)).fault;
    expect(await faultOf(['--username', 'CHEF', '--etablissement', 'Nouveau', '--password-stdin'], { input: password })).toBe('username: Un utilisateur avec ce nom existe déjà.');
    expect(await faultOf(['--username', 'cinq', '--password-stdin'], { input: 'motdepasse' })).toBe('password: Ce mot de passe est trop courant.');
    expect(await faultOf(['--username', 'a b', '--password-stdin'], { input: 'court' })).toMatch(/^username: .+ password: /s);
    expect(await faultOf(['--username', 'cinq', '--etablissement', ' ', '--password-stdin'], { input: password })).toBe('nom: Ce champ ne peut être vide.');
    expect(await faultOf(['--username', 'cinq', '--password-stdin'])).toBe('Standard input held no password.');
    expect(await faultOf([])).toContain('--username');
    expect(await faultOf(['--username', 'cinq'], { env: { MEDIAI_MODE: 'demo' } })).toContain('real établissements');
    expect(await faultOf(['--username', 'cinq'], { env: { MEDIAI_CONSENTEMENT_IA: '' } })).toContain('MEDIAI_CONSENTEMENT_IA is required');
    expect([await database.db.user.count(), await database.db.etablissement.count()]).toEqual(before);
  });

  test('a password is never an argument, and is not repeated', async () => {
    for (const args of [['--password', password], [`--password=${password}`], [password], [`--pass=${password}`]]) {
      const { fault } = await run(['create', '--username', 'six', ...args]);
      expect(fault).toBeDefined();
      expect(fault).not.toContain(password);
    }
    expect((await run(['create', '--username', 'six', '--password', password])).fault).toContain('never an argument');
  });

  test('a database that is away, not migrated, closed or missing is told with its remedy', async () => {
    const faultAt = async (change: (url: URL) => void): Promise<string | undefined> => {
      const url = new URL(testDatabase.appUrl);
      change(url);
      return (await run(['create', '--username', 'sept'], { env: { DATABASE_URL: String(url) } })).fault;
    };
    expect(await faultAt((url) => (url.port = '9'))).toMatch(/^The database does not answer/);
    expect(await faultAt((url) => (url.password = 'faux'))).toMatch(/refuses the user or the password/);
    expect(await faultAt((url) => (url.pathname = '/nulle-part'))).toMatch(/does not exist/);
    expect(await faultAt((url) => (url.pathname = '/postgres'))).toMatch(/migrate it first/);
  });
});

describe('rotate-keys', () => {
  test('announces a key once, replaces all with --now, and says what it costs', async () => {
    const keys = createKeyStore(database.db);
    await createKeyring({ keys, secret: AUTH_KEY_SECRET, tokenLifeMs: 1, clock: () => new Date() }).ensure();
    expect((await run(['rotate-keys'])).lines).toEqual([expect.stringMatching(/^Key \S+ is published and signs from \S+Z; until then the present one does\. No session ends\.$/)]);
    expect((await run(['rotate-keys'])).lines).toEqual([expect.stringMatching(/nothing was done\.$/)]);
    expect(await keys.all()).toHaveLength(2);
    expect((await run(['rotate-keys'], { env: { AUTH_KEY_SECRET: 'x'.repeat(32) } })).fault).toContain('AUTH_KEY_SECRET');
    expect((await run(['rotate-keys', '--now'])).lines).toEqual([expect.stringMatching(/withdrawn.+refused/)]);
    expect(await keys.all()).toHaveLength(1);
    expect((await run(['rotate-keys', '--later'])).fault).toBe('--later is not understood; known are --now.');
  });
});

test('help says all, and needs no configuration; an unknown command is told', async () => {
  for (const args of [[], ['help'], ['--help']]) expect((await run(args, { env: { DATABASE_URL: '' } })).lines[0]).toContain('--password-stdin');
  expect((await run(['detruire'])).fault).toBe('"detruire" is no command; known are create, rotate-keys and help.');
});

test('a generated password is long, and never the same', () => {
  const made = Array.from({ length: 50 }, generatePassword);
  expect(new Set(made).size).toBe(50);
  for (const one of made) expect(one).toMatch(/^([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$/);
});

test.each([['se\u007fecret\r', 'secret'], ['secret\n', 'secret'], ['se\u0003', undefined], ['\u0004', undefined], ['\r', ''], ['', undefined]])('a hidden line %j is %j, and nothing of it is shown', async (keys, expected) => {
  const modes: boolean[] = [];
  let shown = '';
  const input = {
    setRawMode: (on: boolean) => void modes.push(on), pause: () => undefined,
    iterator: async function* () {
      for (const key of keys) yield Buffer.from(key);
    },
  };
  expect(await askHidden('Password: ', input as never, { write: (text) => (shown += text) })).toBe(expected);
  expect(modes).toEqual([true, false]);
  expect(shown).toBe('Password: \n');
});
