import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import type { AppError } from '@mediai/kit/errors';
import { connect, serve, type GrpcClient, type GrpcServer } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { loadConfig } from './config.ts';
import { openDatabase, type Database } from './database-store.ts';
import { createDeps, type Deps } from './deps.ts';
import { createAuthMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

/** Accounts, établissements and consents over gRPC, on a real database and with tokens that the service issued. */
let testDatabase: TestDatabase;
let database: Database;
let deps: Deps;
let server: GrpcServer;
let client: GrpcClient<typeof AuthService>;

const lines: string[] = [];
const password = 'palmier-bleu-7';
const page = { page: 1, pageSize: 100 };
let count = 0;

const sortes = ['patient', 'autrePatient', 'enAttente', 'medecin', 'admin', 'adminAilleurs', 'superuser', 'service'] as const;
type Sorte = (typeof sortes)[number];
const tokens = {} as Record<Sorte, string>;
const ids = {} as Record<Sorte, number>;
/** Another établissement. */
let ailleurs = 0;

const kindOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', ({ kind, code }: AppError) => (code === 'compte.en_attente' || code === 'compte.superuser' ? code : kind));
const login = async (username: string, word = password): Promise<string> => (await client.issueToken({ username, password: word, adresse: '10.0.0.1' })).access;

/** A fresh account, made by the superuser. */
async function account(user: NonNullable<Parameters<typeof client.createUser>[0]['user']> = {}): Promise<{ id: number; username: string }> {
  const username = `compte-${++count}`;
  const { user: made } = await client.createUser({ username, password, user }, { token: tokens.superuser });
  return { id: made?.id ?? 0, username };
}

beforeAll(async () => {
  testDatabase = await createTestDatabase('auth');
  database = openDatabase(testDatabase.appUrl);
  const config = loadConfig({
    MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: testDatabase.appUrl, KAFKA_BROKERS: '127.0.0.1:9', AUTH_KEY_SECRET: 'k'.repeat(32),
    AUTH_SERVICE_SECRETS: 'ia=0123456789abcdef', MEDIAI_URGENCE_TELEPHONE: '112', NOTIFICATIONS_GRPC: '127.0.0.1:9',
  });
  const log = createLogger({ service: 'auth', level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const metrics = createAuthMetrics();
  deps = await createDeps({ config, log, metrics });
  await deps.prepare();
  server = await serve({ services: createRpc(deps.useCases, deps.checks), host: '127.0.0.1', port: 0, verify: deps.verify, publicMethods, log, metrics });
  client = connect(AuthService, { address: `127.0.0.1:${server.port}`, deadlineMs: 10_000 });

  await client.register({ username: 'chef', password, role: 'medecin' });
  await database.db.user.update({ where: { username_key: 'chef' }, data: { is_staff: true, is_superuser: true } });
  tokens.superuser = await login('chef');
  tokens.service = (await client.issueServiceToken({ service: 'ia', secret: '0123456789abcdef' })).token;
  ailleurs = (await client.createEtablissement({ etablissement: { nom: 'Ailleurs' } }, { token: tokens.superuser })).etablissement?.id ?? 0;
  const people = { patient: {}, autrePatient: {}, medecin: { role: 'medecin' }, admin: { isStaff: true }, adminAilleurs: { isStaff: true, etablissementId: ailleurs } };
  for (const [sorte, user] of Object.entries(people) as [Sorte, object][]) {
    const made = await account({ ...user, firstName: sorte });
    [ids[sorte], tokens[sorte]] = [made.id, await login(made.username)];
  }
  const waiting = await client.register({ username: 'attente', password, role: 'medecin' });
  [ids.enAttente, tokens.enAttente] = [waiting.user?.id ?? 0, await login('attente')];
  ids.superuser = (await client.getMe({}, { token: tokens.superuser })).user?.id ?? 0;
}, 60_000);

afterAll(async () => {
  client.close();
  await server.close(1_000);
  await deps.close();
  await database.close();
  await testDatabase.drop();
});

type Call = (token: string) => Promise<unknown>;

/** Each call that changes something names something that is not there, so that who may do it is told `not_found` or `invalid` instead. */
const matrix: [name: string, call: Call, answers: Record<Sorte, string>][] = [
  ['GetMe', (token) => client.getMe({}, { token }), answers('ok ok ok ok ok ok ok forbidden')],
  ['UpdateUser of oneself', (token) => client.updateUser({ user: {} }, { token }), answers('ok ok ok ok ok ok ok forbidden')],
  ['GetUser', (token) => client.getUser({ id: ids.patient }, { token }), answers('ok not_found not_found not_found ok not_found ok forbidden')],
  ['UpdateUser', (token) => client.updateUser({ id: ids.patient, user: {} }, { token }), answers('ok not_found not_found not_found ok not_found ok forbidden')],
  ['UpdateUser of a superuser', (token) => client.updateUser({ id: ids.superuser, user: {} }, { token }), answers('not_found not_found not_found not_found compte.superuser not_found ok forbidden')],
  ['ListUsers', (token) => client.listUsers(page, { token }), answers('forbidden forbidden forbidden forbidden ok ok ok forbidden')],
  ['CreateUser', (token) => client.createUser({ username: '', password: '' }, { token }), answers('forbidden forbidden forbidden forbidden invalid invalid invalid forbidden')],
  ['DeleteUser', (token) => client.deleteUser({ id: 424_242 }, { token }), answers('forbidden forbidden forbidden forbidden not_found not_found not_found forbidden')],
  ['DeleteUser of a superuser', (token) => client.deleteUser({ id: ids.superuser }, { token }), answers('forbidden forbidden forbidden forbidden compte.superuser not_found invalid forbidden')],
  ['ApproveUser', (token) => client.approveUser({ id: ids.medecin }, { token }), answers('forbidden forbidden forbidden forbidden ok not_found ok forbidden')],
  ['ListMedecins', (token) => client.listMedecins(page, { token }), answers('ok ok ok ok ok ok ok forbidden')],
  ['GetMedecin', (token) => client.getMedecin({ id: ids.medecin }, { token }), answers('ok ok ok ok ok not_found ok forbidden')],
  ['GetMedecin who waits', (token) => client.getMedecin({ id: ids.enAttente }, { token }), answers('not_found not_found not_found not_found not_found not_found not_found forbidden')],
  ['ListPatients', (token) => client.listPatients(page, { token }), answers('forbidden forbidden compte.en_attente ok ok ok ok forbidden')],
  ['ListUsersCourts', (token) => client.listUsersCourts(page, { token }), answers('forbidden forbidden compte.en_attente ok ok ok ok forbidden')],
  ['GetUserCourt', (token) => client.getUserCourt({ id: ids.patient }, { token }), answers('forbidden forbidden compte.en_attente ok ok not_found ok forbidden')],
  ['GetUsers', (token) => client.getUsers({ ids: [ids.patient] }, { token }), answers('forbidden forbidden forbidden forbidden forbidden forbidden forbidden ok')],
  ['GetEtablissement', (token) => client.getEtablissement({ id: 1 }, { token }), answers('forbidden forbidden forbidden forbidden ok not_found ok ok')],
  ['ListEtablissements', (token) => client.listEtablissements(page, { token }), answers('forbidden forbidden forbidden forbidden ok ok ok forbidden')],
  ['CreateEtablissement', (token) => client.createEtablissement({}, { token }), answers('forbidden forbidden forbidden forbidden forbidden forbidden invalid forbidden')],
  ['UpdateEtablissement', (token) => client.updateEtablissement({ id: 1, etablissement: {} }, { token }), answers('forbidden forbidden forbidden forbidden ok not_found ok forbidden')],
  ['DeleteEtablissement', (token) => client.deleteEtablissement({ id: 424_242 }, { token }), answers('forbidden forbidden forbidden forbidden forbidden forbidden not_found forbidden')],
  ['ListConsentements', (token) => client.listConsentements(page, { token }), answers('ok ok ok ok ok ok ok forbidden')],
  ['GiveConsentement', (token) => client.giveConsentement({ finalite: '', version: '' }, { token }), answers('invalid invalid invalid invalid invalid invalid invalid forbidden')],
  ['WithdrawConsentement', (token) => client.withdrawConsentement({ finalite: '' }, { token }), answers('invalid invalid invalid invalid invalid invalid invalid forbidden')],
  ['GetConsentement', (token) => client.getConsentement({ userId: ids.patient, finalite: 'analyse_ia' }, { token }), answers('forbidden forbidden forbidden forbidden forbidden forbidden forbidden ok')],
];

function answers(words: string): Record<Sorte, string> {
  const split = words.split(' ');
  return Object.fromEntries(sortes.map((sorte, index) => [sorte, split[index]])) as Record<Sorte, string>;
}

test.each(matrix)('%s answers each as the policy says', async (_name, call, expected) => {
  const got = await Promise.all(sortes.map(async (sorte) => [sorte, await kindOf(call(tokens[sorte]))]));
  expect(Object.fromEntries(got)).toEqual(expected);
});

test('who tries what is not theirs is noted, with what was tried and why it was refused', async () => {
  const attempts = [client.updateUser({ id: ids.patient, user: { firstName: 'Vole' } }, { token: tokens.autrePatient }), client.deleteUser({ id: ids.patient }, { token: tokens.autrePatient }), client.createEtablissement({}, { token: tokens.autrePatient })];
  for (const attempt of attempts) expect(await kindOf(attempt)).toMatch(/not_found|forbidden/);
  const noted = await database.db.audit.findMany({ where: { acteur_id: ids.autrePatient, issue: 'refus' }, orderBy: { id: 'desc' }, take: 3, select: { action: true, objet_type: true, objet_id: true, raison: true, etablissement_id: true } });
  expect(noted.sort((a, b) => a.action.localeCompare(b.action))).toEqual([
    { action: 'compte.modification', objet_type: 'users', objet_id: String(ids.patient), raison: 'compte.introuvable', etablissement_id: 1 },
    { action: 'compte.suppression', objet_type: 'users', objet_id: String(ids.patient), raison: 'acces.refuse', etablissement_id: 1 },
    { action: 'etablissement.creation', objet_type: 'etablissement', objet_id: '', raison: 'acces.refuse', etablissement_id: 1 },
  ]);
});

test('nothing of this is for who has no token', async () => {
  const calls = matrix.map(([, call]) => call('a.b.c'));
  for (const call of calls) expect(await kindOf(call)).toBe('unauthenticated');
  expect(await kindOf(client.listUsers(page))).toBe('unauthenticated');
});

describe('a new account', () => {
  test('comes from an admin whole, and can log in', async () => {
    const { user } = await client.createUser(
      { username: 'dr.aimee', password, user: { role: 'medecin', firstName: 'Aimée', lastName: 'Ilunga', email: 'aimee@exemple.cd', phone: '0990000000', medecinProfile: { specialty: 'Pédiatrie', isAvailable: false } } },
      { token: tokens.admin },
    );
    expect(user).toMatchObject({ username: 'dr.aimee', role: 'medecin', firstName: 'Aimée', email: 'aimee@exemple.cd', phone: '+243990000000', etablissementId: 1, medecinProfile: { specialty: 'Pédiatrie', isAvailable: false, isApproved: true } });
    expect(await deps.verify(await login('DR.AIMEE'))).toMatchObject({ role: 'medecin', approuve: true, estAdmin: false });
  });

  test('has a username that no other has, in any case and Unicode form', async () => {
    await client.createUser({ username: 'Élodie.ß', password }, { token: tokens.admin });
    for (const username of ['élodie.ß', 'E\u0301lodie.ß', 'ÉLODIE.SS', '\uFF25\u0301lodie.ß', ' élodie.ß ']) {
      await expect(client.createUser({ username, password }, { token: tokens.admin })).rejects.toMatchObject({ kind: 'invalid', fields: { username: ['Un utilisateur avec ce nom existe déjà.'] } });
      await expect(client.register({ username, password })).rejects.toMatchObject({ fields: { username: [expect.any(String)] } });
    }
  });

  test('is made once under an idempotency key, whoever registers or creates', async () => {
    const registration = { username: 'une-fois', password };
    const first = await client.register(registration, { idempotencyKey: 'cle-1' });
    expect(first.replayed).toBe(false);
    expect(await client.register(registration, { idempotencyKey: 'cle-1', token: tokens.patient })).toEqual({ ...first, replayed: true });
    expect(await kindOf(client.register({ ...registration, password: 'autre-mot-7' }, { idempotencyKey: 'cle-1' }))).toBe('unprocessable');
    expect(await kindOf(client.register(registration, { idempotencyKey: 'cle-2' }))).toBe('invalid');
    const creation = { username: 'deux-fois', password, user: { firstName: 'A' } };
    const made = await client.createUser(creation, { token: tokens.admin, idempotencyKey: 'cle-1' });
    expect(await client.createUser(creation, { token: tokens.admin, idempotencyKey: 'cle-1' })).toEqual({ ...made, replayed: true });
    expect(await kindOf(client.createUser(creation, { token: tokens.superuser, idempotencyKey: 'cle-1' }))).toBe('invalid');
    expect(await kindOf(client.createUser(creation, { token: tokens.admin, idempotencyKey: ' ' }))).toBe('invalid');
  });

  test('of eight under one key at once, one is made and the others are told to wait or given it', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => kindOf(client.register({ username: 'course', password }, { idempotencyKey: 'course' }))));
    expect(made.every((kind) => kind === 'ok' || kind === 'conflict')).toBe(true);
    expect(await database.db.user.count({ where: { username_key: 'course' } })).toBe(1);
  });
});

