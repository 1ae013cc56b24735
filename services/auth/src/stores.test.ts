import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, explain, multiplyRow, type TestDatabase } from '@mediai/testing';
import { createMemoryAccounts } from './account/account-store.memory.ts';
import { createAccountStore, type AccountStore } from './account/account-store.ts';
import { emptyPatientProfile, type Account, type NewAccount } from './account/account.ts';
import type { Acte } from './audit/acte.ts';
import { openDatabase, type Database } from './database-store.ts';
import { createMemoryEtablissements } from './etablissement/etablissement-store.memory.ts';
import { createEtablissementStore, type EtablissementStore } from './etablissement/etablissement-store.ts';
import { createRunOnce } from './idempotence/idempotence-store.ts';
import { createMemoryKeys } from './key/key-store.memory.ts';
import { createKeyStore, type KeyStore } from './key/key-store.ts';
import { generateSigningKey } from './key/signing-key.ts';
import { createAuthMetrics } from './metrics.ts';
import { longestAccessSeconds } from './token/access-token.ts';
import { createCloseSessionStore, type CloseSessionStore } from './token/close-session-store.ts';
import { createMemoryGuessing } from './token/guessing-store.memory.ts';
import { createGuessingStore, type GuessingStore } from './token/guessing-store.ts';
import { guessKeys } from './token/guessing.ts';
import { hashRefreshToken, newRefreshToken } from './token/refresh-token.ts';
import { activeSql, createReadActive } from './token/revocations-store.ts';
import { createMemorySessions } from './token/session-store.memory.ts';
import { createSessionStore, type NewToken, type SessionStore } from './token/session-store.ts';

type Stores = { accounts: AccountStore; etablissements: EtablissementStore; guessing: GuessingStore; keys: KeyStore; sessions: SessionStore & CloseSessionStore };

