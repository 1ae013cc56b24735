import { describe, expect, test } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import type { AccountForm } from './account-form.ts';
import { createMemoryAccounts } from './account-store.memory.ts';
import { emptyMedecinProfile, emptyPatientProfile, type Account } from './account.ts';
import { createApproveUser } from './approve-user.ts';
import { createCreateUser } from './create-user.ts';
import { createDeleteUser } from './delete-user.ts';
import { acteurOf, addAccount, at, serviceActeur } from './fixtures.memory.ts';
import { createListPatients, createListUsers, createListUsersCourts } from '../annuaire/list-accounts.ts';
import { createGetUser, createGetUserCourt } from './read-accounts.ts';
import { createGetMedecin, createListMedecins } from '../annuaire/read-medecins.ts';
import { createUpdateUser } from './update-user.ts';

const clock = (): Date => at;
const passwords = { hash: async (password: string) => `hashed:${password}` };
const page = { page: 1, pageSize: 20 };
const form = { username: 'nouveau', password: 'palmier-bleu-7', user: {} };
/** The first whole second after `at`. */
const nextSecond = new Date('2026-03-02T08:00:01Z');

async function setUp() {
  const accounts = createMemoryAccounts((etablissementId) => etablissementId <= 2, clock);
  const people = {
    patient: await addAccount(accounts, { username: 'patient', email: 'patient@exemple.cd', phone: '+243812345601' }),
    medecin: await addAccount(accounts, { username: 'medecin', role: 'medecin', lastName: 'Ngoyi', email: 'medecin@exemple.cd', medecinProfile: { ...emptyMedecinProfile, specialty: 'Pédiatrie', isApproved: true } }),
    enAttente: await addAccount(accounts, { username: 'attente', role: 'medecin', medecinProfile: emptyMedecinProfile }),
    admin: await addAccount(accounts, { username: 'admin', isStaff: true }),
    superuser: await addAccount(accounts, { username: 'chef', role: 'medecin', isStaff: true, isSuperuser: true }),
    ailleurs: await addAccount(accounts, { username: 'ailleurs', etablissementId: 2 }),
    adminAilleurs: await addAccount(accounts, { username: 'admin-ailleurs', isStaff: true, etablissementId: 2 }),
  };
  accounts.announced.length = 0;
  accounts.actes.length = 0;
  const update = createUpdateUser({ accounts, clock });
  return {
    accounts,
    ...people,
    update: (qui: Account, id: number | undefined, written: AccountForm) => update(acteurOf(qui), id, written),
    updateAs: update,
    createUser: createCreateUser({ accounts, passwords, clock }),
    deleteUser: createDeleteUser({ accounts }),
    approve: createApproveUser({ accounts }),
    getUser: createGetUser({ accounts }),
    getUserCourt: createGetUserCourt({ accounts }),
    getMedecin: createGetMedecin({ accounts }),
    listMedecins: createListMedecins({ accounts }),
    listUsers: createListUsers({ accounts }),
    listUsersCourts: createListUsersCourts({ accounts }),
    listPatients: createListPatients({ accounts }),
  };
}