describe('a change', () => {
  test('gives nobody a right of their own, by whatever call', async () => {
    for (const sorte of ['patient', 'enAttente', 'medecin', 'admin'] as const) {
      const before = (await client.getMe({}, { token: tokens[sorte] })).user;
      const greedy = { role: before?.role === 'patient' ? 'medecin' : 'patient', isActive: false, isStaff: !before?.isStaff, isSuperuser: true, etablissementId: ailleurs };
      for (const id of [undefined, ids[sorte]]) expect((await client.updateUser({ id, user: greedy }, { token: tokens[sorte] })).user).toEqual(before);
      expect((await client.getMe({}, { token: tokens[sorte] })).user).toEqual(before);
    }
  });

  test('takes every text for text', async () => {
    const sql = "'; DROP TABLE users; --";
    const { user } = await client.updateUser({ user: { firstName: sql, lastName: '%_\\', patientProfile: { address: sql, postnom: '${7*7}', commune: '__proto__' } } }, { token: tokens.autrePatient });
    expect(user).toMatchObject({ firstName: sql, lastName: '%_\\', patientProfile: { address: sql, postnom: '${7*7}', commune: '__proto__' } });
    expect((await client.getUser({ id: ids.autrePatient }, { token: tokens.admin })).user).toEqual(user);
  });

  test('with NUL in any text is a refused field', async () => {
    const texts = ['firstName', 'lastName', 'email', 'phone'] as const;
    for (const name of texts) expect([name, await kindOf(client.updateUser({ user: { [name]: 'a\0b' } }, { token: tokens.patient }))]).toEqual([name, 'invalid']);
    for (const name of ['dateOfBirth', 'phoneNumber', 'address', 'postnom', 'sexe', 'avenue', 'quartier', 'commune', 'contactNom', 'contactTelephone', 'contactAdresse']) {
      expect([name, await kindOf(client.updateUser({ user: { patientProfile: { [name]: 'a\0b' } } }, { token: tokens.patient }))]).toEqual([name, 'invalid']);
    }
    for (const name of ['specialty', 'phoneNumber', 'address']) expect([name, await kindOf(client.updateUser({ user: { medecinProfile: { [name]: 'a\0b' } } }, { token: tokens.medecin }))]).toEqual([name, 'invalid']);
    expect(await kindOf(client.createUser({ username: 'a\0b', password: 'a\0bcdefgh', user: { role: '\0' } }, { token: tokens.admin }))).toBe('invalid');
    for (const name of ['nom', 'telephoneUrgence', 'fuseau', 'consentementIa']) expect([name, await kindOf(client.updateEtablissement({ id: 1, etablissement: { [name]: '\0' } }, { token: tokens.admin }))]).toEqual([name, 'invalid']);
    for (const [name, text] of [['a', '\0'], ['\0', 'a']] as const) expect(await kindOf(client.updateEtablissement({ id: 1, etablissement: { textes: { textes: { [name]: text } } } }, { token: tokens.admin }))).toBe('invalid');
    expect(await kindOf(client.giveConsentement({ finalite: 'analyse_ia', version: '\0' }, { token: tokens.patient }))).toBe('invalid');
    expect(await kindOf(client.getConsentement({ userId: 1, finalite: '\0' }, { token: tokens.service }))).toBe('invalid');
    for (const search of ['\0', "' OR '1'='1", '%', '\\']) expect(await kindOf(client.listUsers({ ...page, search }, { token: tokens.admin }))).toBe('ok');
    expect(await client.listMedecins({ ...page, specialty: '\0' }, { token: tokens.patient })).toMatchObject({ users: [], count: 0 });
    expect(await kindOf(client.listUsers({ ...page, role: '\0' }, { token: tokens.admin }))).toBe('invalid');
  });

  test('at the same time as nine others: the version rises by each', async () => {
    const { id } = await account();
    await Promise.all(Array.from({ length: 10 }, (_, index) => client.updateUser({ id, user: { [['firstName', 'lastName'][index % 2] ?? '']: `n${index}` } }, { token: tokens.admin })));
    const row = await database.db.user.findUniqueOrThrow({ where: { id } });
    expect(row.version).toBe(11);
    expect([row.first_name, row.last_name].every((name) => /^n\d$/.test(name))).toBe(true);
    expect(await database.db.outbox.count({ where: { key: String(id) } })).toBe(11);
    expect(await database.db.audit.count({ where: { objet_type: 'users', objet_id: String(id), action: 'compte.modification', acteur_id: ids.admin } })).toBe(10);
  });

  test('of rights ends the tokens that say the old ones; the next say the new ones', async () => {
    const { id, username } = await account();
    const old = await client.issueToken({ username, password, adresse: '10.0.0.1' });
    await client.updateUser({ id, user: { role: 'medecin', isStaff: true } }, { token: tokens.admin });
    const row = await database.db.user.findUniqueOrThrow({ where: { id } });
    expect(row.tokens_valid_from?.getMilliseconds()).toBe(0);
    expect(row.tokens_valid_from?.getTime()).toBeGreaterThan(row.date_joined.getTime());
    const { access } = await client.refreshToken({ refresh: old.refresh, rotate: true });
    expect(await deps.verify(access)).toMatchObject({ id, role: 'medecin', estAdmin: true, approuve: true });
    expect((await client.getMe({}, { token: access })).user).toMatchObject({ role: 'medecin', medecinProfile: { isApproved: true } });
    expect((await client.getUser({ id }, { token: tokens.admin })).user?.patientProfile).toBeUndefined();
    expect(await database.db.audit.findFirst({ where: { action: 'compte.droits', objet_id: String(id) } })).toMatchObject({ acteur_id: ids.admin, acteur_role: 'admin', issue: 'ok', raison: 'role=medecin is_staff=true approuve=true' });
  });

  test('that deactivates ends every session', async () => {
    const { id, username } = await account();
    const { refresh } = await client.issueToken({ username, password, adresse: '10.0.0.1' });
    await client.updateUser({ id, user: { isActive: false } }, { token: tokens.admin });
    expect(await kindOf(client.refreshToken({ refresh, rotate: false }))).toBe('unauthenticated');
    expect(await kindOf(login(username))).toBe('unauthenticated');
    await client.updateUser({ id, user: { isActive: true } }, { token: tokens.admin });
    expect(await kindOf(client.refreshToken({ refresh, rotate: false }))).toBe('unauthenticated');
    expect(await kindOf(login(username))).toBe('ok');
  });
});

