import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { openDatabase, type Database } from '../database-store.ts';
import { PrismaClient } from '../generated/prisma/client.ts';
import { createRunOnce } from '../idempotence/idempotence-store.ts';
import { createAccountChangeStore, type AccountChange, type AccountChangeStore } from './account-change-store.ts';
import { createAccountListStore, type AccountFilter, type AccountListStore } from '../annuaire/account-list-store.ts';
import { createMemoryAccounts } from './account-store.memory.ts';
import { createAccountStore, type AccountStore } from './account-store.ts';
import { emptyMedecinProfile, emptyPatientProfile, type Account } from './account.ts';
import { acte, addAccount, at, newAccount } from './fixtures.memory.ts';
import { readSearch } from '../annuaire/search.ts';

type Stores = AccountStore & AccountChangeStore & AccountListStore;

const nextSecond = new Date('2026-03-02T08:00:01Z');
/** What the stores' clock says. */
let now = at;
const clock = (): Date => now;

beforeEach(() => {
  now = at;
});

const keyed = (cle: string, corps = 'corps') => ({ acteurId: 7, route: 'Route', cle, corps: Buffer.from(corps), ecrire: ({ id }: Account) => Buffer.from(String(id)) });

/** The guarantees of every account store; établissements 1 and 2 exist, 9 does not. */
function contract(open: () => Stores): void {
  let stores: Stores;
  beforeAll(() => {
    stores = open();
  });

  const change = async (id: number, decide: (account: Account) => Partial<AccountChange> | null): Promise<Account> => {
    const outcome = await stores.change(id, (account) => {
      if (!account) throw new Error('missing');
      const decided = decide(account);
      return decided && { account, acte, sessions: 'garder', ...decided };
    });
    if (!('done' in outcome)) throw new Error('not changed');
    return outcome.done;
  };

  describe('a change', () => {
    test('is kept, in every field, as the next version', async () => {
      const account = await addAccount(stores);
      const wanted = {
        ...account, firstName: 'Aline', lastName: '', email: `e${account.id}@exemple.cd`, phone: '+243812345678', isStaff: true, isSuperuser: true, etablissementId: 2,
        patientProfile: { dateOfBirth: '1990-04-12', phoneNumber: '1', address: 'a\nb', postnom: 'p', sexe: 'F', avenue: 'av', quartier: 'q', commune: 'c', contactNom: 'n', contactTelephone: 't', contactAdresse: 'ad' },
      };
      const changed = await change(account.id, () => ({ account: wanted }));
      expect(changed).toEqual({ ...wanted, version: 2 });
      expect(await stores.findAccount(account.id)).toEqual(changed);
    });

    test('that is none leaves the account as it was', async () => {
      const account = await addAccount(stores);
      expect(await change(account.id, () => null)).toEqual(account);
    });

    test('moves an account between profiles, there and back', async () => {
      const account = await addAccount(stores, { patientProfile: { ...emptyPatientProfile, sexe: 'M' } });
      const medecin = { ...account, role: 'medecin' as const, patientProfile: null, medecinProfile: { ...emptyMedecinProfile, specialty: 'Chirurgie' } };
      expect(await change(account.id, () => ({ account: medecin }))).toEqual({ ...medecin, version: 2 });
      const patient = { ...medecin, role: 'patient' as const, patientProfile: emptyPatientProfile, medecinProfile: null };
      expect(await change(account.id, () => ({ account: patient }))).toEqual({ ...patient, version: 3 });
    });

    test.each(['renouveler', 'finir'] as const)('(%s) asks for new access tokens, newer than any that were issued since the last', async (sessions) => {
      const { id } = await addAccount(stores);
      expect((await change(id, () => ({ sessions }))).tokensValidFrom).toEqual(nextSecond);
      expect((await change(id, () => ({ sessions }))).tokensValidFrom).toEqual(new Date(nextSecond.getTime() + 1_000));
      now = new Date(0); // a clock that was put back
      expect((await change(id, () => ({ sessions }))).tokensValidFrom).toEqual(new Date(nextSecond.getTime() + 2_000));
      expect((await change(id, () => ({ sessions: 'garder' }))).tokensValidFrom).toEqual(new Date(nextSecond.getTime() + 2_000));
    });

    test('to a taken e-mail is told, whoever the other is in whatever case, and writes nothing', async () => {
      const [one, two] = [await addAccount(stores, { email: 'prise@exemple.cd' }), await addAccount(stores)];
      expect(await stores.change(two.id, () => ({ account: { ...two, email: 'PRISE@exemple.cd' }, acte, sessions: 'garder' }))).toEqual({ taken: 'email' });
      expect(await stores.findAccount(two.id)).toEqual(two);
      expect((await change(one.id, (account) => ({ account: { ...account, email: 'Prise@Exemple.cd' } }))).email).toBe('Prise@Exemple.cd');
    });

    test('to an établissement that does not exist is refused, as an account of it is', async () => {
      const account = await addAccount(stores);
      await expect(change(account.id, () => ({ account: { ...account, etablissementId: 9 } }))).rejects.toMatchObject({ kind: 'invalid', fields: { etablissement_id: [expect.any(String)] } });
      await expect(stores.create(newAccount({ etablissementId: 9 }), () => acte)).rejects.toMatchObject({ kind: 'invalid' });
      expect(await stores.findAccount(account.id)).toEqual(account);
    });

    test('of what decides to refuse is none', async () => {
      const account = await addAccount(stores);
      await expect(stores.change(account.id, () => { throw new Error('refused'); })).rejects.toThrow('refused');
      await expect(stores.change(424_242, (found) => { throw new Error(String(found)); })).rejects.toThrow('undefined');
      expect(await stores.findAccount(account.id)).toEqual(account);
    });

    test('at the same time as nine others loses none of them', async () => {
      const { id } = await addAccount(stores, { firstName: '' });
      const done = await Promise.all(Array.from({ length: 10 }, (_, digit) => change(id, (account) => ({ account: { ...account, firstName: account.firstName + digit } }))));
      const account = await stores.findAccount(id);
      expect(account?.version).toBe(11);
      expect(Array.from(account?.firstName ?? '').sort().join('')).toBe('0123456789');
      expect(done.map(({ version }) => version).sort((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    });
  });

  test('a closed account is found by nobody but by its number, and no other has its name', async () => {
    const account = await addAccount(stores, { username: 'partant' });
    const closed = await change(account.id, () => ({ account: { ...account, username: `supprime-${account.id}`, isActive: false }, sessions: 'finir', ferme: true }));
    expect(closed).toMatchObject({ isActive: false, lastLogin: null, tokensValidFrom: nextSecond });
    expect(await stores.findAccount(account.id)).toBeUndefined();
    expect(await stores.findCredentials('partant')).toBeUndefined();
    expect(await stores.findCredentials(closed.username)).toBeUndefined();
    expect(await stores.findAccounts([account.id])).toEqual([closed]);
    await expect(change(account.id, () => null)).rejects.toThrow('missing');
    expect(await stores.create(newAccount({ username: closed.username.toUpperCase() }), () => acte)).toEqual({ taken: 'username' });
    expect(await addAccount(stores, { username: 'PARTANT' })).toMatchObject({ username: 'PARTANT' });
  });

  describe('under an idempotency key', () => {
    test('an account is made once, and its first answer given again', async () => {
      const wanted = newAccount();
      const first = await stores.create(wanted, () => acte, keyed('un'));
      const id = 'done' in first ? first.done.id : 0;
      const again = await stores.create(wanted, () => acte, keyed('un'));
      expect('replayed' in again && Buffer.from(again.replayed).toString()).toBe(String(id));
      await expect(stores.create(newAccount(), () => acte, keyed('un', 'autre'))).rejects.toMatchObject({ kind: 'unprocessable' });
    });

    test('a refused account leaves the key free', async () => {
      const taken = await addAccount(stores);
      expect(await stores.create(newAccount({ username: taken.username }), () => acte, keyed('deux'))).toEqual({ taken: 'username' });
      expect(await stores.create(newAccount(), () => acte, keyed('deux'))).toHaveProperty('done');
    });

    test('a change is made once', async () => {
      const { id } = await addAccount(stores);
      const rename = () => stores.change(id, (account) => ({ account: { ...(account as Account), firstName: `${account?.firstName}x` }, acte, sessions: 'garder' }), keyed('trois'));
      await rename();
      expect(await rename()).toHaveProperty('replayed');
      expect((await stores.findAccount(id))?.version).toBe(2);
    });
  });

  test("the médecins of an établissement have a mark that changes with each of them, with who comes and who goes, and with nobody else", async () => {
    const etablissementId = 2;
    const medecin = { etablissementId, role: 'medecin' as const };
    const marks = new Set<string>();
    const mark = async (): Promise<number> => marks.add(await stores.empreinteMedecins(etablissementId)).size;
    const become = (id: number, changes: Partial<Account>) => change(id, (account) => ({ account: { ...account, ...changes } }));
    expect(await mark()).toBe(1);
    const { id } = await addAccount(stores, medecin);
    expect(await mark()).toBe(2);
    await become(id, { medecinProfile: { ...emptyMedecinProfile, isApproved: true, isAvailable: false } });
    expect(await mark()).toBe(3);
    await addAccount(stores, { etablissementId });
    await addAccount(stores, { ...medecin, etablissementId: 1 });
    expect(await mark()).toBe(3);
    await become(id, { etablissementId: 1 });
    expect(await mark()).toBe(3); // as at first: nobody is there
    await become(id, { etablissementId });
    expect(await mark()).toBe(4);
    await become(id, { etablissementId: 1 });
  });

  describe('a list', () => {
    const list = async (filter: Partial<AccountFilter>) => stores.list({ page: 1, pageSize: 20, ordre: 'recent', etablissementId: 2, ...filter });
    const names = async (filter: Partial<AccountFilter>): Promise<string[]> => (await list(filter)).accounts.map(({ username }) => username);
    const found = async (text: string, avecTelephone = true): Promise<string[]> => (await names({ search: readSearch(text, avecTelephone), role: 'patient' })).sort();

    beforeAll(async () => {
      const day = (date: number): Date => new Date(Date.UTC(2030, 0, date));
      const ici = { etablissementId: 2 };
      const medecin = (specialty: string | null, changes = {}) => ({ ...emptyMedecinProfile, specialty, isApproved: true, ...changes });
      await addAccount(stores, { ...ici, username: 'l-elise', firstName: 'Élise', lastName: 'Ñkulu', phone: '+243812345699', email: 'elise.l@exemple.cd', dateJoined: day(3), patientProfile: { ...emptyPatientProfile, postnom: 'Z' } });
      await addAccount(stores, { ...ici, username: 'l-100%', firstName: 'Cent_pour', lastName: "O'Brien\\", dateJoined: day(2) });
      await addAccount(stores, { ...ici, username: 'l-inactif', isActive: false, dateJoined: day(1) });
      await addAccount(stores, { ...ici, username: 'l-med-b', role: 'medecin', lastName: 'Bâ', medecinProfile: medecin('Pédiatrie') });
      await addAccount(stores, { ...ici, username: 'l-med-e', role: 'medecin', lastName: 'Élu', medecinProfile: medecin('Médecine interne', { isAvailable: false }) });
      await addAccount(stores, { ...ici, username: 'l-med-f', role: 'medecin', lastName: 'faye', medecinProfile: medecin(null) });
      await addAccount(stores, { ...ici, username: 'l-med-attente', role: 'medecin', medecinProfile: emptyMedecinProfile });
      await addAccount(stores, { ...ici, username: 'l-med-inactif', role: 'medecin', isActive: false, medecinProfile: medecin('Pédiatrie') });
      const parti = await addAccount(stores, { ...ici, username: 'l-parti' });
      await change(parti.id, (account) => ({ account: { ...account, username: `supprime-${parti.id}` }, sessions: 'finir', ferme: true }));
    });

    test('is newest first, a page at a time, of one établissement and role', async () => {
      expect((await names({ role: 'patient' })).slice(0, 3)).toEqual(['l-elise', 'l-100%', 'l-inactif']);
      const second = await list({ role: 'patient', page: 2, pageSize: 1 });
      expect(second.accounts.map(({ username }) => username)).toEqual(['l-100%']);
      expect(second).toMatchObject({ count: (await list({ role: 'patient' })).count, countExact: true });
      expect(await names({ role: 'medecin', etablissementId: 9 })).toEqual([]);
      expect((await list({ etablissementId: undefined })).count).toBeGreaterThan((await list({})).count);
    });

    test('gives accounts whole, profiles included', async () => {
      const { accounts } = await list({ search: readSearch('l-elise', true) });
      expect(accounts).toEqual([await stores.findAccount(accounts[0]?.id ?? 0)]);
      expect(accounts[0]?.patientProfile?.postnom).toBe('Z');
    });

    test('finds every word in username, names, e-mail and phone, without case and accents', async () => {
      for (const text of ['ELISE', 'élise nkulu', 'e\u0301lise', 'ñKULU elise.l@', '0812 345 699', '+243 812 345 699', '812345699', 'ＥＬＩＳＥ']) expect([text, await found(text)]).toEqual([text, ['l-elise']]);
      expect(await found('elise zzz')).toEqual([]);
      expect(await found('812345699', false)).toEqual([]);
      expect(await found('l-parti')).toEqual([]);
    });

    test('takes what means something to SQL for text', async () => {
      expect(await found('%')).toEqual(['l-100%']);
      expect(await found('_')).toEqual(['l-100%']);
      expect(await found("o'brien\\")).toEqual(['l-100%']);
      for (const text of ["'; DROP TABLE users;--", "' OR '1'='1", 'l-1%0', '.*']) expect([text, await found(text)]).toEqual([text, []]);
      expect(await found('\\')).toEqual(['l-100%']);
    });

    test('of open médecins by name leaves out who waits or is gone', async () => {
      const medecins = (filter: Partial<AccountFilter> = {}) => names({ role: 'medecin', ouverts: true, ordre: 'nom', ...filter });
      expect(await medecins()).toEqual(['l-med-b', 'l-med-e', 'l-med-f']);
      expect(await medecins({ available: true })).toEqual(['l-med-b', 'l-med-f']);
      expect(await medecins({ available: false })).toEqual(['l-med-e']);
      expect(await medecins({ specialty: 'med' })).toEqual(['l-med-e']);
      expect(await medecins({ specialty: 'pedia' })).toEqual(['l-med-b']);
      expect(await medecins({ specialty: "'--" })).toEqual([]);
    });
  });
}

describe('in memory', () => {
  contract(() => createMemoryAccounts((etablissementId) => etablissementId <= 2, clock));
});

describe('on PostgreSQL', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let stores: Stores;

  beforeAll(async () => {
    testDatabase = await createTestDatabase('auth');
    database = openDatabase(testDatabase.appUrl);
    const runOnce = createRunOnce('a-key');
    const committed = (): void => undefined;
    stores = { ...createAccountStore(database.db, committed, runOnce), ...createAccountChangeStore(database.db, committed, runOnce, clock), ...createAccountListStore(database.db) };
    for (const id of [1, 2]) await database.db.etablissement.create({ data: { id: id === 1 ? 1 : undefined, nom: `Centre ${id}` } });
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  contract(() => stores);

  test('nothing personal is left of a closed account, in any column of any table but the audit', async () => {
    const { db } = database;
    const canaries = ['Kanari-nom', 'Kanari-prenom', 'kanari.compte', 'kanari@exemple.cd', '+243812340000', 'Kanari-profil', '1977-07-07', 'Kanari-specialite'];
    const profile = Object.fromEntries(Object.keys(emptyPatientProfile).map((name) => [name, name === 'dateOfBirth' ? '1977-07-07' : name === 'sexe' ? 'Kanari' : 'Kanari-profil'])) as typeof emptyPatientProfile;
    const account = await addAccount(stores, { username: 'kanari.compte', firstName: 'Kanari-prenom', lastName: 'Kanari-nom', email: 'kanari@exemple.cd', phone: '+243812340000', patientProfile: profile });
    await db.passwordResetCode.create({ data: { user_id: account.id, code_hash: Buffer.from('x'), created_at: at, expires_at: at } });
    await stores.change(account.id, (found) => ({ account: { ...(found as Account), role: 'medecin', patientProfile: null, medecinProfile: { ...emptyMedecinProfile, specialty: 'Kanari-specialite', address: 'Kanari-profil' } }, acte, sessions: 'garder' }));
    await stores.change(account.id, (found) => ({ account: { ...(found as Account), isActive: true }, acte, sessions: 'garder' }), { ...keyed('k'), acteurId: account.id, ecrire: () => Buffer.from('Kanari-nom') });
    const before = await dump(database);
    for (const canary of canaries.filter((one) => !one.includes('profil') && one !== '1977-07-07')) expect([canary, before.includes(canary)]).toEqual([canary, true]);

    const blank: Account = { ...account, role: 'medecin', username: `supprime-${account.id}`, firstName: '', lastName: '', email: null, phone: null, isActive: false, patientProfile: null, medecinProfile: emptyMedecinProfile };
    await stores.change(account.id, () => ({ account: blank, acte, sessions: 'finir', ferme: true }));
    const after = await dump(database);
    for (const canary of [...canaries, 'Kanari']) expect([canary, after.includes(canary) || after.includes(canary.toLowerCase())]).toEqual([canary, false]);
    const row = await db.user.findUniqueOrThrow({ where: { id: account.id } });
    expect(row).toMatchObject({ username: `supprime-${account.id}`, username_key: `supprime-${account.id}`, password_hash: '!', email_key: null, last_login: null, deleted_at: at });
    const events = await db.outbox.findMany({ where: { key: String(account.id) }, select: { type: true } });
    expect(events).toEqual([{ type: 'mediai.auth.v1.UserChanged' }]);
  });

  test('a list takes as many queries for many accounts as for one', async () => {
    const counting = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.appUrl }), log: [{ emit: 'event', level: 'query' }] });
    let queries = 0;
    counting.$on('query', () => void queries++);
    const queriesOf = async (pageSize: number): Promise<[accounts: number, queries: number]> => {
      queries = 0;
      const { accounts } = await createAccountListStore(counting).list({ page: 1, pageSize, ordre: 'recent', search: readSearch('kalonji', true) });
      return [accounts.length, queries];
    };
    const [[one, queriesForOne], [many, queriesForMany]] = [await queriesOf(1), await queriesOf(30)];
    await counting.$disconnect();
    expect([one, many > 10]).toEqual([1, true]);
    expect(queriesForMany).toBe(queriesForOne);
    expect(queriesForOne).toBeLessThanOrEqual(5);
  });

  test('a change that had to wait for another ends the tokens that were issued meanwhile', async () => {
    const { id } = await addAccount(stores);
    let changing: ReturnType<typeof stores.change> | undefined;
    await database.db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${id}::int FOR UPDATE`;
      changing = stores.change(id, (found) => ({ account: { ...(found as Account), isActive: false }, acte, sessions: 'finir' }));
      await until(async () => (await tx.$queryRaw<unknown[]>`SELECT 1 FROM pg_locks WHERE NOT granted`).length > 0);
      now = new Date(at.getTime() + 5_000);
    });
    expect(await changing).toMatchObject({ done: { tokensValidFrom: new Date(nextSecond.getTime() + 5_000) } });
  });

  test('a deactivated account has no refresh family left', async () => {
    const account = await addAccount(stores);
    await database.db.refreshFamily.create({ data: { id: crypto.randomUUID(), user_id: account.id, created_at: at } });
    await stores.change(account.id, (found) => ({ account: { ...(found as Account), isActive: false }, acte, sessions: 'finir' }));
    expect(await database.db.refreshFamily.findMany({ where: { user_id: account.id }, select: { revoked_at: true, revoked_reason: true } })).toEqual([{ revoked_at: at, revoked_reason: 'compte' }]);
  });

  test('a change, its event, its audit line and its key are written together or not at all', async () => {
    const { db } = database;
    const account = await addAccount(stores);
    const count = async () => [await db.outbox.count(), await db.audit.count(), await db.idempotence.count()];
    const before = await count();
    const broken = { ...acte, action: null } as unknown as AccountChange['acte'];
    await expect(stores.change(account.id, (found) => ({ account: { ...(found as Account), firstName: 'jamais' }, acte: broken, sessions: 'finir' }), keyed('jamais'))).rejects.toThrow();
    expect(await count()).toEqual(before);
    expect(await stores.findAccount(account.id)).toEqual(account);
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10);
}

/** Every row of every table but the audit, as text; bytes are read as UTF-8. */
async function dump({ db }: Database): Promise<string> {
  const tables = await db.$queryRaw<{ name: string }[]>`SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', 'audit')`;
  const rows: unknown[] = [];
  for (const { name } of tables) rows.push(...(await db.$queryRawUnsafe<unknown[]>(`SELECT * FROM "${name}"`)));
  const readable = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? Buffer.from(value).toString() : value);
  return JSON.stringify(rows.map((row) => Object.fromEntries(Object.entries(row as object).map(([key, value]) => [key, readable(key, value)]))));
}
