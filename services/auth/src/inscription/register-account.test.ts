import { describe, expect, test } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import { createMemoryAccounts } from '../account/account-store.memory.ts';
import { isApproved, type Account } from '../account/account.ts';
import { createRegisterAccount } from './register-account.ts';
import type { RegistrationForm } from './registration.ts';

const passwords = { hash: async (password: string) => `hashed:${password}`, matches: async () => true };
const form: RegistrationForm = { username: 'mwamba', password: 'palmier-bleu-7' };

function setUp(medecinApproval: 'manual' | 'auto' = 'manual') {
  const accounts = createMemoryAccounts();
  const registerOnce = createRegisterAccount({ accounts, passwords, medecinApproval, etablissementId: 1, clock: () => new Date('2026-03-02T08:00:00Z') });
  const register = async (registration: RegistrationForm): Promise<Account> => {
    const outcome = await registerOnce(registration);
    if ('replayed' in outcome) throw new Error('No key was given.');
    return outcome.done;
  };
  return { accounts, register, registerOnce };
}

async function fieldsOf(registration: Promise<unknown>): Promise<Record<string, string[]>> {
  const error = await registration.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ kind: 'invalid', code: 'compte.invalide' });
  return (error as AppError).fields ?? {};
}

describe('register', () => {
  test('makes a patient of the default établissement, announced and audited', async () => {
    const { accounts, register } = setUp();
    const account = await register({ ...form, phone: '0812 345 678', email: ' m@exemple.cd ', firstName: 'Mwamba', lastName: 'Kalonji', role: '' });
    expect(account).toMatchObject({ role: 'patient', phone: '+243812345678', email: 'm@exemple.cd', etablissementId: 1, isStaff: false, isSuperuser: false, version: 1 });
    expect(account.patientProfile).not.toBeNull();
    expect(accounts.announced).toEqual([account]);
    expect(accounts.actes).toMatchObject([{ action: 'compte.inscription', objetId: String(account.id), acteurId: account.id, issue: 'ok' }]);
    expect(accounts.rows.get(account.id)?.passwordHash).toBe('hashed:palmier-bleu-7');
  });

  test('a médecin waits for approval unless the configuration opens accounts at once', async () => {
    expect(isApproved(await setUp('manual').register({ ...form, role: 'medecin' }))).toBe(false);
    expect(isApproved(await setUp('auto').register({ ...form, role: 'medecin' }))).toBe(true);
  });

  test('what the body claims beside the form gives no right', async () => {
    const { register } = setUp();
    const account = await register({ ...form, isStaff: true, is_staff: true, isSuperuser: true, id: 1, etablissementId: 9 } as RegistrationForm);
    expect(account).toMatchObject({ id: 1000, isStaff: false, isSuperuser: false, etablissementId: 1 });
  });

  test('under one idempotency key makes one account and gives the first answer again', async () => {
    const { accounts, registerOnce } = setUp();
    const key = (corps: string) => ({ acteurId: 0, route: 'Register', cle: 'k', corps: Buffer.from(corps), ecrire: ({ id }: Account) => Buffer.from(String(id)) });
    const first = await registerOnce(form, key('a'));
    expect(await registerOnce(form, key('a'))).toEqual({ replayed: Buffer.from('1000') });
    await expect(registerOnce(form, key('b'))).rejects.toMatchObject({ kind: 'unprocessable' });
    expect(first).toMatchObject({ done: { id: 1000 } });
    expect(accounts.rows.size).toBe(1);
  });

  test('the username of deleted accounts is for nobody', async () => {
    expect(await fieldsOf(setUp().register({ ...form, username: 'Supprime-12' }))).toEqual({ username: ['Un utilisateur avec ce nom existe déjà.'] });
  });

  test('a username differing in case or Unicode form is taken', async () => {
    const { register } = setUp();
    await register({ ...form, username: 'Élise.ß' });
    for (const username of ['élise.ß', 'E\u0301lise.ß', 'ÉLISE.SS', '\uFF25\u0301lise.ß', '  élise.ß ']) {
      expect(await fieldsOf(register({ ...form, username }))).toEqual({ username: ['Un utilisateur avec ce nom existe déjà.'] });
    }
  });

  test('an e-mail address is taken in any case', async () => {
    const { register } = setUp();
    await register({ ...form, email: 'Elise@exemple.cd' });
    expect(await fieldsOf(register({ ...form, username: 'autre', email: 'elise@EXEMPLE.cd' }))).toEqual({ email: ['Un utilisateur avec cette adresse e-mail existe déjà.'] });
  });

  test('names every faulty field at once, in French', async () => {
    const fields = await fieldsOf(setUp().register({ username: '', password: '1234', email: 'pas une adresse', phone: '12', role: 'admin', firstName: 'a'.repeat(151), lastName: 'x\0' }));
    expect(Object.keys(fields).sort()).toEqual(['email', 'first_name', 'last_name', 'password', 'phone', 'role', 'username']);
    expect(fields['role']).toEqual(["« admin » n'est pas un choix valide."]);
  });

  test.each([
    ['short', 'abc12'], ['all digits', '84629173'], ['among the commonest', 'MotDePasse123'], ['with a NUL', 'palmier\0bleu'], ['a lone surrogate', 'palmier-bleu\ud800'], ['endless', 'ab'.repeat(200)], ['full-width digits', '\uFF18\uFF14\uFF16\uFF12\uFF19\uFF11\uFF17\uFF13'],
  ])('refuses a password that is %s', async (_, password) => {
    expect(Object.keys(await fieldsOf(setUp().register({ ...form, password })))).toEqual(['password']);
  });

  test.each(["'; DROP TABLE users;--", 'mwa mba', 'mwa\0mba', 'mwa\u200bmba', 'mwa\ud800', '<b>'])('refuses the username %j', async (username) => {
    expect(Object.keys(await fieldsOf(setUp().register({ ...form, username })))).toEqual(['username']);
  });

  test.each(['a,b@exemple.cd', 'a<b@exemple.cd', 'a@exemple.cd>', '"a b"@exemple.cd', 'a;b@exemple.cd', 'a(b)@exemple.cd', 'a@b@exemple.cd', 'a@exemple.cd\nBcc:b', 'a@exemple', 'a@exemple..cd', 'a\u200b@exemple.cd', 'a\u115f@exemple.cd', 'a'.repeat(65) + '@exemple.cd', `a@${'b.'.repeat(20_000)}!`])(
    'refuses the e-mail address %#, which a mail server may read otherwise', async (email) => {
      expect(Object.keys(await fieldsOf(setUp().register({ ...form, email })))).toEqual(['email']);
    });

  test.each(["l'élu.d+x@exemple.co.cd", 'e\u0301lise@exemple.cd', 'marie@hôpital-général.cd'])('keeps the e-mail address %s', async (email) => {
    expect((await setUp().register({ ...form, email })).email).toBe(email.normalize('NFC'));
  });

  test.each([['+243 812 345 678', '+243812345678'], ['00243812345678', '+243812345678'], ['0812345678', '+243812345678'], ['+32 470 12 34 56', '+32470123456']])(
    'keeps the phone %s as E.164', async (phone, expected) => {
      expect((await setUp().register({ ...form, phone })).phone).toBe(expected);
    });
});