test('a médecin who registered is opened by an admin, and only then seen', async () => {
  const { user } = await client.register({ username: 'dr.nouveau', password, role: 'medecin', lastName: 'Nouveau' });
  const id = user?.id ?? 0;
  const seen = async (): Promise<boolean> => (await client.listMedecins(page, { token: tokens.patient })).users.some((medecin) => medecin.id === id);
  expect(await seen()).toBe(false);
  const approve = () => client.approveUser({ id }, { token: tokens.admin, idempotencyKey: 'approuver' });
  const approved = await approve();
  expect(approved.user).toMatchObject({ id, medecinProfile: { isApproved: true } });
  expect(await approve()).toEqual(approved);
  expect(await seen()).toBe(true);
  expect(await deps.verify(await login('dr.nouveau'))).toMatchObject({ approuve: true });
});

test('a deleted account is nobody: no login, no list, its name free, its number kept for services', async () => {
  const { id, username } = await account({ firstName: 'Partante', lastName: 'Unique-Nom', email: 'partante@exemple.cd' });
  const { refresh } = await client.issueToken({ username, password, adresse: '10.0.0.1' });
  await client.deleteUser({ id }, { token: tokens.admin });
  expect(await kindOf(client.refreshToken({ refresh, rotate: true }))).toBe('unauthenticated');
  expect(await kindOf(login(username))).toBe('unauthenticated');
  for (const call of [client.getUser({ id }, { token: tokens.admin }), client.getUserCourt({ id }, { token: tokens.medecin }), client.updateUser({ id, user: {} }, { token: tokens.admin }), client.deleteUser({ id }, { token: tokens.admin })]) {
    expect(await kindOf(call)).toBe('not_found');
  }
  expect((await client.listUsers({ ...page, search: 'unique-nom' }, { token: tokens.admin })).users).toEqual([]);
  expect((await client.getUsers({ ids: [id] }, { token: tokens.service })).users).toMatchObject([{ id, username: `supprime-${id}`, firstName: '', lastName: '', isActive: false }]);
  expect(await kindOf(client.register({ username, password, email: 'partante@exemple.cd' }))).toBe('ok');
});

