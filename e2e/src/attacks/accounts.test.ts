import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCompte, must, unique, type Compte } from '../accounts.ts';
import { call, login, loginSuperuser, until, type Answer } from '../client.ts';
import { openRpc } from '../rpc.ts';
import { messagesHolding } from '../sandbox.ts';
import { readToken } from './forge.ts';
import { askEveryone, HEARD, REFUSED } from './everyone.ts';

const AUTH = '/api/v1/auth/';
/** By when a token of a deactivated account is refused everywhere, and a little for the asking. */
const REVOKED_WITHIN_MS = 75_000;
/** Reuse of a refresh token within this time is taken for a second tab. */
const SECOND_TAB_MS = 10_000;

type Tokens = { access: string; refresh: string };
type User = Record<string, unknown> & { id: number };

const logIn = ({ username, password }: Pick<Compte, 'username' | 'password'>): Promise<Tokens> => must('POST', `${AUTH}token/`, undefined, { username, password });
const register = (more: Record<string, unknown>): Promise<Answer<User>> => call('POST', `${AUTH}users/register/`, { body: { username: `e2e.${unique()}`, password: `Likasi-${unique()}`, ...more } });
const me = (token: string): Promise<User> => must('GET', `${AUTH}me/`, token);

describe('an account', () => {
  let rpc: Awaited<ReturnType<typeof openRpc>>;
  let superuser: string;

  beforeAll(async () => {
    [rpc, superuser] = [await openRpc(), await loginSuperuser()];
  });
  afterAll(() => rpc?.close());

  it('that is deactivated or deleted: its tokens are refused by every service within a minute, for good', async () => {
    const ends: ((id: number) => Promise<Answer>)[] = [(id) => call('PATCH', `${AUTH}users/${id}/`, { token: superuser, body: { is_active: false } }), (id) => call('DELETE', `${AUTH}users/${id}/`, { token: superuser })];
    await Promise.all(ends.map(async (end) => {
      const medecin = await createCompte(superuser, { role: 'medecin' });
      const { refresh } = await logIn(medecin);
      expect(await askEveryone(medecin.token, rpc.callRpc)).toEqual(HEARD);

      expect((await end(medecin.id)).status).toBeLessThan(300);
      const ended = Date.now();
      expect((await call('POST', `${AUTH}token/`, { body: { username: medecin.username, password: medecin.password } })).status).toBe(401);
      expect((await call('POST', `${AUTH}refresh/`, { body: { refresh } })).status).toBe(401);
      await until('refusal by every service', () => askEveryone(medecin.token, rpc.callRpc), (answers) => JSON.stringify(answers) === JSON.stringify(REFUSED), REVOKED_WITHIN_MS);
      process.stdout.write(`refused everywhere after ${Date.now() - ended} ms\n`);
      for (let again = 0; again < 3; again += 1) expect(await askEveryone(medecin.token, rpc.callRpc)).toEqual(REFUSED);
    }));
  }, 120_000);

  it('takes no power from its registration', async () => {
    for (const role of ['admin', 'superuser', 'service', 'staff', 'MEDECIN ', 'patient,medecin']) expect([role, (await register({ role })).status]).toEqual([role, 400]);
    const { status, body } = await register({ role: 'patient', is_staff: true, is_superuser: true, is_active: true, is_approved: true, approuve: true, etablissement_id: 2, id: 1, medecin_profile: { is_approved: true } });
    expect(status).toBe(201);
    expect(body.id).toBeGreaterThan(4);
    const made = await must<User>('GET', `${AUTH}users/${body.id}/`, superuser);
    expect(made).toMatchObject({ role: 'patient', is_staff: false, is_superuser: false, medecin_profile: null });
    const medecin = await register({ role: 'medecin', is_approved: true, medecin_profile: { is_approved: true } });
    expect(await must<User>('GET', `${AUTH}users/${medecin.body.id}/`, superuser)).toMatchObject({ medecin_profile: { is_approved: false } });
  });

  it.each([
    ['a patient', { role: 'patient' }],
    ['a médecin who waits', { role: 'medecin', enAttente: true }],
    ['an admin', { role: 'patient', admin: true }],
  ] as const)('%s gives himself nothing by PATCH', async (_who, sorte) => {
    const compte = await createCompte(superuser, sorte);
    const before = await me(compte.token);
    const greedy = { is_staff: !before['is_staff'], is_superuser: true, role: sorte.role === 'patient' ? 'medecin' : 'patient', etablissement_id: 2, medecin_profile: { is_approved: true }, is_active: false, id: 1, password: 'x', date_joined: '2000-01-01T00:00:00Z', username: `autre.${unique()}` };
    for (const [field, value] of Object.entries(greedy)) {
      for (const path of [`${AUTH}users/me/`, `${AUTH}users/${compte.id}/`]) expect((await call('PATCH', path, { token: compte.token, body: { [field]: value } })).status).toBeLessThan(500);
    }
    const { last_login: _, ...after } = await me(compte.token);
    const { last_login: __, ...was } = before;
    expect(after).toEqual(was);
    // What the next token says is what counts.
    const { claims } = readToken(await login(compte.username, compte.password));
    expect(claims).toMatchObject({ sub: String(compte.id), role: sorte.role, is_staff: before['is_staff'], is_superuser: false, approuve: !('enAttente' in sorte) });
  });

  it('is not changed by another, whatever is said', async () => {
    const [one, other] = [await createCompte(superuser, { role: 'patient' }), await createCompte(superuser, { role: 'patient' })];
    const before = await me(other.token);
    for (const method of ['PUT', 'PATCH']) expect((await call(method, `${AUTH}users/${other.id}/`, { token: one.token, body: { first_name: 'Volé', email: `vole.${unique()}@exemple.cd`, id: one.id } })).status).toBe(404);
    expect(await me(other.token)).toEqual(before);
    expect(await me(one.token)).toMatchObject({ id: one.id, first_name: 'Kabibi' });
  });

  it('has a name that is its own in every case and every form of Unicode', async () => {
    const word = unique();
    const name = `élodie.${word}`;
    expect((await register({ username: name.normalize('NFC') })).status).toBe(201);
    for (const twin of [name.normalize('NFD'), name.toUpperCase(), `Élodie.${word}`, ` ${name} `, `ｅ́lodie.${word}`, name.normalize('NFKD')]) {
      const { status, body } = await register({ username: twin });
      expect([twin, [400, 409].includes(status)]).toEqual([twin, true]);
      expect(body).toHaveProperty('username');
    }
    const email = `e2e.${word}@exemple.cd`;
    expect((await register({ email })).status).toBe(201);
    expect([400, 409]).toContain((await register({ email: email.toUpperCase() })).status);
  });

  it('made twice at once is made once', async () => {
    const username = `e2e.course.${unique()}`;
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => register({ username: i % 2 ? username : username.toUpperCase() })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.every(({ status }) => [201, 400, 409].includes(status))).toBe(true);
  });
});

