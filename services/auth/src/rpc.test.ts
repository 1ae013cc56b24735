import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import type { AppError } from '@mediai/kit/errors';
import { methodName, type GrpcClient } from '@mediai/kit/grpc';
import { createDecoder, createSigner } from 'fast-jwt';
import { createSeed } from './admin/deps.ts';
import type { Deps } from './deps.ts';
import { createKeyStore } from './key/key-store.ts';
import { createReplaceKeys, createRotateKeys } from './key/rotate-keys.ts';
import { decryptPrivateKey } from './key/signing-key.ts';
import { publicMethods } from './rpc.ts';
import { keySecret, startAuth, type RunningAuth } from './service.memory.ts';

let auth: RunningAuth;
let deps: Deps;
let client: GrpcClient<typeof AuthService>;
const adresse = '10.0.0.1';
const password = 'palmier-bleu-7';
const otherPassword = 'manguier-vert-8';
const refusedToken = { kind: 'unauthenticated', code: 'token_not_valid' };

beforeAll(async () => {
  auth = await startAuth();
  ({ deps, client } = auth);
});
afterAll(() => auth.close());

const login = (username: string, typed = password) => client.issueToken({ username, password: typed, adresse });
const kindOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'ok', (error: AppError) => error.kind);

test('a username with NUL is refused as a field, not as a fault of the service', async () => {
  await expect(client.issueToken({ username: 'mwamba\0', password, adresse })).rejects.toMatchObject({ kind: 'invalid', fields: { username: [expect.any(String)] } });
});

test('an address that is none is not kept: the client is where the call says', async () => {
  await expect(client.issueToken({ username: 'nulle-part', password, adresse: 'ici\0' }, { adresse: '203.0.113.7' })).rejects.toMatchObject({ kind: 'unauthenticated' });
  await expect(client.requestPasswordReset({ identifiant: 'nulle-part', adresse: 'là' }, { adresse: '203.0.113.8' })).resolves.toBeDefined();
  expect((await auth.db.audit.findMany({ where: { adresse: { startsWith: '203.0.113.' } }, orderBy: { id: 'asc' } })).map(({ action, adresse: kept }) => [action, kept])).toEqual([['compte.connexion', '203.0.113.7'], ['mot_de_passe.demande', '203.0.113.8']]);
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
    const logout = (idempotencyKey: string) => client.logout({ refresh: rotated.refresh ?? '' }, { token: rotated.access, idempotencyKey });
    await logout('une-fois');
    await logout('une-fois');
    expect(await kindOf(logout('autre-cle'))).toBe('invalid');
    expect(await kindOf(client.refreshToken({ refresh: rotated.refresh ?? '', rotate: true }))).toBe('unauthenticated');
    expect(await kindOf(client.getUsers({ ids: [1000] }, { token: access }))).toBe('forbidden');
    expect(await kindOf(client.getEtablissement({ id: 1 }, { token: access }))).toBe('forbidden');
  });

  test('is told in French, field by field, what is wrong', async () => {
    await expect(client.register({ username: 'MWAMBA', password: '12345678' })).rejects.toMatchObject({
      kind: 'invalid', code: 'compte.invalide', fields: { password: ['Ce mot de passe est entièrement numérique.', 'Ce mot de passe est trop courant.'] },
    });
    await expect(client.register({ username: 'MWAMBA', password })).rejects.toMatchObject({ fields: { username: ['Un utilisateur avec ce nom existe déjà.'] } });
    await expect(client.issueToken({ username: 'mwamba', password: 'faux', adresse })).rejects.toMatchObject({
      kind: 'unauthenticated', code: 'auth.identifiants_invalides', detail: "Nom d'utilisateur ou mot de passe incorrect.",
    });
  });
});