const at = new Date('2026-03-02T08:00:00Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);
const runOnce = createRunOnce('a-key');
const secret = 'a-secret-of-at-least-32-characters';
const defaultEtablissement = { id: 1, nom: 'Établissement par défaut', telephoneUrgence: null, fuseau: 'Africa/Lubumbashi', consentementIa: 'presume' as const, demo: true };
const acte: Acte = { acteurId: null, acteurRole: 'anonyme', action: 'test', objetType: 'users', objetId: '', etablissementId: 1, issue: 'ok' };
let count = 0;

function newAccount(changes: Partial<NewAccount> = {}): NewAccount {
  return {
    username: `compte-${++count}`, firstName: 'Mwamba', lastName: 'Kalonji', email: null, phone: '+243812345678', role: 'patient', isActive: true, isStaff: false, isSuperuser: false,
    dateJoined: at, etablissementId: 1, patientProfile: { ...emptyPatientProfile, dateOfBirth: '1988-04-12', contactNom: 'Kabibi' }, medecinProfile: null, passwordHash: 'hash', ...changes,
  };
}

function token(expiresAt = later(604_800_000)): NewToken {
  return { hash: hashRefreshToken(newRefreshToken()), expiresAt };
}

function contract(open: () => Promise<Stores>): void {
  let stores: Stores;

  beforeAll(async () => {
    stores = await open();
    await stores.etablissements.ensure(defaultEtablissement);
  });

  async function createAccount(changes: Partial<NewAccount> = {}): Promise<Account> {
    const outcome = await stores.accounts.create(newAccount(changes), () => acte);
    if (!('done' in outcome)) throw new Error('not created');
    return outcome.done;
  }

  async function openSession(userId: number): Promise<NewToken & { familyId: string }> {
    const opened = { ...token(), familyId: crypto.randomUUID() };
    const passwordHash = { verified: 'hash' };
    expect(await stores.sessions.open({ familyId: opened.familyId, userId, passwordHash, token: opened, guesses: guessKeys(`session-${++count}`, 'x'), at }, acte)).toMatchObject({ id: userId });
    return opened;
  }

  describe('accounts', () => {
    test('come back as they were made, from id 1000 on, at version 1', async () => {
      const wanted = newAccount({ role: 'medecin', patientProfile: null, medecinProfile: { specialty: 'Pédiatrie', phoneNumber: null, address: 'Lubumbashi', isAvailable: true, isApproved: false }, email: 'p@exemple.cd' });
      const outcome = await stores.accounts.create(wanted, () => acte);
      if (!('done' in outcome)) throw new Error('not created');
      const { passwordHash, ...fields } = wanted;
      expect(outcome.done).toEqual({ ...fields, id: expect.any(Number), version: 1, lastLogin: null, tokensValidFrom: null });
      expect(outcome.done.id).toBeGreaterThanOrEqual(1000);
      expect(await stores.accounts.findAccount(outcome.done.id)).toEqual(outcome.done);
      expect(await stores.accounts.findCredentials(wanted.username.toUpperCase())).toEqual({ account: { id: outcome.done.id, role: 'medecin', isActive: true, isStaff: false, etablissementId: 1 }, passwordHash });
    });

    test('a taken username, e-mail or id is told apart, and the first stays', async () => {
      const first = await createAccount({ username: 'Élise', email: 'elise@exemple.cd' });
      expect(await stores.accounts.create(newAccount({ username: 'e\u0301LISE' }), () => acte)).toEqual({ taken: 'username' });
      expect(await stores.accounts.create(newAccount({ email: 'ELISE@exemple.cd' }), () => acte)).toEqual({ taken: 'email' });
      expect(await stores.accounts.create({ ...newAccount(), id: first.id }, () => acte)).toEqual({ taken: 'id' });
      expect(await stores.accounts.findAccount(first.id)).toEqual(first);
    });

    test('of two who register the same username at once, one gets it', async () => {
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => stores.accounts.create(newAccount({ username: 'course' }), () => acte)));
      expect(outcomes.filter((outcome) => 'done' in outcome)).toHaveLength(1);
    });

    test('are found in a batch', async () => {
      const [one, two] = [await createAccount(), await createAccount()];
      expect((await stores.accounts.findAccounts([one.id, two.id, 999_999])).map(({ id }) => id).sort()).toEqual([one.id, two.id]);
    });

    test('a changed password is the one that is found', async () => {
      const account = await createAccount();
      await stores.accounts.changePassword(account.id, 'other', acte);
      expect((await stores.accounts.findCredentials(account.username))?.passwordHash).toBe('other');
    });
  });

  describe('sessions', () => {
    test('a login is noted and its token is valid', async () => {
      const account = await createAccount();
      const opened = await openSession(account.id);
      const { id, role, isStaff, isSuperuser, etablissementId } = account;
      const holder = { id, role, isStaff, isSuperuser, etablissementId, approuve: true, tokensValidFrom: null };
      expect(await stores.sessions.find(opened.hash, at)).toEqual({ verdict: 'valid', holder, familyId: opened.familyId });
      expect(await stores.sessions.find(token().hash, at)).toBeUndefined();
      expect((await stores.accounts.findAccount(id))?.lastLogin).toEqual(at);
    });

    test('a médecin who waits for approval holds tokens that say so', async () => {
      const medecinProfile = { specialty: null, phoneNumber: null, address: null, isAvailable: true, isApproved: false };
      const opened = await openSession((await createAccount({ role: 'medecin', patientProfile: null, medecinProfile })).id);
      expect((await stores.sessions.find(opened.hash, at))?.holder).toMatchObject({ role: 'medecin', approuve: false });
    });

    test('an outdated hash is replaced by the login, and a password changed meanwhile opens nothing', async () => {
      const account = await createAccount();
      const session = (passwordHash: { verified: string; renewed?: string }) => ({
        familyId: crypto.randomUUID(), userId: account.id, passwordHash, token: token(), guesses: guessKeys(account.username, 'x'), at,
      });
      expect(await stores.sessions.open(session({ verified: 'hash', renewed: 'better' }), acte)).toBeDefined();
      expect((await stores.accounts.findCredentials(account.username))?.passwordHash).toBe('better');
      const late = session({ verified: 'hash', renewed: 'worse' });
      expect(await stores.sessions.open(late, acte)).toBeUndefined();
      expect(await stores.sessions.find(late.token.hash, at)).toBeUndefined();
      expect((await stores.accounts.findCredentials(account.username))?.passwordHash).toBe('better');
    });

    test('an exchanged token is in grace for ten seconds, then its reuse revokes the family', async () => {
      const opened = await openSession((await createAccount()).id);
      const [second, third] = [token(), token()];
      expect(await stores.sessions.use(opened.hash, second, at, () => acte)).toMatchObject({ verdict: 'valid' });
      expect(await stores.sessions.use(opened.hash, third, later(10_000), () => acte)).toMatchObject({ verdict: 'grace' });
      for (const { hash } of [second, third]) expect(await stores.sessions.find(hash, later(10_000))).toMatchObject({ verdict: 'valid' });
      expect(await stores.sessions.use(opened.hash, token(), later(10_001), () => acte)).toMatchObject({ verdict: 'reused' });
      for (const { hash } of [second, third]) expect(await stores.sessions.find(hash, later(10_001))).toMatchObject({ verdict: 'refused' });
    });

    test('without a next token nothing is exchanged', async () => {
      const opened = await openSession((await createAccount()).id);
      await stores.sessions.use(opened.hash, undefined, at, () => acte);
      expect(await stores.sessions.find(opened.hash, later(60_000))).toMatchObject({ verdict: 'valid' });
    });

    test('of many that use one token at once, none is taken for a thief and all their tokens work', async () => {
      const opened = await openSession((await createAccount()).id);
      const next = Array.from({ length: 8 }, () => token());
      const used = await Promise.all(next.map((one, index) => stores.sessions.use(opened.hash, one, later(index), () => acte)));
      expect(used.filter((found) => found?.verdict === 'valid')).toHaveLength(1);
      expect(used.filter((found) => found?.verdict === 'grace')).toHaveLength(7);
      for (const { hash } of next) expect(await stores.sessions.find(hash, later(100))).toMatchObject({ verdict: 'valid' });
    });

    test('a revoked family refuses every token of its own and no other', async () => {
      const { id } = await createAccount();
      const [one, two] = [await openSession(id), await openSession(id)];
      await stores.sessions.close(one.hash, at, () => ({ familyId: one.familyId, acte }));
      expect(await stores.sessions.find(one.hash, at)).toMatchObject({ verdict: 'refused' });
      expect(await stores.sessions.find(two.hash, at)).toMatchObject({ verdict: 'valid' });
    });

    test('the purge takes families whose every token has expired', async () => {
      const { id } = await createAccount();
      const [old, live] = [await openSession(id), await openSession(id)];
      const next = token(later(900_000_000));
      await stores.sessions.use(live.hash, next, at, () => acte);
      await stores.sessions.purge(later(700_000_000));
      expect(await stores.sessions.find(old.hash, at)).toBeUndefined();
      expect(await stores.sessions.find(next.hash, at)).toBeDefined();
    });

    test('a session that goes on keeps the tokens that may still be used, and those whose reuse may still be noticed', async () => {
      const opened = await openSession((await createAccount()).id);
      const [next, last] = [token(later(700_000_000)), token(later(900_000_000))];
      await stores.sessions.use(opened.hash, next, at, () => acte);
      await stores.sessions.use(next.hash, last, later(1_000), () => acte);
      await stores.sessions.purge(later(650_000_000));
      expect(await stores.sessions.find(opened.hash, at)).toBeUndefined();
      expect(await stores.sessions.find(last.hash, later(650_000_000))).toMatchObject({ verdict: 'valid' });
      expect(await stores.sessions.find(next.hash, later(650_000_000))).toMatchObject({ verdict: 'reused' });
    });
  });

  describe('guesses', () => {
    test('in parallel all count: five pass, the others wait', async () => {
      const keys = guessKeys('cible', '10.0.0.9');
      const waits = await Promise.all(Array.from({ length: 12 }, () => stores.guessing.take(keys, at)));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
      expect(waits.filter((wait) => wait === 10)).toHaveLength(7);
      expect(await stores.guessing.take(keys, later(10_000))).toBe(0);
      expect(await stores.guessing.take(keys, later(10_000))).toBe(20);
    });

    test('fifty at one address make it wait whatever the account', async () => {
      for (let i = 0; i < 50; i++) await stores.sessions.refuse(guessKeys(`compte-${i}`, '10.0.0.8'), at, acte);
      expect(await stores.guessing.take(guessKeys('autre', '10.0.0.8'), at)).toBe(10);
      expect(await stores.guessing.take(guessKeys('autre', '10.0.0.7'), at)).toBe(0);
    });

    test('a login forgets the failures of its pair and spares that address later', async () => {
      const { id } = await createAccount();
      const guesses = guessKeys('fidele', '10.0.0.6');
      for (let i = 0; i < 4; i++) await stores.guessing.take(guesses, at);
      await stores.sessions.open({ familyId: crypto.randomUUID(), userId: id, passwordHash: { verified: 'hash' }, token: token(), guesses, at }, acte);
      for (let i = 0; i < 9; i++) expect(await stores.guessing.take(guesses, at)).toBe(0);
      await stores.guessing.purge(at, later(1));
      expect(await stores.guessing.take(guesses, at)).toBe(160);
      await stores.guessing.purge(later(1), later(1));
      for (let i = 0; i < 5; i++) expect(await stores.guessing.take(guesses, at)).toBe(0);
      expect(await stores.guessing.take(guesses, at)).toBe(10);
    });
  });

  describe('keys', () => {
    test('are changed one change at a time: of those who find none, one makes it', async () => {
      const add = await generateSigningKey(secret, at);
      const ensure = () => stores.keys.update(async (rows) => (rows.length === 0 ? { add, raison: 'premiere' } : undefined));
      const done = await Promise.all([ensure(), ensure(), ensure()]);
      expect(done.filter((change) => change !== undefined)).toHaveLength(1);
      expect(await stores.keys.all()).toEqual([{ ...add, publicJwk: add.publicJwk, privateKey: expect.anything(), createdAt: at, signsFrom: at, retiredAt: null }]);
    });

    test('are added, given an end and removed together, in the order in which they sign', async () => {
      const [first] = await stores.keys.all();
      const second = await generateSigningKey(secret, at, later(900_000));
      await stores.keys.update(async () => ({ add: second, retireOthersAt: second.signsFrom, raison: 'commande' }));
      expect((await stores.keys.all()).map(({ kid, signsFrom, retiredAt }) => ({ kid, signsFrom, retiredAt }))).toEqual([
        { kid: first?.kid, signsFrom: at, retiredAt: later(900_000) }, { kid: second.kid, signsFrom: later(900_000), retiredAt: null },
      ]);
      await stores.keys.update(async (rows) => ({ remove: rows.slice(0, 1).map(({ kid }) => kid), raison: 'perimee' }));
      expect((await stores.keys.all()).map(({ kid }) => kid)).toEqual([second.kid]);
    });
  });

  describe('établissements', () => {
    test('are made once, and a missing emergency number is filled once', async () => {
      expect(await stores.etablissements.ensure(defaultEtablissement)).toMatchObject({ ...defaultEtablissement, version: 1 });
      expect(await stores.etablissements.ensure({ ...defaultEtablissement, telephoneUrgence: '112' })).toMatchObject({ telephoneUrgence: '112', version: 2 });
      expect(await stores.etablissements.ensure({ ...defaultEtablissement, telephoneUrgence: '113' })).toMatchObject({ telephoneUrgence: '112', version: 2 });
      expect(await stores.etablissements.find(1)).toMatchObject({ telephoneUrgence: '112', version: 2 });
      expect(await stores.etablissements.all()).toHaveLength(1);
      expect(await stores.etablissements.find(2)).toBeUndefined();
    });
  });
}

