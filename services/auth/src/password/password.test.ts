import { pbkdf2Sync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { createTestDatabase, fixedClock, type FixedClock, type TestDatabase } from '@mediai/testing';
import { createPasswords, type AgingPasswords } from '../account/password-hash.ts';
import { openDatabase, type Database } from '../database-store.ts';
import { createFindRevocations } from '../token/list-revocations.ts';
import { createGuessingStore } from '../token/guessing-store.ts';
import { createIssueToken } from '../token/issue-token.ts';
import { createSessionStore } from '../token/session-store.ts';
import { createUseRefreshToken } from '../token/use-refresh-token.ts';
import type { TokenHolder } from '../token/access-token.ts';
import { createAccountStore } from '../account/account-store.ts';
import { createChangePassword } from './change-password.ts';
import type { Letter } from './code-courier.ts';
import { createConfirmReset } from './confirm-reset.ts';
import { createPasswordStore } from './password-store.ts';
import { createRequestReset } from './request-reset.ts';
import { createResetCodes } from './reset-code.ts';

/** Passwords on PostgreSQL, with argon2, by a clock that is moved. */
let testDatabase: TestDatabase;
let database: Database;
let passwords: AgingPasswords;
let present: string;
let clock: FixedClock;
let count = 0;

const first = 'palmier-bleu-7';
const second = 'manguier-vert-8';
const secret = 'a-secret-of-at-least-32-characters';
const wrongCode = { kind: 'invalid', code: 'mot_de_passe.code_invalide', fields: { code: ['Ce code est invalide ou a expiré.'] } };
const refusedLogin = { kind: 'unauthenticated', code: 'auth.identifiants_invalides' };

beforeAll(async () => {
  testDatabase = await createTestDatabase('auth');
  database = openDatabase(testDatabase.appUrl);
  passwords = await createPasswords();
  present = await passwords.hash(first);
  await database.db.etablissement.create({ data: { id: 1, nom: 'Hôpital' } });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(() => {
  clock = fixedClock('2026-03-02T08:00:00.400Z');
});

async function addUser(changes: Record<string, unknown> = {}): Promise<{ id: number; username: string; email: string }> {
  const username = `compte-${++count}`;
  const email = `${username}@exemple.cd`;
  const row = await database.db.user.create({
    data: { username, username_key: username, email, email_key: email, phone: '+243812345678', first_name: 'Mwamba', role: 'patient', etablissement_id: 1, password_hash: present, ...changes },
  });
  return { id: row.id, username, email };
}

function setUp() {
  const { db } = database;
  const store = createPasswordStore(db, clock.now);
  const sessions = createSessionStore(db);
  const issued: { holder: TokenHolder; at: Date }[] = [];
  const accessTokens = {
    forAccount: async (holder: TokenHolder, at: Date) => `access-${issued.push({ holder, at })}`,
    forService: async () => 'service',
  };
  const letters: Letter[] = [];
  const needs = {
    store, sessions, accessTokens, passwords, codes: createResetCodes(secret), guessing: createGuessingStore(db), post: (letter: Letter) => void letters.push(letter),
    accounts: createAccountStore(db, () => undefined, undefined as never), refreshSeconds: 604_800, clock: clock.now, counted: () => undefined,
  };
  const issueToken = createIssueToken(needs);
  return {
    store, letters, issued,
    change: createChangePassword(needs), request: createRequestReset(needs), confirm: createConfirmReset(needs), refresh: createUseRefreshToken(needs),
    revocations: createFindRevocations(needs),
    login: (username: string, password: string, adresse = `10.1.${count % 250}.1`) => issueToken({ username, password, adresse }),
  };
}

const acteurOf = (id: number): Acteur => ({ id, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: 't' });
const adresseOf = (): string => `10.2.${count % 250}.1`;
const actesOf = (id: number, action: string) => database.db.audit.findMany({ where: { objet_type: 'users', objet_id: String(id), action }, orderBy: { id: 'asc' } });
const codesOf = (id: number) => database.db.passwordResetCode.findMany({ where: { user_id: id }, orderBy: { id: 'asc' } });
const wrong = (code: string): string => String((Number(code) + 1) % 100_000_000).padStart(8, '0');

describe('a login', () => {
  test("with a hash of Django's works, and leaves one of argon2id in the same transaction as last_login", async () => {
    const { login, store } = setUp();
    const hash = `pbkdf2_sha256$20000$sel$${pbkdf2Sync(first, 'sel', 20_000, 32, 'sha256').toString('base64')}`;
    const user = await addUser({ password_hash: hash });
    expect(await store.mostDjangoIterations()).toBe(20_000);
    await expect(login(user.username, second)).rejects.toMatchObject(refusedLogin);
    expect((await database.db.user.findUniqueOrThrow({ where: { id: user.id } })).password_hash).toBe(hash);
    await login(user.username, first);
    const row = await database.db.user.findUniqueOrThrow({ where: { id: user.id } });
    expect(row.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(row.last_login).toEqual(clock.now());
    await login(user.username, first);
    expect((await database.db.user.findUniqueOrThrow({ where: { id: user.id } })).password_hash).toBe(row.password_hash);
    expect(await store.mostDjangoIterations()).toBe(0);
  });

  test('never matches an unusable password', async () => {
    const { login } = setUp();
    const user = await addUser({ password_hash: '!' });
    for (const password of ['!', '', ' ', first]) await expect(login(user.username, password || 'x')).rejects.toMatchObject(refusedLogin);
  });
});

describe('a change of password', () => {
  test('ends every other session, revokes access tokens, gives a new pair, and is audited', async () => {
    const { login, change, refresh, issued, revocations } = setUp();
    const user = await addUser();
    const [one, two] = [await login(user.username, first), await login(user.username, first)];
    const pair = await change(acteurOf(user.id), { oldPassword: first, newPassword: second, adresse: adresseOf() });
    for (const { refresh: old } of [one, two]) await expect(refresh(old, true)).rejects.toMatchObject({ kind: 'unauthenticated' });
    // 08:00:00.400: what was issued in this second is older than the next.
    const validFrom = new Date('2026-03-02T08:00:01Z');
    expect(issued.at(-1)).toMatchObject({ holder: { id: user.id, tokensValidFrom: validFrom } });
    expect(await revocations()).toContainEqual({ userId: user.id, validFrom: validFrom.getTime() / 1000 });
    expect((await refresh(pair.refresh, true)).refresh).toBeTruthy();
    await expect(login(user.username, first)).rejects.toMatchObject(refusedLogin);
    await login(user.username, second);
    expect(await actesOf(user.id, 'compte.mot_de_passe')).toMatchObject([{ acteur_id: user.id, acteur_role: 'patient', issue: 'ok' }]);
  });

  test('again in the same second revokes what the first gave', async () => {
    const { change, revocations } = setUp();
    const user = await addUser();
    await change(acteurOf(user.id), { oldPassword: first, newPassword: second, adresse: '' });
    await change(acteurOf(user.id), { oldPassword: second, newPassword: first, adresse: '' });
    expect(await revocations()).toContainEqual({ userId: user.id, validFrom: Date.parse('2026-03-02T08:00:02Z') / 1000 });
  });

  test('a revocation is told for as long as the longest access token lives', async () => {
    const { change, revocations } = setUp();
    const user = await addUser();
    await change(acteurOf(user.id), { oldPassword: first, newPassword: second, adresse: '' });
    const isTold = async () => (await revocations()).some(({ userId }) => userId === user.id);
    clock.advance(86_400_000);
    expect(await isTold()).toBe(true);
    clock.advance(1_000);
    expect(await isTold()).toBe(false);
  });

  test('is refused with a wrong present password, which is guessed under the guard of a login', async () => {
    const { change } = setUp();
    const user = await addUser();
    const attempt = (oldPassword: string) => change(acteurOf(user.id), { oldPassword, newPassword: second, adresse: adresseOf() });
    for (let i = 0; i < 5; i++) await expect(attempt('faux')).rejects.toMatchObject({ kind: 'invalid', code: 'mot_de_passe.incorrect', fields: { old_password: [expect.any(String)] } });
    await expect(attempt(first)).rejects.toMatchObject({ kind: 'exhausted', code: 'auth.trop_d_essais', retryAfterSeconds: 10 });
    expect(await actesOf(user.id, 'compte.mot_de_passe')).toHaveLength(5);
    clock.advance(10_000);
    await attempt(first);
  });

  test('names what is wrong, before anything is guessed', async () => {
    const { change } = setUp();
    const user = await addUser();
    const attempt = (oldPassword: string, newPassword: string) => change(acteurOf(user.id), { oldPassword, newPassword, adresse: '' });
    await expect(attempt('', '')).rejects.toMatchObject({ kind: 'invalid', fields: { old_password: [expect.any(String)], new_password: [expect.any(String)] } });
    await expect(attempt(first, 'trustno1')).rejects.toMatchObject({ code: 'mot_de_passe.invalide', fields: { new_password: ['Ce mot de passe est trop courant.'] } });
    await expect(change({ ...acteurOf(0), role: 'service', service: 'ia' }, { oldPassword: first, newPassword: second, adresse: '' })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('of two at once, one wins; a login that began before it with the old password opens nothing', async () => {
    const { change, login } = setUp();
    const user = await addUser();
    const rivals = await Promise.allSettled([second, 'baobab-rouge-9'].map((newPassword) => change(acteurOf(user.id), { oldPassword: first, newPassword, adresse: '' })));
    expect(rivals.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const families = await database.db.refreshFamily.findMany({ where: { user_id: user.id, revoked_at: null } });
    expect(families).toHaveLength(1);

    const other = await addUser();
    await Promise.allSettled([login(other.username, first), change(acteurOf(other.id), { oldPassword: first, newPassword: second, adresse: '' }), login(other.username, first), login(other.username, first)]);
    expect(await database.db.refreshFamily.count({ where: { user_id: other.id, revoked_at: null } })).toBe(1);
  });
});

describe('a forgotten password', () => {
  test('is replaced by a code, once: all sessions end, the guesses are forgotten, audited', async () => {
    const { login, request, confirm, refresh, letters, revocations } = setUp();
    const user = await addUser();
    const session = await login(user.username, first);
    const adresse = adresseOf();
    for (let i = 0; i < 5; i++) await expect(login(user.username, 'faux', adresse)).rejects.toMatchObject(refusedLogin);
    await expect(login(user.username, first, adresse)).rejects.toMatchObject({ kind: 'exhausted' });
    await request({ identifiant: ` ${user.username.toUpperCase()} `, adresse });
    expect(letters).toEqual([{
      userId: user.id, telephone: '+243812345678', email: user.email, prenom: 'Mwamba', etablissementId: 1, code: expect.stringMatching(/^\d{8}$/), expiresAt: new Date(clock.now().getTime() + 600_000),
    }]);
    const { code } = letters[0] as Letter;
    await confirm({ identifiant: user.email, code: `${code.slice(0, 4)} ${code.slice(4)}`, newPassword: second, adresse });
    await expect(refresh(session.refresh, true)).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect((await revocations()).map(({ userId }) => userId)).toContain(user.id);
    await login(user.username, second, adresse);
    await expect(confirm({ identifiant: user.username, code, newPassword: first, adresse })).rejects.toMatchObject(wrongCode);
    expect(await actesOf(user.id, 'mot_de_passe.demande')).toMatchObject([{ acteur_id: null, acteur_role: 'anonyme', adresse, issue: 'ok' }]);
    expect(await actesOf(user.id, 'mot_de_passe.reinitialisation')).toMatchObject([{ acteur_id: user.id, issue: 'ok' }, { acteur_id: null, issue: 'refus' }]);
  });

  test('is asked for with the same answer and the same rows whether the account is open, unknown, deactivated or deleted', async () => {
    const { request, letters } = setUp();
    const [open, closed, deleted] = [await addUser(), await addUser({ is_active: false }), await addUser({ deleted_at: new Date() })];
    const rows = async (identifiant: string) => {
      const before = { codes: await database.db.passwordResetCode.count(), audit: await database.db.audit.count(), attempts: await database.db.loginAttempt.count() };
      expect(await request({ identifiant, adresse: `10.3.${++count % 250}.7` })).toBeUndefined();
      return [await database.db.passwordResetCode.count() - before.codes, await database.db.audit.count() - before.audit, await database.db.loginAttempt.count() - before.attempts];
    };
    for (const identifiant of [open.username, 'inconnu', 'inconnu@exemple.cd', closed.username, deleted.email, 'nul\0']) expect(await rows(identifiant)).toEqual([1, 1, 2]);
    expect(letters.map(({ userId }) => userId)).toEqual([open.id]);
    await expect(request({ identifiant: '  ', adresse: '' })).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('is refused alike for a wrong code, an expired one, a replaced one, and an account that does not exist', async () => {
    const { request, confirm, letters } = setUp();
    const user = await addUser();
    const ask = async (): Promise<string> => {
      await request({ identifiant: user.username, adresse: adresseOf() });
      return (letters.at(-1) as Letter).code;
    };
    const attempt = (identifiant: string, code: string) => confirm({ identifiant, code, newPassword: second, adresse: `10.4.${++count % 250}.3` });
    const old = await ask();
    const newest = await ask();
    for (const [identifiant, code] of [[user.username, old], [user.username, wrong(newest)], ['inconnu', newest], ['', newest], [user.username, ''], [user.username, 'x'.repeat(5_000)]] as const) {
      await expect(attempt(identifiant, code)).rejects.toMatchObject(wrongCode);
    }
    clock.advance(600_000);
    await expect(attempt(user.username, newest)).rejects.toMatchObject(wrongCode);
    const last = await ask();
    clock.advance(599_999);
    await attempt(user.username, last);
  });

  test('a code bears five tries, from wherever they come, in parallel too', async () => {
    const { request, confirm, letters } = setUp();
    const user = await addUser();
    await request({ identifiant: user.username, adresse: adresseOf() });
    const { code } = letters[0] as Letter;
    const attempt = (typed: string, i: number) => confirm({ identifiant: user.username, code: typed, newPassword: second, adresse: `10.5.${i}.1` });
    const guesses = await Promise.allSettled(Array.from({ length: 5 }, (_, i) => attempt(wrong(code), i)));
    expect(guesses.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(attempt(code, 9)).rejects.toMatchObject(wrongCode);
    expect((await codesOf(user.id))[0]).toMatchObject({ attempts: 6, used_at: null });
  });

  test('of many that confirm with one code, one wins', async () => {
    const { request, confirm, letters, login } = setUp();
    const user = await addUser();
    await request({ identifiant: user.username, adresse: adresseOf() });
    const { code } = letters[0] as Letter;
    const chosen = ['un', 'deux', 'trois', 'quatre'].map((word) => `mot-de-passe-numero-${word}`);
    const rivals = await Promise.allSettled(chosen.map((newPassword, i) => confirm({ identifiant: user.username, code, newPassword, adresse: `10.6.${i}.1` })));
    const winner = rivals.findIndex(({ status }) => status === 'fulfilled');
    expect(rivals.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await login(user.username, chosen[winner] as string);
  });

  test('an account is sent three codes an hour, and a fourth request does not replace the third', async () => {
    const { request, confirm, letters } = setUp();
    const user = await addUser();
    const ask = (i: number) => request({ identifiant: user.username, adresse: `10.7.${i}.1` });
    await Promise.all(Array.from({ length: 7 }, (_, i) => ask(i)));
    expect(letters).toHaveLength(3);
    expect((await actesOf(user.id, 'mot_de_passe.demande')).map(({ issue }) => issue).sort()).toEqual(['ok', 'ok', 'ok', 'refus', 'refus', 'refus', 'refus']);
    const newest = (await codesOf(user.id)).at(-1);
    const third = letters.find(({ code }) => Buffer.from(createResetCodes(secret).hashCode(user.id, code)).equals(Buffer.from(newest?.code_hash ?? [])));
    clock.advance(3_600_000);
    await ask(8);
    expect(letters).toHaveLength(4);
    expect(third).toBeDefined();
    await confirm({ identifiant: user.username, code: (letters[3] as Letter).code, newPassword: second, adresse: adresseOf() });
  });

  test('one address that asks or guesses too often waits', async () => {
    const { request, confirm } = setUp();
    const user = await addUser();
    const adresse = '10.8.0.1';
    for (let i = 0; i < 5; i++) await request({ identifiant: user.username, adresse });
    await expect(request({ identifiant: user.username, adresse })).rejects.toMatchObject({ kind: 'exhausted', retryAfterSeconds: 10 });
    const guess = () => confirm({ identifiant: user.username, code: '00000000', newPassword: second, adresse });
    for (let i = 0; i < 5; i++) await expect(guess()).rejects.toMatchObject(wrongCode);
    await expect(guess()).rejects.toMatchObject({ kind: 'exhausted', retryAfterSeconds: 10 });
    for (let i = 0; i < 40; i++) await request({ identifiant: `personne-${i}`, adresse });
    await expect(request({ identifiant: 'encore-un', adresse })).rejects.toMatchObject({ kind: 'exhausted' });
  });

  test('a weak new password is named and costs no try', async () => {
    const { request, confirm, letters } = setUp();
    const user = await addUser();
    await request({ identifiant: user.username, adresse: adresseOf() });
    const { code } = letters[0] as Letter;
    for (const newPassword of ['', 'court', 'motdepasse', '84629173']) {
      await expect(confirm({ identifiant: user.username, code, newPassword, adresse: adresseOf() })).rejects.toMatchObject({ kind: 'invalid', code: 'mot_de_passe.invalide', fields: { new_password: [expect.any(String)] } });
    }
    await confirm({ identifiant: user.username, code, newPassword: second, adresse: adresseOf() });
  });

  test('a code is worth nothing once the password was changed or the account deactivated', async () => {
    const { request, confirm, change, letters } = setUp();
    const [changed, closed] = [await addUser(), await addUser()];
    for (const { username } of [changed, closed]) await request({ identifiant: username, adresse: adresseOf() });
    await change(acteurOf(changed.id), { oldPassword: first, newPassword: second, adresse: '' });
    await database.db.user.update({ where: { id: closed.id }, data: { is_active: false } });
    for (const [index, { username }] of [changed, closed].entries()) {
      await expect(confirm({ identifiant: username, code: (letters[index] as Letter).code, newPassword: 'baobab-rouge-9', adresse: adresseOf() })).rejects.toMatchObject(wrongCode);
    }
  });

  test('a username counts before the e-mail address of another', async () => {
    const { request, letters } = setUp();
    const victim = await addUser();
    const thief = await addUser({ username: `${victim.username}@voleur.cd`, username_key: `${victim.username}@voleur.cd`, email: null, email_key: null });
    await database.db.user.update({ where: { id: victim.id }, data: { email_key: `${victim.username}@voleur.cd` } });
    const typed = `${victim.username}@voleur.cd`;
    await request({ identifiant: typed, adresse: adresseOf() });
    expect(letters.map(({ userId }) => userId)).toEqual([thief.id]);
  });

  test('an e-mail address given as one is nobody\'s username: who took it for a name gets no code and keeps none from its owner', async () => {
    const { request, confirm, letters, login } = setUp();
    const owner = await addUser();
    await addUser({ username: owner.email, username_key: owner.email, email: null, email_key: null });
    await request({ identifiant: '', email: owner.email.toUpperCase(), adresse: adresseOf() });
    expect(letters.map(({ userId }) => userId)).toEqual([owner.id]);
    await confirm({ identifiant: '', email: owner.email, code: (letters[0] as Letter).code, newPassword: second, adresse: adresseOf() });
    await login(owner.username, second);
    await request({ identifiant: '', email: owner.username, adresse: adresseOf() });
    expect(letters).toHaveLength(1);
    await expect(request({ identifiant: owner.username, email: ' ', adresse: adresseOf() })).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('neither a row nor an event holds the code', async () => {
    const { request, letters, store } = setUp();
    const user = await addUser();
    await request({ identifiant: user.username, adresse: adresseOf() });
    const { code } = letters[0] as Letter;
    const kept = await Promise.all(['password_reset_code', 'audit', 'outbox', 'login_attempt'].map((table) => database.db.$queryRawUnsafe<{ line: string }[]>(`SELECT t::text AS line FROM ${table} t`)));
    expect(JSON.stringify(kept)).not.toContain(code);
    expect(await store.purge(new Date(clock.now().getTime() + 1))).toBeGreaterThan(0);
    expect(await codesOf(user.id)).toEqual([]);
  });
});