async function errorOf(call: Promise<unknown>): Promise<AppError> {
  const error = await call.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('one changes one\'s own account', () => {
  test('name, e-mail, phone and profile; an empty text removes; it is a new version, announced and audited', async () => {
    const { accounts, patient, update } = await setUp();
    const changed = await update(patient, undefined, {
      firstName: ' Élise ', email: '', phone: '0812 345 678',
      patientProfile: { dateOfBirth: '1990-04-12', postnom: 'Ilunga', sexe: 'F', avenue: 'Kasaï', quartier: '', contactNom: 'Kabibi', contactTelephone: '099', contactAdresse: 'ici', phoneNumber: '0990', address: 'a\nb', commune: 'Kampemba' },
    });
    expect(changed).toMatchObject({ firstName: 'Élise', lastName: 'Kalonji', email: null, phone: '+243812345678', version: 2 });
    expect(changed.patientProfile).toEqual({
      dateOfBirth: '1990-04-12', postnom: 'Ilunga', sexe: 'F', avenue: 'Kasaï', quartier: null, contactNom: 'Kabibi', contactTelephone: '099', contactAdresse: 'ici', phoneNumber: '0990', address: 'a\nb', commune: 'Kampemba',
    });
    expect(accounts.announced).toEqual([changed]);
    expect(accounts.actes).toEqual([{ acteurId: patient.id, acteurRole: 'patient', action: 'compte.modification', objetType: 'users', objetId: String(patient.id), etablissementId: 1, issue: 'ok' }]);
    expect(changed.tokensValidFrom).toBeNull();
  });

  test('the own e-mail is no conflict, another\'s is, in any case', async () => {
    const { patient, medecin, update } = await setUp();
    expect((await update(patient, patient.id, { email: 'PATIENT@exemple.cd' })).email).toBe('PATIENT@exemple.cd');
    expect(await errorOf(update(patient, undefined, { email: String(medecin.email).toUpperCase() }))).toMatchObject({ kind: 'invalid', code: 'compte.invalide', fields: { email: [expect.any(String)] } });
  });

  test('what changes nothing writes nothing', async () => {
    const { accounts, patient, update } = await setUp();
    expect(await update(patient, undefined, { firstName: 'Mwamba', phone: '081 234 5601' })).toEqual(patient);
    expect([accounts.announced, accounts.actes]).toEqual([[], []]);
  });

  test('rights that are written back with the whole object change nothing, whoever it is', async () => {
    const { patient, admin, superuser, enAttente, update } = await setUp();
    const greedy = { role: 'admin', isActive: false, isStaff: true, isSuperuser: true };
    for (const [qui, role] of [[patient, 'medecin'], [admin, 'medecin'], [enAttente, 'patient'], [superuser, 'patient']] as const) {
      expect(await update(qui, undefined, { ...greedy, etablissementId: qui.isSuperuser ? undefined : 2 })).toEqual(qui);
      expect(await update(qui, qui.id, { ...greedy, role, isStaff: !qui.isStaff, isSuperuser: !qui.isSuperuser })).toEqual(qui);
    }
    expect(await update(patient, undefined, { isApproved: true, medecinProfile: { isAvailable: false, specialty: 'x'.repeat(300) } } as AccountForm)).toEqual(patient);
  });

  test('a superuser moves to another établissement, never to one that does not exist', async () => {
    const { superuser, update } = await setUp();
    expect(await update(superuser, undefined, { etablissementId: 2 })).toMatchObject({ etablissementId: 2, tokensValidFrom: nextSecond });
    expect(await errorOf(update(superuser, undefined, { etablissementId: 9 }))).toMatchObject({ kind: 'invalid', fields: { etablissement_id: [expect.any(String)] } });
  });

  test.each([
    ['firstName', 'first_name', { firstName: 'a'.repeat(151) }], ['a NUL', 'last_name', { lastName: 'a\0b' }], ['a lone surrogate', 'first_name', { firstName: 'a\ud800' }],
    ['e-mail', 'email', { email: 'pas une adresse' }], ['e-mail with a NUL', 'email', { email: 'a\0@b.cd' }], ['phone', 'phone', { phone: '12' }],
    ['no such day', 'date_of_birth', { patientProfile: { dateOfBirth: '2023-02-29' } }], ['tomorrow', 'date_of_birth', { patientProfile: { dateOfBirth: '2026-03-03' } }],
    ['no date', 'date_of_birth', { patientProfile: { dateOfBirth: '12/04/1990' } }], ['too old', 'date_of_birth', { patientProfile: { dateOfBirth: '0001-01-01' } }],
    ['sexe', 'sexe', { patientProfile: { sexe: 'X' } }], ['postnom', 'postnom', { patientProfile: { postnom: 'é'.repeat(101) } }], ['phone_number', 'phone_number', { patientProfile: { phoneNumber: '0'.repeat(61) } }],
    ['contact', 'contact_telephone', { patientProfile: { contactTelephone: '0'.repeat(31) } }], ['contact address', 'contact_adresse', { patientProfile: { contactAdresse: 'a'.repeat(256) } }],
    ['profile NUL', 'avenue', { patientProfile: { avenue: '\0' } }], ['profile surrogate', 'address', { patientProfile: { address: '\udfff' } }],
  ])('a faulty %s is named as %s', async (_, field, written) => {
    const { patient, update, accounts } = await setUp();
    const error = await errorOf(update(patient, undefined, written as AccountForm));
    expect(error).toMatchObject({ kind: 'invalid', code: 'compte.invalide' });
    expect(Object.keys(error.fields ?? {})).toEqual([field]);
    expect(accounts.announced).toEqual([]);
  });

  test('SQL and markup are text like any other', async () => {
    const { patient, update } = await setUp();
    const text = "'; DROP TABLE users;-- <b>%_\\";
    expect(await update(patient, undefined, { firstName: text, patientProfile: { avenue: text } })).toMatchObject({ firstName: text, patientProfile: { avenue: text } });
  });

  test('an account that is no more is a bad token; a service has none', async () => {
    const { accounts, admin, patient, update, updateAs } = await setUp();
    await update(admin, patient.id, { isActive: false });
    expect(await errorOf(update(patient, undefined, {}))).toMatchObject({ kind: 'unauthenticated' });
    expect(await errorOf(updateAs(serviceActeur, undefined, {}))).toMatchObject({ kind: 'forbidden' });
    expect(accounts.rows.get(patient.id)?.account.isActive).toBe(false);
  });
});

describe('another\'s account', () => {
  test('is read and changed by an admin of its établissement and by a superuser; for everyone else it does not exist', async () => {
    const { patient, medecin, enAttente, admin, superuser, adminAilleurs, update, getUser } = await setUp();
    for (const qui of [medecin, enAttente, adminAilleurs]) {
      const missing = await errorOf(getUser(acteurOf(qui), 424_242));
      for (const call of [getUser(acteurOf(qui), patient.id), update(qui, patient.id, { firstName: 'x' }), update(qui, 424_242, { firstName: 'x' })]) {
        const { kind, code, detail } = await errorOf(call);
        expect({ kind, code, detail }).toEqual({ kind: 'not_found', code: missing.code, detail: missing.detail });
      }
    }
    expect(await getUser(acteurOf(patient), patient.id)).toEqual(patient);
    expect(await getUser(acteurOf(admin), patient.id)).toEqual(patient);
    expect(await update(admin, patient.id, { firstName: 'Élise' })).toMatchObject({ firstName: 'Élise', version: 2 });
    expect(await update(superuser, patient.id, { firstName: 'Élisa' })).toMatchObject({ firstName: 'Élisa', version: 3 });
  });

  test('is moved between profiles with its role; a médecin that an admin makes is approved', async () => {
    const { accounts, patient, admin, update } = await setUp();
    await update(patient, undefined, { patientProfile: { phoneNumber: '099', address: 'Kampemba', sexe: 'F' } });
    const medecin = await update(admin, patient.id, { role: 'medecin', medecinProfile: { specialty: 'Chirurgie' } });
    expect(medecin).toMatchObject({ role: 'medecin', patientProfile: null, tokensValidFrom: nextSecond, medecinProfile: { specialty: 'Chirurgie', phoneNumber: '099', address: 'Kampemba', isAvailable: true, isApproved: true } });
    expect(accounts.actes.at(-1)).toMatchObject({ action: 'compte.droits', raison: 'role=medecin approuve=true', acteurId: admin.id });
    expect((await update(admin, patient.id, { role: 'patient' })).patientProfile).toEqual({ ...emptyPatientProfile, phoneNumber: '099', address: 'Kampemba' });
  });

  test('a role that it has already approves nobody', async () => {
    const { enAttente, admin, update } = await setUp();
    expect((await update(admin, enAttente.id, { role: 'medecin', firstName: 'A' })).medecinProfile?.isApproved).toBe(false);
  });

  test('deactivated, it is logged out everywhere and its tokens count no more', async () => {
    const { accounts, patient, admin, update } = await setUp();
    expect(await update(admin, patient.id, { isActive: false })).toMatchObject({ isActive: false, tokensValidFrom: nextSecond });
    expect(accounts.ended).toEqual([patient.id]);
    expect(accounts.actes.at(-1)).toMatchObject({ action: 'compte.droits', raison: 'is_active=false' });
  });

  test('is made an admin by an admin, a superuser or moved by a superuser only', async () => {
    const { patient, admin, superuser, update } = await setUp();
    expect(await update(admin, patient.id, { isStaff: true, isSuperuser: false, etablissementId: 1 })).toMatchObject({ isStaff: true, tokensValidFrom: nextSecond });
    expect(await errorOf(update(admin, patient.id, { isSuperuser: true }))).toMatchObject({ kind: 'forbidden', code: 'compte.reserve_superuser' });
    expect(await errorOf(update(admin, patient.id, { etablissementId: 2 }))).toMatchObject({ kind: 'forbidden', code: 'compte.reserve_superuser' });
    expect(await update(superuser, patient.id, { isSuperuser: true, etablissementId: 2 })).toMatchObject({ isSuperuser: true, etablissementId: 2 });
  });

  test('of a superuser is for superusers', async () => {
    const { superuser, admin, update, deleteUser } = await setUp();
    expect(await errorOf(update(admin, superuser.id, { firstName: 'x' }))).toMatchObject({ kind: 'forbidden', code: 'compte.superuser' });
    expect(await errorOf(deleteUser(acteurOf(admin), superuser.id))).toMatchObject({ kind: 'forbidden', code: 'compte.superuser' });
  });
});

describe('an admin', () => {
  test('makes an account of any role; a médecin is approved by that', async () => {
    const { accounts, admin, createUser } = await setUp();
    const outcome = await createUser(acteurOf(admin), { ...form, user: { role: 'medecin', isStaff: true, firstName: 'Aimée', email: 'a@exemple.cd', medecinProfile: { specialty: 'Chirurgie', isAvailable: false }, patientProfile: { sexe: 'X' } } });
    expect(outcome).toMatchObject({ done: { username: 'nouveau', role: 'medecin', isStaff: true, isSuperuser: false, etablissementId: 1, patientProfile: null, medecinProfile: { specialty: 'Chirurgie', isAvailable: false, isApproved: true } } });
    const id = 'done' in outcome ? outcome.done.id : 0;
    expect(accounts.rows.get(id)?.passwordHash).toBe('hashed:palmier-bleu-7');
    expect(accounts.actes).toEqual([expect.objectContaining({ acteurId: admin.id, action: 'compte.creation', objetId: String(id), raison: 'role=medecin is_staff=true is_superuser=false' })]);
  });

  test('under one idempotency key makes one account', async () => {
    const { accounts, admin, createUser } = await setUp();
    const key = { acteurId: admin.id, route: 'CreateUser', cle: 'k', corps: Buffer.from('corps'), ecrire: ({ id }: Account) => Buffer.from(String(id)) };
    const before = accounts.rows.size;
    const first = await createUser(acteurOf(admin), form, key);
    expect(await createUser(acteurOf(admin), form, key)).toEqual({ replayed: Buffer.from(String('done' in first ? first.done.id : 0)) });
    expect(accounts.rows.size).toBe(before + 1);
  });

  test('is told every fault at once', async () => {
    const { admin, createUser } = await setUp();
    const error = await errorOf(createUser(acteurOf(admin), { username: 'a b', password: '1', user: { role: 'admin', email: 'x', patientProfile: { sexe: 'X' } } }));
    expect(Object.keys(error.fields ?? {}).sort()).toEqual(['email', 'password', 'role', 'sexe', 'username']);
    expect((await errorOf(createUser(acteurOf(admin), { ...form, username: 'PATIENT' }))).fields).toEqual({ username: ['Un utilisateur avec ce nom existe déjà.'] });
  });

  test('makes none elsewhere and no superuser; a superuser does', async () => {
    const { admin, superuser, createUser } = await setUp();
    for (const user of [{ etablissementId: 2 }, { isSuperuser: true }]) expect(await errorOf(createUser(acteurOf(admin), { ...form, user }))).toMatchObject({ kind: 'forbidden' });
    expect(await createUser(acteurOf(superuser), { ...form, user: { etablissementId: 2, isSuperuser: true, isStaff: true } })).toMatchObject({ done: { etablissementId: 2, isSuperuser: true } });
    expect(await errorOf(createUser(acteurOf(superuser), { ...form, username: 'autre', user: { etablissementId: 9 } }))).toMatchObject({ fields: { etablissement_id: [expect.any(String)] } });
  });

  test('opens a médecin\'s account once; no other account is opened', async () => {
    const { accounts, admin, enAttente, patient, approve } = await setUp();
    expect(await approve(acteurOf(admin), enAttente.id)).toMatchObject({ done: { medecinProfile: { isApproved: true }, version: 2, tokensValidFrom: nextSecond } });
    expect(await approve(acteurOf(admin), enAttente.id)).toMatchObject({ done: { version: 2 } });
    expect(accounts.actes).toMatchObject([{ action: 'compte.approbation', objetId: String(enAttente.id), acteurId: admin.id }]);
    expect(await errorOf(approve(acteurOf(admin), patient.id))).toMatchObject({ kind: 'invalid', code: 'compte.pas_medecin' });
  });

  test('deletes an account: nothing of the person is left, its name is free and its dossiers keep its number', async () => {
    const { accounts, admin, patient, deleteUser, getUser, createUser } = await setUp();
    await deleteUser(acteurOf(admin), patient.id);
    expect(accounts.deleted.get(patient.id)).toEqual({
      ...patient, username: `supprime-${patient.id}`, firstName: '', lastName: '', email: null, phone: null, isActive: false, version: 2, tokensValidFrom: nextSecond, lastLogin: null, patientProfile: emptyPatientProfile,
    });
    expect(accounts.ended).toEqual([patient.id]);
    expect(accounts.announced).toMatchObject([{ id: patient.id, username: `supprime-${patient.id}`, isActive: false }]);
    expect(accounts.actes).toMatchObject([{ action: 'compte.suppression', objetId: String(patient.id), acteurId: admin.id }]);
    expect(await errorOf(getUser(acteurOf(admin), patient.id))).toMatchObject({ kind: 'not_found' });
    expect(await errorOf(deleteUser(acteurOf(admin), patient.id))).toMatchObject({ kind: 'not_found' });
    expect(await accounts.findAccounts([patient.id])).toHaveLength(1);
    expect(await createUser(acteurOf(admin), { ...form, username: 'patient', user: { email: 'patient@exemple.cd' } })).toHaveProperty('done');
  });

  test('deletes neither oneself nor anyone elsewhere', async () => {
    const { admin, superuser, ailleurs, deleteUser } = await setUp();
    for (const qui of [admin, superuser]) expect(await errorOf(deleteUser(acteurOf(qui), qui.id))).toMatchObject({ kind: 'invalid', code: 'compte.soi_meme' });
    expect(await errorOf(deleteUser(acteurOf(admin), ailleurs.id))).toMatchObject({ kind: 'not_found' });
  });

  test('what is an admin\'s is nobody else\'s, whatever the object', async () => {
    const { patient, medecin, enAttente, createUser, deleteUser, approve, listUsers } = await setUp();
    for (const acteur of [acteurOf(patient), acteurOf(medecin), acteurOf(enAttente), serviceActeur]) {
      for (const call of [createUser(acteur, form), createUser(acteur, { username: '', password: '', user: {} }), deleteUser(acteur, 1), deleteUser(acteur, acteur.id), approve(acteur, 1), listUsers(acteur, page)]) {
        expect(await errorOf(call)).toMatchObject({ kind: 'forbidden', code: 'acces.refuse' });
      }
    }
  });
});

describe('lists', () => {
  const usernames = async (found: Promise<{ accounts: Account[] }>): Promise<string[]> => (await found).accounts.map(({ username }) => username).sort();

  test('of accounts are an admin\'s établissement, a superuser\'s all', async () => {
    const { admin, superuser, adminAilleurs, listUsers } = await setUp();
    expect(await usernames(listUsers(acteurOf(admin), page))).toEqual(['admin', 'attente', 'chef', 'medecin', 'patient']);
    expect(await usernames(listUsers(acteurOf(adminAilleurs), page))).toEqual(['admin-ailleurs', 'ailleurs']);
    expect(await usernames(listUsers(acteurOf(superuser), { ...page, role: 'patient', search: 'ailleurs' }))).toEqual(['admin-ailleurs', 'ailleurs']);
  });

  test('are searched by every word, without case and accents, and by phone in any notation', async () => {
    const { admin, listUsers, listUsersCourts } = await setUp();
    for (const search of ['PÀTIENT kalonji', '0812 345 601', '12345601', 'patient@exemple.cd']) expect(await usernames(listUsers(acteurOf(admin), { ...page, search }))).toEqual(['patient']);
    for (const search of ['patient zzz', '\0', 'patient\0', '\ud800', '%', '_', "' OR 1=1 --"]) expect(await usernames(listUsers(acteurOf(admin), { ...page, search }))).toEqual([]);
    expect(await usernames(listUsersCourts(acteurOf(admin), { ...page, search: '12345601' }))).toEqual([]);
  });

  test('of patients and short forms are for médecins and admins; a pending médecin is told why not', async () => {
    const { patient, medecin, enAttente, ailleurs, listPatients, listUsersCourts, getUserCourt } = await setUp();
    expect(await usernames(listPatients(acteurOf(medecin), page))).toEqual(['admin', 'patient']);
    expect(await usernames(listUsersCourts(acteurOf(medecin), { ...page, role: 'medecin' }))).toEqual(['attente', 'chef', 'medecin']);
    expect(await getUserCourt(acteurOf(medecin), patient.id)).toEqual(patient);
    expect(await errorOf(getUserCourt(acteurOf(medecin), ailleurs.id))).toMatchObject({ kind: 'not_found' });
    for (const call of [listPatients(acteurOf(enAttente), page), listUsersCourts(acteurOf(enAttente), page), getUserCourt(acteurOf(enAttente), patient.id)]) {
      expect(await errorOf(call)).toMatchObject({ kind: 'forbidden', code: 'compte.en_attente' });
    }
    expect(await errorOf(listPatients(acteurOf(patient), page))).toMatchObject({ kind: 'forbidden', code: 'acces.refuse' });
  });

  test('refuse an unknown role and a page too deep', async () => {
    const { admin, listUsers } = await setUp();
    expect(await errorOf(listUsers(acteurOf(admin), { ...page, role: 'admin' }))).toMatchObject({ kind: 'invalid', fields: { role: [expect.any(String)] } });
    expect(await errorOf(listUsers(acteurOf(admin), { page: 101, pageSize: 100 }))).toMatchObject({ code: 'pagination.trop_profonde' });
  });

  test('of médecins hold those who are open, with a private contact for admins alone', async () => {
    const { patient, enAttente, admin, medecin, adminAilleurs, listMedecins, getMedecin, update } = await setUp();
    for (const qui of [patient, enAttente]) {
      const { accounts } = await listMedecins(acteurOf(qui), page);
      expect(accounts.map(({ username }) => username)).toEqual(['chef', 'medecin']);
      expect(accounts.map(({ email, phone, lastLogin }) => [email, phone, lastLogin])).toEqual([[null, null, null], [null, null, null]]);
      expect(await getMedecin(acteurOf(qui), medecin.id)).toEqual({ ...medecin, email: null });
    }
    expect(await getMedecin(acteurOf(admin), medecin.id)).toEqual(medecin);
    expect(await usernames(listMedecins(acteurOf(patient), { ...page, specialty: ' PEDIAT' }))).toEqual(['medecin']);
    expect(await usernames(listMedecins(acteurOf(patient), { ...page, specialty: '\0' }))).toEqual([]);
    await update(medecin, undefined, { medecinProfile: { isAvailable: false } });
    expect(await usernames(listMedecins(acteurOf(patient), { ...page, available: true }))).toEqual(['chef']);
    expect(await usernames(listMedecins(acteurOf(adminAilleurs), page))).toEqual([]);
    for (const [qui, id] of [[patient, enAttente.id], [patient, patient.id], [patient, 424_242], [adminAilleurs, medecin.id]] as const) {
      expect(await errorOf(getMedecin(acteurOf(qui), id))).toMatchObject({ kind: 'not_found', code: 'medecin.introuvable' });
    }
    await update(admin, medecin.id, { isActive: false });
    expect(await errorOf(getMedecin(acteurOf(patient), medecin.id))).toMatchObject({ kind: 'not_found' });
  });
});