test('of a deleted account no answer is kept for repeated calls, whoever was given it', async () => {
  const user = { email: 'oubliee@exemple.cd', phone: '+243812340011', firstName: 'Oubliee' };
  const { user: registered } = await client.register({ username: 'oubliee', password, ...user }, { idempotencyKey: 'oubli-1' });
  const { user: made } = await client.createUser({ username: 'oubliee.aussi', password, user: { role: 'medecin', lastName: 'Oubliee' } }, { token: tokens.admin, idempotencyKey: 'oubli-2' });
  await client.approveUser({ id: made?.id ?? 0 }, { token: tokens.admin, idempotencyKey: 'oubli-3' });
  const other = await client.register({ username: 'oubliee.autre', password }, { idempotencyKey: 'oubli-4' });
  const kept = async () => (await database.db.idempotence.findMany({ where: { cle: { startsWith: 'oubli-' } }, orderBy: { cle: 'asc' } })).map(({ cle }) => cle);
  expect(await kept()).toEqual(['oubli-1', 'oubli-2', 'oubli-3', 'oubli-4']);
  await client.deleteUser({ id: registered?.id ?? 0 }, { token: tokens.admin });
  expect(await kept()).toEqual(['oubli-2', 'oubli-3', 'oubli-4']);
  await client.deleteUser({ id: made?.id ?? 0 }, { token: tokens.admin });
  expect(await kept()).toEqual(['oubli-4']);
  expect((await client.register({ username: 'oubliee.autre', password }, { idempotencyKey: 'oubli-4' })).user?.id).toBe(other.user?.id);
});