describe('a refresh token', () => {
  it('used again after its time ends its whole family, and no other', async () => {
    const superuser = await loginSuperuser();
    const compte = await createCompte(superuser, { role: 'patient' });
    const [family, other] = [await logIn(compte), await logIn(compte)];
    const second = await must<Tokens>('POST', `${AUTH}refresh/`, undefined, { refresh: family.refresh });
    // A second tab that refreshes at the same moment is honest.
    expect((await call('POST', `${AUTH}refresh/`, { body: { refresh: family.refresh } })).status).toBe(200);
    await new Promise((wake) => setTimeout(wake, SECOND_TAB_MS + 1500));
    expect((await call('POST', `${AUTH}refresh/`, { body: { refresh: family.refresh } })).status).toBe(401);
    for (const path of ['refresh/', 'jwt/refresh/']) expect([path, (await call('POST', `${AUTH}${path}`, { body: { refresh: second.refresh } })).status]).toEqual([path, 401]);
    expect((await call('POST', `${AUTH}refresh/`, { body: { refresh: other.refresh } })).status).toBe(200);
  });

  it('ends with the session that it belongs to', async () => {
    const compte = await createCompte(await loginSuperuser(), { role: 'patient' });
    const [one, other] = [await logIn(compte), await logIn(compte)];
    expect((await call('POST', `${AUTH}logout/`, { token: one.access, body: { refresh: one.refresh } })).status).toBe(205);
    expect((await call('POST', `${AUTH}refresh/`, { body: { refresh: one.refresh } })).status).toBe(401);
    expect((await call('POST', `${AUTH}refresh/`, { body: { refresh: other.refresh } })).status).toBe(200);
  });
});

describe('a forgotten password', () => {
  const codeFor = async (phone: string, known: number): Promise<string> => {
    const messages = await until('the code', () => messagesHolding(phone), (all) => all.length > known);
    return /\b\d{6,8}\b/.exec(messages.at(-1)?.body ?? '')?.[0] ?? '';
  };

  it('is replaced by a code that comes by WhatsApp, once, and ends every session', async () => {
    const compte = await createCompte(await loginSuperuser(), { role: 'patient' });
    const before = await logIn(compte);
    expect((await call('POST', `${AUTH}password/reset/`, { body: { username: compte.username } })).status).toBe(200);
    const code = await codeFor(compte.phone, 0);
    expect(code).not.toBe('');

    const fresh = `Kamina-${unique()}`;
    const confirm = (said: string, word: string): Promise<Answer> => call('POST', `${AUTH}password/reset/confirm/`, { body: { username: compte.username, code: said, new_password: word } });
    const wrong = code.startsWith('0') ? `1${code.slice(1)}` : `0${code.slice(1)}`;
    expect((await confirm(wrong, fresh)).status).toBe(400);
    expect((await confirm(code, 'password')).status).toBe(400);
    expect((await confirm(code, fresh)).status).toBe(200);
    const again = await confirm(code, `Autre-${unique()}`);
    expect(again.status).toBe(400);
    expect(again.body).toHaveProperty('code');

    expect((await call('POST', `${AUTH}token/`, { body: { username: compte.username, password: compte.password } })).status).toBe(401);
    expect((await call('POST', `${AUTH}refresh/`, { body: { refresh: before.refresh } })).status).toBe(401);
    await until('refusal of the old token', () => call('GET', '/api/v1/fiche-consultation/', { token: before.access }), ({ status }) => status === 401, REVOKED_WITHIN_MS);
    const { access } = await logIn({ username: compte.username, password: fresh });
    expect((await call('GET', '/api/v1/fiche-consultation/', { token: access })).status).toBe(200);
  }, 120_000);

  it('of nobody, and a wrong code, are answered as any other', async () => {
    const compte = await createCompte(await loginSuperuser(), { role: 'patient' });
    const ask = (body: Record<string, unknown>): Promise<Answer> => call('POST', `${AUTH}password/reset/`, { body });
    const answers = [await ask({ username: compte.username }), await ask({ username: `personne.${unique()}` }), await ask({ email: `personne.${unique()}@exemple.cd` })].map(({ status, body }) => ({ status, body }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const confirm = async (username: string): Promise<unknown> => {
      const { status, body } = await call('POST', `${AUTH}password/reset/confirm/`, { body: { username, code: '00000000', new_password: `Bukama-${unique()}` } });
      return { status, ...body, request_id: '' };
    };
    expect(await confirm(compte.username)).toEqual(await confirm(`personne.${unique()}`));
  });
});