test('every method that is not public wants a valid token, and a broken one does no harm to public ones', async () => {
  const guarded = AuthService.methods.filter((method) => !publicMethods.includes(methodName(method)));
  expect(guarded.length).toBeGreaterThan(20);
  for (const { localName } of guarded) {
    const call = client[localName as 'getMe'];
    for (const options of [{}, { token: 'a.b.c' }]) await expect(call({}, options)).rejects.toMatchObject(refusedToken);
  }
  expect((await client.getJwks({}, { token: 'a.b.c' })).keys).toHaveLength(1);
});

test('a service verifies tokens by the published keys, and reads accounts with a token of its own', async () => {
  const { token, expiresInSeconds } = await client.issueServiceToken({ service: 'ia', secret: '0123456789abcdef' });
  expect(expiresInSeconds).toBe(300);
  expect(await auth.verifyElsewhere(token)).toMatchObject({ role: 'service', service: 'ia' });
  await client.register({ username: 'connu', password });
  expect((await client.getUsers({ ids: [1000, 1001, 424242] }, { token })).users.length).toBeGreaterThan(0);
  expect(await client.getEtablissement({ id: 1 }, { token })).toMatchObject({ id: 1, telephoneUrgence: '112', fuseau: 'Africa/Lubumbashi', consentementIa: 'presume' });
  expect(await kindOf(client.getEtablissement({ id: 2 }, { token }))).toBe('not_found');
  expect(await kindOf(client.getMe({}, { token }))).toBe('forbidden');
  expect(await kindOf(client.issueServiceToken({ service: 'ia', secret: 'fedcba9876543210' }))).toBe('unauthenticated');
});

test('while a secret changes a service has a token for the present one and for the next, and for no other', async () => {
  for (const secret of ['0123456789abcdef', 'next-0123456789abcdef']) expect((await client.issueServiceToken({ service: 'ia', secret })).token).not.toBe('');
  for (const [service, secret] of [['gateway', 'next-0123456789abcdef'], ['ia', ''], ['inconnu', '']] as const) expect(await kindOf(client.issueServiceToken({ service, secret }))).toBe('unauthenticated');
});

test('a médecin who registers waits: the token says so', async () => {
  await client.register({ username: 'docteur', password, role: 'medecin' });
  const { access } = await login('docteur');
  expect(await deps.verify(access)).toMatchObject({ role: 'medecin', approuve: false, estAdmin: false });
  await expect(client.listPatients({ page: 1, pageSize: 20 }, { token: access })).rejects.toMatchObject({ kind: 'forbidden', code: 'compte.en_attente' });
});

test('guesses are answered 429 with the seconds to wait', async () => {
  const guess = () => client.issueToken({ username: 'cible', password: 'faux', adresse: '10.0.0.66' });
  for (let i = 0; i < 5; i++) expect(await kindOf(guess())).toBe('unauthenticated');
  await expect(guess()).rejects.toMatchObject({ kind: 'exhausted', code: 'auth.trop_d_essais', retryAfterSeconds: expect.any(Number) });
});

test('the demonstration accounts are made once, with their ids and events, and can log in', async () => {
  const config = { MEDIAI_MODE: 'test' as const, LOG_LEVEL: 'silent' as const, DATABASE_URL: auth.databaseUrl, MEDIAI_URGENCE_TELEPHONE: undefined, MEDIAI_CONSENTEMENT_IA: undefined };
  const seedWith = async (demoPassword: string): Promise<number[]> => {
    const seed = await createSeed({ ...config, MEDIAI_DEMO_PASSWORD: demoPassword });
    await seed.ensureEtablissement();
    const made = await seed.seedDemo();
    await seed.close();
    return made;
  };
  expect(await seedWith('demo-mediai')).toEqual([1, 2, 3, 4]);
  expect(await seedWith('demo-mediai-2')).toEqual([]);
  const actor = async (username: string) => deps.verify((await login(username, 'demo-mediai-2')).access);
  expect(await actor('patient.demo')).toMatchObject({ id: 1, role: 'patient', estAdmin: false });
  expect(await actor('medecin.demo')).toMatchObject({ id: 2, role: 'medecin', approuve: true, estAdmin: false });
  expect(await actor('admin.demo')).toMatchObject({ id: 3, role: 'medecin', approuve: true, estAdmin: true, estSuperuser: false });
  expect(await actor('superuser.demo')).toMatchObject({ id: 4, estAdmin: true, estSuperuser: true });
});