test('établissements are made, changed, listed and deleted', async () => {
  const { etablissement } = await client.createEtablissement({ etablissement: { nom: 'Clinique', telephoneUrgence: '112', fuseau: 'Africa/Kinshasa', consentementIa: 'explicite', textes: { textes: { accueil: 'Bienvenue' } } } }, { token: tokens.superuser, idempotencyKey: 'etab' });
  const id = etablissement?.id ?? 0;
  expect(etablissement).toMatchObject({ nom: 'Clinique', telephoneUrgence: '112', fuseau: 'Africa/Kinshasa', consentementIa: 'explicite', textes: { accueil: 'Bienvenue' }, version: 1 });
  expect(await client.getEtablissement({ id }, { token: tokens.service })).toMatchObject({ id, nom: 'Clinique', consentementIa: 'explicite', etablissement: { textes: { accueil: 'Bienvenue' } } });
  const changed = (await client.updateEtablissement({ id, etablissement: { telephoneUrgence: '' } }, { token: tokens.superuser })).etablissement;
  expect(changed).toMatchObject({ nom: 'Clinique', version: 2 });
  expect(changed?.telephoneUrgence).toBeUndefined();
  const moved = await account({ etablissementId: id });
  await expect(client.deleteEtablissement({ id }, { token: tokens.superuser })).rejects.toMatchObject({ kind: 'conflict', code: 'etablissement.utilise' });
  await client.updateUser({ id: moved.id, user: { etablissementId: 1 } }, { token: tokens.superuser });
  await client.deleteEtablissement({ id }, { token: tokens.superuser });
  expect(await kindOf(client.updateUser({ id: moved.id, user: { etablissementId: id } }, { token: tokens.superuser }))).toBe('invalid');
  expect((await client.listEtablissements(page, { token: tokens.superuser })).etablissements.map((one) => one.id)).not.toContain(id);
  expect(await client.listEtablissements(page, { token: tokens.adminAilleurs })).toMatchObject({ etablissements: [{ id: ailleurs }], count: 1, countExact: true });
  await expect(client.deleteEtablissement({ id: 1 }, { token: tokens.superuser })).rejects.toMatchObject({ code: 'etablissement.utilise' });
});

