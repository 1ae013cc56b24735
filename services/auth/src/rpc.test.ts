import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { createTokenVerifier } from '@mediai/kit/acteur';
import type { AppError } from '@mediai/kit/errors';
import { connect, serve, type GrpcClient, type GrpcServer } from '@mediai/kit/grpc';
import { createLogger } from '@mediai/kit/log';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { loadConfig } from './config.ts';
import { openDatabase } from './database-store.ts';
import { createDeps, createSeed, type Deps } from './deps.ts';
import { createAuthMetrics } from './metrics.ts';
import { createRpc, publicMethods } from './rpc.ts';

/** The whole service over gRPC on a free port and a real database; no broker is there, which must not matter. */
let database: TestDatabase;
let deps: Deps;
let server: GrpcServer;
let client: GrpcClient<typeof AuthService>;
const lines: string[] = [];
const adresse = '10.0.0.1';
const password = 'palmier-bleu-7';

beforeAll(async () => {
  database = await createTestDatabase('auth');
  const config = loadConfig({
    MEDIAI_MODE: 'test', GRPC_PORT: '0', INTERNAL_PORT: '0', DATABASE_URL: database.appUrl, KAFKA_BROKERS: '127.0.0.1:9', AUTH_KEY_SECRET: 'k'.repeat(32),
    AUTH_SERVICE_SECRETS: 'ia=0123456789abcdef,gateway=fedcba9876543210', MEDIAI_URGENCE_TELEPHONE: '112',
  });
  const log = createLogger({ service: 'auth', level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const metrics = createAuthMetrics();
  deps = await createDeps({ config, log, metrics });
  await deps.prepare();
  deps.startRelay();
  server = await serve({ services: createRpc(deps.useCases, deps.checks), host: '127.0.0.1', port: 0, verify: deps.verify, publicMethods, log, metrics });
  client = connect(AuthService, { address: `127.0.0.1:${server.port}`, deadlineMs: 10_000 });
});

afterAll(async () => {
  client.close();
  await server.close(1_000);
  await deps.close();
  await database.drop();
});

const kindOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', (error: AppError) => error.kind);

test('a username with NUL is refused as a field, not as a fault of the service', async () => {
  await expect(client.issueToken({ username: 'mwamba\0', password, adresse })).rejects.toMatchObject({ kind: 'invalid', fields: { username: [expect.any(String)] } });
});

describe('a patient', () => {
  test('registers, logs in, reads the own account, refreshes, logs out', async () => {
    const { user } = await client.register({ username: 'Mwamba', password, phone: '0812345678', firstName: 'Mwamba', lastName: 'Kalonji-Canari' });
    expect(user).toMatchObject({ id: 1000, username: 'Mwamba', phone: '+243812345678', role: 'patient', isStaff: false, etablissementId: 1, patientProfile: {} });
    expect(user?.medecinProfile).toBeUndefined();

    const { access, refresh } = await client.issueToken({ username: 'mwamba', password, adresse });
    const me = await client.getMe({}, { token: access });
    expect(me.user).toMatchObject({ id: 1000, firstName: 'Mwamba' });
    expect(me.user?.lastLogin).toBeDefined();

    expect((await client.refreshToken({ refresh, rotate: false })).refresh).toBeUndefined();
    const rotated = await client.refreshToken({ refresh, rotate: true });
    expect(rotated.refresh).toBeTruthy();
    await client.verifyToken({ token: rotated.access });
    await client.logout({ refresh: rotated.refresh ?? '' }, { token: rotated.access });
    expect(await kindOf(client.refreshToken({ refresh: rotated.refresh ?? '', rotate: true }))).toBe('unauthenticated');
    expect(await kindOf(client.getUsers({ ids: [1000] }, { token: access }))).toBe('forbidden');
    expect(await kindOf(client.getEtablissement({ id: 1 }, { token: access }))).toBe('ok');
  });

  test('is told in French, field by field, what is wrong', async () => {
    await expect(client.register({ username: 'MWAMBA', password: '12345678' })).rejects.toMatchObject({
      kind: 'invalid', code: 'compte.invalide', fields: { password: ['Ce mot de passe est entièrement numérique.'] },
    });
    await expect(client.register({ username: 'MWAMBA', password })).rejects.toMatchObject({ fields: { username: ['Un utilisateur avec ce nom existe déjà.'] } });
    await expect(client.issueToken({ username: 'mwamba', password: 'faux', adresse })).rejects.toMatchObject({
      kind: 'unauthenticated', code: 'auth.identifiants_invalides', detail: "Nom d'utilisateur ou mot de passe incorrect.",
    });
  });
});

test('every method that is not public wants a valid token, and a broken one does no harm to public ones', async () => {
  const calls = { logout: client.logout({ refresh: 'x' }), getMe: client.getMe({}), getUsers: client.getUsers({ ids: [1] }), getEtablissement: client.getEtablissement({ id: 1 }) };
  for (const call of Object.values(calls)) await expect(call).rejects.toMatchObject({ kind: 'unauthenticated', code: 'token_not_valid' });
  expect(new Set([...Object.keys(calls).map((name) => name.toLowerCase()), ...publicMethods.map((name) => name.split('/')[1]?.toLowerCase())]).size).toBe(AuthService.methods.length + 1); // and the health service's one
  expect((await client.getJwks({}, { token: 'a.b.c' })).keys).toHaveLength(1);
});

test('a service verifies tokens by the published keys, and reads accounts with a token of its own', async () => {
  const verify = createTokenVerifier({ fetchJwks: async () => ({ keys: (await client.getJwks({})).keys.map(({ kty, kid, alg, use, n, e }) => ({ kty, kid, alg, use, n, e })) }), issuer: 'mediai', audience: 'mediai' });
  const { token, expiresInSeconds } = await client.issueServiceToken({ service: 'ia', secret: '0123456789abcdef' });
  expect(expiresInSeconds).toBe(300);
  expect(await verify(token)).toMatchObject({ role: 'service', service: 'ia' });
  await client.register({ username: 'connu', password });
  expect((await client.getUsers({ ids: [1000, 1001, 424242] }, { token })).users.length).toBeGreaterThan(0);
  expect(await client.getEtablissement({ id: 1 }, { token })).toMatchObject({ id: 1, telephoneUrgence: '112', fuseau: 'Africa/Lubumbashi', consentementIa: 'presume' });
  expect(await kindOf(client.getEtablissement({ id: 2 }, { token }))).toBe('not_found');
  expect(await kindOf(client.getMe({}, { token }))).toBe('forbidden');
  expect(await kindOf(client.issueServiceToken({ service: 'ia', secret: 'fedcba9876543210' }))).toBe('unauthenticated');
});

test('a médecin who registers waits: the token says so', async () => {
  await client.register({ username: 'docteur', password, role: 'medecin' });
  const { access } = await client.issueToken({ username: 'docteur', password, adresse });
  expect(await deps.verify(access)).toMatchObject({ role: 'medecin', approuve: false, estAdmin: false });
  await expect(client.getUsers({ ids: [1000] }, { token: access })).rejects.toMatchObject({ kind: 'forbidden', code: 'compte.en_attente' });
});

test('guesses are answered 429 with the seconds to wait', async () => {
  const guess = () => client.issueToken({ username: 'cible', password: 'faux', adresse: '10.0.0.66' });
  for (let i = 0; i < 5; i++) expect(await kindOf(guess())).toBe('unauthenticated');
  await expect(guess()).rejects.toMatchObject({ kind: 'exhausted', code: 'auth.trop_d_essais', retryAfterSeconds: expect.any(Number) });
});

test('the demonstration accounts are made once, with their ids and events, and can log in', async () => {
  const config = { MEDIAI_MODE: 'test' as const, LOG_LEVEL: 'silent' as const, DATABASE_URL: database.appUrl, MEDIAI_URGENCE_TELEPHONE: undefined, MEDIAI_CONSENTEMENT_IA: undefined };
  const seedWith = async (demoPassword: string): Promise<number[]> => {
    const seed = await createSeed({ ...config, MEDIAI_DEMO_PASSWORD: demoPassword });
    await seed.ensureEtablissement();
    const made = await seed.seedDemo();
    await seed.close();
    return made;
  };
  expect(await seedWith('demo-mediai')).toEqual([1, 2, 3, 4]);
  expect(await seedWith('demo-mediai-2')).toEqual([]);
  const actor = async (username: string) => deps.verify((await client.issueToken({ username, password: 'demo-mediai-2', adresse })).access);
  expect(await actor('patient.demo')).toMatchObject({ id: 1, role: 'patient', estAdmin: false });
  expect(await actor('medecin.demo')).toMatchObject({ id: 2, role: 'medecin', approuve: true, estAdmin: false });
  expect(await actor('admin.demo')).toMatchObject({ id: 3, role: 'medecin', approuve: true, estAdmin: true, estSuperuser: false });
  expect(await actor('superuser.demo')).toMatchObject({ id: 4, estAdmin: true, estSuperuser: true });
});

test('no log line holds a name, a phone, a password or a token', async () => {
  const { access, refresh } = await client.issueToken({ username: 'mwamba', password, adresse });
  expect(lines.length).toBeGreaterThan(0);
  for (const canary of ['Kalonji', '243812345678', password, 'mwamba', access, refresh]) expect(lines.join('').toLowerCase()).not.toContain(canary.toLowerCase());
});

test('with the broker away the service stays ready and keeps its events', async () => {
  expect(await deps.checks['database']?.()).toBe('ok');
  expect(await deps.checks['kafka']?.()).not.toBe('down');
  const { db, close } = openDatabase(database.appUrl);
  expect(await db.outbox.count({ where: { sent_at: null, type: 'mediai.auth.v1.UserChanged' } })).toBeGreaterThanOrEqual(3);
  await close();
});