describe('a token', () => {
  const decode = createDecoder({ complete: true });
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  /** What an attacker may send in the place of a valid token, and the service's own key to sign what only it could. */
  async function forgeries(): Promise<{ valid: string; forged: Record<string, string> }> {
    await client.register({ username: 'victime', password });
    const { access } = await login('victime');
    const { header, payload } = decode(access);
    const [row] = await createKeyStore(auth.db).all();
    if (!row) throw new Error('no key');
    const privateKeyPem = decryptPrivateKey(row, keySecret);
    const publicKey = createPublicKey({ key: row.publicJwk as JsonWebKey, format: 'jwk' });
    const strangerPem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const hmac = (alg: string, secret: string | Buffer): string => {
      const input = `${part({ ...header, alg })}.${part({ ...payload, is_staff: true })}`;
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    };
    const sign = (claims: object, { key = privateKeyPem, kid = row.kid as string | null, algorithm = 'RS256' as 'RS256' | 'RS512' | 'PS256' } = {}): string =>
      createSigner({ algorithm, key, ...(kid === null ? {} : { kid }) })({ ...payload, ...claims });
    const now = Math.floor(Date.now() / 1000);
    const [head, body, signature] = access.split('.') as [string, string, string];
    return {
      valid: sign({ jti: 'another' }),
      forged: {
        'alg none': `${part({ ...header, alg: 'none' })}.${part({ ...payload, is_staff: true })}.`,
        'alg None with the signature': `${part({ ...header, alg: 'None' })}.${body}.${signature}`,
        'no signature': `${head}.${body}.`,
        'HS256 with the public key in PEM': hmac('HS256', publicKey.export({ type: 'spki', format: 'pem' }).toString()),
        'HS256 with the public key in DER': hmac('HS256', publicKey.export({ type: 'spki', format: 'der' })),
        'an HMAC called RS256': hmac('RS256', publicKey.export({ type: 'spki', format: 'pem' }).toString()),
        'HS256 with an empty secret': hmac('HS256', ''),
        RS512: sign({}, { algorithm: 'RS512' }),
        PS256: sign({}, { algorithm: 'PS256' }),
        'another key under the known kid': sign({}, { key: strangerPem }),
        'an unknown kid': sign({}, { kid: 'inconnu' }),
        'a kid that is a path': sign({}, { kid: '../../dev/null' }),
        'a kid of Object.prototype': sign({}, { kid: '__proto__' }),
        'no kid': sign({}, { kid: null }),
        'the key in its own header': `${part({ ...header, jwk: row.publicJwk, jku: 'http://127.0.0.1:9/jwks.json', kid: 'mine' })}.${body}.${signature}`,
        'another issuer': sign({ iss: 'ailleurs' }),
        'another audience': sign({ aud: 'ailleurs' }),
        'no audience': sign({ aud: undefined }),
        expired: sign({ iat: now - 7_200, exp: now - 1 }),
        'without end': sign({ exp: undefined }),
        'from the future': sign({ iat: now + 3_600, exp: now + 7_200 }),
        'not valid yet': sign({ nbf: now + 3_600 }),
        'another role': sign({ role: 'admin' }),
        'a user with the role of a service': sign({ role: 'service' }),
        'a subject in words': sign({ sub: '1 OR 1=1' }),
        'changed claims': `${head}.${part({ ...payload, is_staff: true, is_superuser: true })}.${signature}`,
        'another head': `${part({ ...header, typ: 'x' })}.${body}.${signature}`,
        truncated: access.slice(0, -8),
        'a refresh token': (await login('victime')).refresh,
        enormous: 'a'.repeat(7_000),
      },
    };
  }

  test('that is forged is refused by the service, by VerifyToken and by every other service', async () => {
    const { valid, forged } = await forgeries();
    await client.getMe({}, { token: valid });
    await client.verifyToken({ token: valid });
    await auth.verifyElsewhere(valid);
    for (const [name, token] of Object.entries(forged)) {
      await expect(client.getMe({}, { token }).then(() => name)).rejects.toMatchObject(refusedToken);
      await expect(auth.verifyElsewhere(token).then(() => name)).rejects.toMatchObject(refusedToken);
      if (name !== 'a refresh token') await expect(client.verifyToken({ token }).then(() => name)).rejects.toMatchObject(refusedToken);
    }
  });

  test('of an account that was closed is refused, its refresh token too, and services are told', async () => {
    await client.register({ username: 'ferme', password });
    const { access, refresh } = await login('ferme');
    const { id } = await auth.verifyElsewhere(access);
    await auth.db.user.update({ where: { id }, data: { is_active: false } });
    for (const rotate of [true, false]) await expect(client.refreshToken({ refresh, rotate })).rejects.toMatchObject(refusedToken);
    await expect(client.verifyToken({ token: access })).rejects.toMatchObject(refusedToken);
    await auth.db.user.update({ where: { id }, data: { is_active: true, deleted_at: new Date() } });
    for (const rotate of [true, false]) await expect(client.refreshToken({ refresh, rotate })).rejects.toMatchObject(refusedToken);
    await expect(login('ferme')).rejects.toMatchObject({ code: 'auth.identifiants_invalides' });
  });

  test('revocations are for services only', async () => {
    const { access } = await login('victime');
    await expect(client.getRevocations({}, { token: access })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(client.getRevocations({}, { token: await auth.serviceToken() })).resolves.toBeDefined();
  });
});

describe('a password', () => {
  test('is changed: the tokens of before are revoked for other services, the new pair works at once', async () => {
    await client.register({ username: 'change', password });
    const { access, refresh } = await login('change');
    const { id } = await deps.verify(access);
    await expect(client.changePassword({ oldPassword: 'faux', newPassword: otherPassword, adresse }, { token: access })).rejects.toMatchObject({ kind: 'invalid', fields: { old_password: [expect.any(String)] } });
    const pair = await client.changePassword({ oldPassword: password, newPassword: otherPassword, adresse }, { token: access });
    await client.getMe({}, { token: pair.access });
    await client.refreshToken({ refresh: pair.refresh, rotate: true });
    await expect(client.refreshToken({ refresh, rotate: true })).rejects.toMatchObject(refusedToken);
    const { revocations } = await client.getRevocations({}, { token: await auth.serviceToken() });
    const validFrom = Number(revocations.find(({ userId }) => userId === id)?.validFrom);
    const iat = (token: string): number => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).iat;
    expect(iat(access)).toBeLessThan(validFrom);
    expect(iat(pair.access)).toBeGreaterThanOrEqual(validFrom);
    expect(iat((await login('change', otherPassword)).access)).toBeGreaterThanOrEqual(validFrom);
  });

  test('that was forgotten is replaced by the code that notifications was given; neither log, table nor topic holds it', async () => {
    await client.register({ username: 'oubli', password, phone: '0812345679', firstName: 'Amani' });
    expect(await client.requestPasswordReset({ identifiant: 'inconnu', adresse })).toEqual(await client.requestPasswordReset({ identifiant: 'oubli', adresse }));
    while (auth.codes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const [sent] = auth.codes;
    expect(sent).toMatchObject({ telephone: '+243812345679', prenom: 'Amani', minutes: 10, etablissementId: 1 });
    const code = sent?.code ?? '';
    const wrong = String((Number(code) + 1) % 100_000_000).padStart(8, '0');
    const confirm = (identifiant: string, typed: string) => client.confirmPasswordReset({ identifiant, code: typed, newPassword: otherPassword, adresse });
    for (const [identifiant, typed] of [['oubli', wrong], ['inconnu', code]] as const) {
      await expect(confirm(identifiant, typed)).rejects.toMatchObject({ kind: 'invalid', code: 'mot_de_passe.code_invalide', fields: { code: [expect.any(String)] } });
    }
    await confirm('oubli', code);
    await login('oubli', otherPassword);
    await expect(confirm('oubli', code)).rejects.toMatchObject({ code: 'mot_de_passe.code_invalide' });
    expect(auth.codes).toHaveLength(1);
    const outbox = (await auth.db.outbox.findMany()).map(({ payload }) => Buffer.from(payload ?? []).toString('latin1')).join('');
    expect(outbox + auth.lines.join('')).not.toContain(code);
    expect(await auth.metrics.registry.metrics()).toMatch(/auth_reset_codes_total\{outcome="envoye",service="auth"\} 1/);
  });
});

test('a rotation of keys disturbs nobody; a compromise ends what was issued before', async () => {
  const keys = { keys: createKeyStore(auth.db), secret: keySecret, clock: () => new Date() };
  const { access, refresh } = await login('victime');
  const unseen = (await login('victime')).access;
  const { kid } = await createRotateKeys(keys)();
  expect((await client.getJwks({})).keys.map((key) => key.kid)).toEqual([expect.any(String), kid]);
  await client.getMe({}, { token: access });
  await client.getMe({}, { token: (await login('victime')).access });
  const replaced = await createReplaceKeys(keys)();
  expect((await client.getJwks({})).keys.map((key) => key.kid)).toEqual([replaced.kid]);
  await new Promise((resolve) => setTimeout(resolve, 5_100)); // the keyring reads again, verifiers may fetch again
  const renewed = await client.refreshToken({ refresh, rotate: true });
  await client.getMe({}, { token: renewed.access });
  await client.getMe({}, { token: (await login('victime')).access });
  await expect(client.getMe({}, { token: unseen })).rejects.toMatchObject(refusedToken);
}, 15_000);

test('no log line and no metric holds a name, a phone, a password or a token', async () => {
  const { access, refresh } = await login('mwamba');
  const { lines } = auth;
  expect(lines.length).toBeGreaterThan(0);
  for (const canary of ['Kalonji', '243812345678', password, 'mwamba', access, refresh]) expect(lines.join('').toLowerCase()).not.toContain(canary.toLowerCase());
  const { body } = await auth.metrics.expose('application/openmetrics-text');
  expect(body).toContain('db_query_duration_seconds_count{');
  for (const canary of ['Kalonji', '243812345678', password, 'mwamba', access, refresh]) expect(body.toLowerCase()).not.toContain(canary.toLowerCase());
});

test('the age of the key that signs is told beside the age at which it is replaced', async () => {
  const read = async (name: string) => Number(new RegExp(`^${name}\\{.*\\} (.*)$`, 'm').exec((await auth.metrics.expose()).body)?.[1]);
  expect(await read('signing_key_max_age_seconds')).toBe(90 * 86_400);
  for (const end = Date.now() + 10_000; (await read('signing_key_age_seconds')) === 0; ) {
    if (Date.now() > end) throw new Error('not read within 10 s');
    await new Promise((wake) => setTimeout(wake, 20));
  }
  expect(await read('signing_key_age_seconds')).toBeLessThan(600);
});

test('with the broker away the service stays ready and keeps its events', async () => {
  expect(await deps.checks['database']?.()).toBe('ok');
  expect(await deps.checks['kafka']?.()).not.toBe('down');
  expect(await auth.db.outbox.count({ where: { sent_at: null, type: 'mediai.auth.v1.UserChanged' } })).toBeGreaterThanOrEqual(3);
});