test('a consent is given once, withdrawn, and told to services', async () => {
  const state = () => client.getConsentement({ userId: ids.patient, finalite: 'analyse_ia' }, { token: tokens.service });
  expect(await state()).toMatchObject({ etat: 'absent' });
  const given = await client.giveConsentement({ finalite: 'analyse_ia', version: '2026-1' }, { token: tokens.patient, idempotencyKey: 'oui' });
  expect(given).toMatchObject({ replayed: false, consentement: { finalite: 'analyse_ia', version: '2026-1' } });
  expect(given.consentement?.retireLe).toBeUndefined();
  expect(await client.giveConsentement({ finalite: 'analyse_ia', version: '2026-1' }, { token: tokens.patient, idempotencyKey: 'oui' })).toEqual({ ...given, replayed: true });
  expect((await client.giveConsentement({ finalite: 'analyse_ia', version: '2026-1' }, { token: tokens.patient })).consentement).toEqual(given.consentement);
  expect(await state()).toMatchObject({ etat: 'accorde', version: '2026-1' });
  await client.withdrawConsentement({ finalite: 'analyse_ia' }, { token: tokens.patient });
  expect(await state()).toMatchObject({ etat: 'retire' });
  expect(await client.listConsentements(page, { token: tokens.patient })).toMatchObject({ count: 1, countExact: true, consentements: [{ retireLe: expect.anything() }] });
  expect((await client.listConsentements(page, { token: tokens.autrePatient })).count).toBe(0);
  const audited = await database.db.audit.findMany({ where: { acteur_id: ids.patient, objet_type: 'consentement' }, orderBy: { id: 'asc' }, select: { action: true, etablissement_id: true, issue: true } });
  expect(audited).toEqual([{ action: 'consentement.accord', etablissement_id: 1, issue: 'ok' }, { action: 'consentement.retrait', etablissement_id: 1, issue: 'ok' }]);
});

test('no log line holds what anybody is called', () => {
  expect(lines.length).toBeGreaterThan(0);
  for (const canary of ['aimée', 'ilunga', 'unique-nom', 'partante', '243990000000', 'pédiatrie', password]) expect(lines.join('').toLowerCase()).not.toContain(canary);
});