describe('in memory', () => {
  contract(async () => {
    const accounts = createMemoryAccounts();
    const guessing = createMemoryGuessing();
    return { accounts, guessing, etablissements: createMemoryEtablissements(), keys: createMemoryKeys(), sessions: createMemorySessions(accounts, guessing) };
  });
});

describe('on PostgreSQL', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let commits = 0;

  beforeAll(async () => {
    testDatabase = await createTestDatabase('auth');
    database = openDatabase(testDatabase.appUrl);
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  contract(async () => {
    const { db } = database;
    const committed = (): void => void commits++;
    return {
      accounts: createAccountStore(db, committed, runOnce), etablissements: createEtablissementStore(db, committed, runOnce), guessing: createGuessingStore(db), keys: createKeyStore(db),
      sessions: { ...createSessionStore(db), ...createCloseSessionStore(db, runOnce) },
    };
  });

  test('an account, its event and its audit line are written together or not at all', async () => {
    const accounts = createAccountStore(database.db, () => undefined, runOnce);
    const before = await database.db.outbox.count();
    const broken = () => ({ ...acte, action: null }) as unknown as Acte;
    await expect(accounts.create(newAccount({ username: 'jamais' }), broken)).rejects.toThrow();
    expect(await accounts.findCredentials('jamais')).toBeUndefined();
    expect(await database.db.outbox.count()).toBe(before);
    expect(commits).toBeGreaterThan(0);
    const outcome = await accounts.create(newAccount({ username: 'toujours' }), ({ id }) => ({ ...acte, objetId: String(id) }));
    const id = 'done' in outcome ? outcome.done.id : 0;
    expect(await database.db.outbox.findMany({ where: { key: String(id) }, select: { topic: true, type: true } })).toEqual([{ topic: 'mediai.auth.user.v1', type: 'mediai.auth.v1.UserChanged' }]);
    expect(await database.db.audit.count({ where: { objet_type: 'users', objet_id: String(id) } })).toBe(1);
  });

  test('active revocations are counted by those alone', async () => {
    const accounts = createAccountStore(database.db, () => undefined, runOnce);
    const outcome = await accounts.create(newAccount({ username: 'revoques' }), ({ id }) => ({ ...acte, objetId: String(id) }));
    const id = 'done' in outcome ? outcome.done.id : 0;
    await multiplyRow(testDatabase.ownerUrl, { table: 'users', where: `id = ${id}`, count: 5_000, ecarts: { username: "'revoque-' || g", username_key: "'revoque-' || g", email: 'NULL', email_key: 'NULL', tokens_valid_from: `CASE WHEN g <= 7 THEN timestamptz '${later(0).toISOString()}' WHEN g <= 4_000 THEN timestamptz '${later(-86_400_000).toISOString()}' END` } });
    const metrics = createAuthMetrics();
    await createReadActive(database.db, metrics, () => later(1_000))();
    const active = (await createSessionStore(database.db).revocations(later(1_000 - longestAccessSeconds * 1_000))).length;
    expect(active).toBeGreaterThanOrEqual(7);
    expect(await metrics.registry.metrics()).toContain(`revocations_active{service="auth"} ${active}\n`);
    expect(await explain(testDatabase.ownerUrl, activeSql, [later(1_000 - longestAccessSeconds * 1_000)])).toEqual({ lues: active, chemins: ['users_tokens_valid_from_idx'], entieres: [] });
  });

  test('the service can add to the audit and read it, never change it', async () => {
    const { db } = database;
    expect(await db.audit.count()).toBeGreaterThan(0);
    await expect(db.$executeRaw`UPDATE audit SET issue = 'ok'`).rejects.toThrow();
    await expect(db.$executeRaw`DELETE FROM audit`).rejects.toThrow();
    await expect(db.$executeRaw`TRUNCATE audit`).rejects.toThrow();
    await expect(db.$executeRaw`ALTER TABLE audit ADD COLUMN x int`).rejects.toThrow();
  });

  test('a database that is away is unavailable, not an internal error', async () => {
    const away = openDatabase('postgresql://nobody:nothing@127.0.0.1:9/auth');
    await expect(createAccountStore(away.db, () => undefined, runOnce).findAccount(1)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(createGuessingStore(away.db).take(guessKeys('a', 'b'), at)).rejects.toMatchObject({ kind: 'unavailable' });
    await away.close();
  });
});
