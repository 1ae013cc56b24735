import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createTokenVerifier, type Acteur } from '@mediai/kit/acteur';
import { fixedClock } from '@mediai/testing';
import { createDecoder, createSigner } from 'fast-jwt';
import { createMemoryAccounts } from '../account/account-store.memory.ts';
import type { NewAccount } from '../account/account.ts';
import { createMemoryKeys } from '../key/key-store.memory.ts';
import { createKeyring } from '../key/keyring.ts';
import { generateSigningKey, type StoredKey } from '../key/signing-key.ts';
import { createAccessTokens } from './access-token.ts';
import { createMemoryGuessing } from './guessing-store.memory.ts';
import { createIssueServiceToken } from './issue-service-token.ts';
import { createIssueToken } from './issue-token.ts';
import { createLogout } from './logout.ts';
import { createMemorySessions } from './session-store.memory.ts';
import { createUseRefreshToken } from './use-refresh-token.ts';
import { createVerifyToken } from './verify-token.ts';

const secret = 'a-secret-of-at-least-32-characters';
const accessSeconds = 7_200;
const refreshSeconds = 604_800;
const decode = createDecoder({ complete: true });
let key: StoredKey;

beforeAll(async () => {
  key = await generateSigningKey(secret, new Date('2026-01-01T00:00:00Z'));
});

const newAccount: NewAccount = {
  username: 'mwamba', firstName: '', lastName: '', email: null, phone: null, role: 'patient', isActive: true, isStaff: false, isSuperuser: false,
  dateJoined: new Date(0), etablissementId: 1, patientProfile: null, medecinProfile: null, passwordHash: 'hash of palmier-bleu-7',
};

async function setUp() {
  const clock = fixedClock('2026-03-02T08:00:00Z');
  const accounts = createMemoryAccounts();
  await accounts.create({ ...newAccount, id: 7 }, () => ({ acteurId: null, acteurRole: 'service:auth', action: 'test', objetType: 'users', objetId: '7', etablissementId: 1, issue: 'ok' }));
  accounts.actes.length = 0;
  const guessing = createMemoryGuessing();
  const sessions = createMemorySessions(accounts, guessing);
  const keyring = createKeyring({ keys: createMemoryKeys([key]), secret, tokenLifeMs: accessSeconds * 1000, clock: clock.now });
  const accessTokens = createAccessTokens({ keyring, accessSeconds, clock: clock.now });
  const verifyAccess = createTokenVerifier({ fetchJwks: async () => ({ keys: await keyring.publicKeys() }), issuer: 'mediai', audience: 'mediai', now: () => clock.now().getTime() });
  const compared: (string | undefined)[] = [];
  const passwords = {
    hash: async (password: string) => `hash of ${password}`,
    isOutdated: (hash: string) => !hash.startsWith('hash of '),
    matches: async (password: string, hash: string | undefined) => {
      compared.push(hash);
      return hash?.endsWith(`hash of ${password}`) ?? false;
    },
  };
  const outcomes: string[] = [];
  const counted = (outcome: string): void => void outcomes.push(outcome);
  const needs = { accounts, passwords, guessing, sessions, accessTokens, refreshSeconds, clock: clock.now, counted };
  const issueToken = createIssueToken(needs);
  const useRefreshToken = createUseRefreshToken(needs);
  const verifyToken = createVerifyToken({ ...needs, verifyAccess });
  const deactivate = (): void => {
    const row = accounts.rows.get(7);
    if (row) accounts.rows.set(7, { ...row, account: { ...row.account, isActive: false } });
  };
  return {
    clock, accounts, accessTokens, verifyAccess, compared, outcomes, issueToken, useRefreshToken, verifyToken, deactivate,
    logout: createLogout(needs),
    login: (password = 'palmier-bleu-7', username = 'mwamba', adresse = '10.0.0.1') => issueToken({ username, password, adresse }),
  };
}

const refusedToken = { kind: 'unauthenticated', code: 'token_not_valid' };
const refusedLogin = { kind: 'unauthenticated', code: 'auth.identifiants_invalides', detail: "Nom d'utilisateur ou mot de passe incorrect." };

describe('login', () => {
  test('gives an access token with the claims of the contract for two hours, and notes the login', async () => {
    const { login, verifyAccess, accounts, clock } = await setUp();
    const { access } = await login('palmier-bleu-7', 'MWAMBA');
    const { header, payload } = decode(access);
    const iat = clock.now().getTime() / 1000;
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT', kid: key.kid });
    expect(payload).toEqual({
      iss: 'mediai', aud: 'mediai', sub: '7', iat, exp: iat + accessSeconds, jti: expect.any(String), role: 'patient', is_staff: false, is_superuser: false, approuve: true, etablissement_id: 1,
    });
    expect(await verifyAccess(access)).toMatchObject({ id: 7, role: 'patient', etablissementId: 1 });
    expect(accounts.rows.get(7)?.account.lastLogin).toEqual(clock.now());
    expect(accounts.actes).toMatchObject([{ action: 'compte.connexion', acteurId: 7, adresse: '10.0.0.1', issue: 'ok' }]);
  });

  test('answers alike, after the same work, to a wrong password, an unknown username and a deactivated account', async () => {
    const { login, compared, deactivate, accounts } = await setUp();
    await expect(login('faux-mot-de-passe')).rejects.toMatchObject(refusedLogin);
    await expect(login('palmier-bleu-7', 'inconnu')).rejects.toMatchObject(refusedLogin);
    deactivate();
    await expect(login()).rejects.toMatchObject(refusedLogin);
    expect(compared).toEqual(['hash of palmier-bleu-7', undefined, 'hash of palmier-bleu-7']);
    expect(accounts.actes.map(({ issue, acteurId }) => [issue, acteurId])).toEqual([['refus', null], ['refus', null], ['refus', null]]);
  });

  test('names an empty field', async () => {
    const { issueToken } = await setUp();
    await expect(issueToken({ username: ' ', password: '', adresse: '' })).rejects.toMatchObject({ kind: 'invalid', fields: { username: [expect.any(String)], password: [expect.any(String)] } });
  });

  test('after five failures the account waits at that address only, the right password included', async () => {
    const { login, clock, outcomes } = await setUp();
    for (let i = 0; i < 5; i++) await expect(login('faux-mot-de-passe')).rejects.toMatchObject(refusedLogin);
    await expect(login()).rejects.toMatchObject({ kind: 'exhausted', code: 'auth.trop_d_essais', retryAfterSeconds: 10 });
    await expect(login('palmier-bleu-7', 'mwamba', '10.0.0.2')).resolves.toBeDefined();
    clock.advance(10_000);
    await expect(login()).resolves.toBeDefined();
    expect(outcomes).toEqual(['refus', 'refus', 'refus', 'refus', 'refus', 'attente', 'ok', 'ok']);
  });

  test('an unknown username waits as well, and guesses sent in parallel all count', async () => {
    const { login } = await setUp();
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => login('faux', 'inconnu')));
    const codes = attempts.map((attempt) => (attempt as PromiseRejectedResult).reason.code);
    expect(codes.filter((code) => code === 'auth.identifiants_invalides')).toHaveLength(5);
    expect(codes.filter((code) => code === 'auth.trop_d_essais')).toHaveLength(15);
  });

  test('the addresses of one IPv6 network are one', async () => {
    const { login } = await setUp();
    for (let i = 0; i < 5; i++) await expect(login('faux-mot-de-passe', 'mwamba', `2001:db8:1:2::${i}`)).rejects.toMatchObject(refusedLogin);
    await expect(login('palmier-bleu-7', 'mwamba', '2001:db8:1:2:abcd::9')).rejects.toMatchObject({ code: 'auth.trop_d_essais' });
    await expect(login('palmier-bleu-7', 'mwamba', '2001:db8:1:3::1')).resolves.toBeDefined();
  });

  test('an address from which the account logged in before is spared', async () => {
    const { login } = await setUp();
    await login();
    for (let i = 0; i < 8; i++) await expect(login('faux-mot-de-passe')).rejects.toMatchObject(refusedLogin);
    await expect(login()).resolves.toBeDefined();
  });

  test('fifty failures at one address make every account wait there', async () => {
    const { login } = await setUp();
    for (let i = 0; i < 50; i++) await expect(login('faux', `compte-${i}`)).rejects.toMatchObject(refusedLogin);
    await expect(login()).rejects.toMatchObject({ code: 'auth.trop_d_essais' });
  });
});

describe('refresh', () => {
  test('rotates: the new one works, the old one kills the family, audited', async () => {
    const { login, useRefreshToken, clock, accounts } = await setUp();
    const first = (await login()).refresh;
    const second = (await useRefreshToken(first, true)).refresh ?? '';
    clock.advance(10_001);
    const third = (await useRefreshToken(second, true)).refresh ?? '';
    await expect(useRefreshToken(first, true)).rejects.toMatchObject(refusedToken);
    await expect(useRefreshToken(third, true)).rejects.toMatchObject(refusedToken);
    expect(accounts.actes.at(-1)).toMatchObject({ action: 'jeton.reutilisation', objetType: 'refresh_family', issue: 'refus' });
  });

  test('two tabs within ten seconds both get tokens that work', async () => {
    const { login, useRefreshToken, clock } = await setUp();
    const { refresh } = await login();
    const [one, two] = await Promise.all([useRefreshToken(refresh, true), useRefreshToken(refresh, true)]);
    clock.advance(10_000);
    const three = await useRefreshToken(refresh, true);
    expect(new Set([one.refresh, two.refresh, three.refresh]).size).toBe(3);
    for (const tab of [one, two, three]) await expect(useRefreshToken(tab.refresh ?? '', true)).resolves.toMatchObject({ access: expect.any(String) });
  });

  test('without rotation the token stays valid and can be used several times at once', async () => {
    const { login, useRefreshToken, clock } = await setUp();
    const { refresh } = await login();
    for (let i = 0; i < 3; i++) {
      clock.advance(3_600_000);
      expect(await useRefreshToken(refresh, false)).toEqual({ access: expect.any(String), refresh: undefined });
    }
  });

  test('a token rotated before is reuse without rotation too', async () => {
    const { login, useRefreshToken, clock } = await setUp();
    const { refresh } = await login();
    const next = (await useRefreshToken(refresh, true)).refresh ?? '';
    clock.advance(60_000);
    await expect(useRefreshToken(refresh, false)).rejects.toMatchObject(refusedToken);
    await expect(useRefreshToken(next, false)).rejects.toMatchObject(refusedToken);
  });

  test('another login is another family', async () => {
    const { login, useRefreshToken, clock } = await setUp();
    const [stolen, honest] = [await login(), await login()];
    await useRefreshToken(stolen.refresh, true);
    clock.advance(60_000);
    await expect(useRefreshToken(stolen.refresh, true)).rejects.toMatchObject(refusedToken);
    await expect(useRefreshToken(honest.refresh, true)).resolves.toBeDefined();
  });

  test('refuses an expired token, an unknown one, an access token and a deactivated account', async () => {
    const { login, useRefreshToken, clock, deactivate } = await setUp();
    const { refresh, access } = await login();
    for (const token of ['', 'inconnu', access]) await expect(useRefreshToken(token, true)).rejects.toMatchObject(refusedToken);
    clock.advance(refreshSeconds * 1000);
    await expect(useRefreshToken(refresh, true)).rejects.toMatchObject(refusedToken);
    const again = await login();
    deactivate();
    await expect(useRefreshToken(again.refresh, true)).rejects.toMatchObject(refusedToken);
  });
});

test('of random replays of refresh tokens every family dies, and no honest one', async () => {
  const { login, useRefreshToken, clock, accounts } = await setUp();
  const seed = 20260302;
  const first = await login();
  expect(first.refresh).toBeTruthy();
  const random = mulberry32(seed);
  const families = await Promise.all(Array.from({ length: 40 }, async () => ({ tokens: [(await login()).refresh], isRobbed: random() < 0.5, dead: false })));
  for (let step = 0; step < 1_000; step++) {
    const family = families[Math.floor(random() * families.length)] as (typeof families)[number];
    clock.advance(10_001);
    const isReplay = family.isRobbed && family.tokens.length > 1 && random() < 0.3;
    const index = isReplay ? Math.floor(random() * (family.tokens.length - 1)) : family.tokens.length - 1;
    const used = await useRefreshToken(family.tokens[index] as string, true).catch(() => undefined);
    family.dead ||= isReplay;
    expect({ seed, step, accepted: used !== undefined }).toEqual({ seed, step, accepted: !family.dead });
    if (used?.refresh) family.tokens.push(used.refresh);
  }
  expect(families.filter(({ dead }) => dead).length).toBe(accounts.actes.filter(({ action }) => action === 'jeton.reutilisation').length);
  expect(families.some(({ dead }) => dead)).toBe(true);
});

describe('logout', () => {
  const acteur: Acteur = { id: 7, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: 't' };

  test('revokes the whole family, audited', async () => {
    const { login, logout, useRefreshToken, accounts } = await setUp();
    const first = (await login()).refresh;
    const second = (await useRefreshToken(first, true)).refresh ?? '';
    await logout(acteur, first);
    await expect(useRefreshToken(second, true)).rejects.toMatchObject(refusedToken);
    expect(accounts.actes.at(-1)).toMatchObject({ action: 'compte.deconnexion', acteurId: 7, issue: 'ok' });
  });

  test("is invalid without a token, with an unknown one, with one revoked, and with another's", async () => {
    const { login, logout } = await setUp();
    const { refresh } = await login();
    await expect(logout(acteur, '')).rejects.toMatchObject({ kind: 'invalid' });
    await expect(logout(acteur, 'inconnu')).rejects.toMatchObject({ kind: 'invalid' });
    await expect(logout({ ...acteur, id: 8 }, refresh)).rejects.toMatchObject({ kind: 'invalid' });
    await logout(acteur, refresh);
    await expect(logout(acteur, refresh)).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('repeated under one idempotency key is answered as the first time; a refused one leaves the key free', async () => {
    const { login, logout, accounts } = await setUp();
    const { refresh } = await login();
    const key = { acteurId: 7, route: 'Logout', cle: 'k', corps: Buffer.from(''), ecrire: () => Buffer.from('205') };
    await expect(logout(acteur, 'inconnu', key)).rejects.toMatchObject({ kind: 'invalid' });
    expect(await logout(acteur, refresh, key)).toHaveProperty('done');
    expect(await logout(acteur, refresh, key)).toEqual({ replayed: Buffer.from('205') });
    expect(accounts.actes.filter(({ action }) => action === 'compte.deconnexion')).toHaveLength(1);
  });
});

describe('verify', () => {
  test('accepts an access and a refresh token, until the account is deactivated', async () => {
    const { login, verifyToken, deactivate } = await setUp();
    const { access, refresh } = await login();
    await verifyToken(access);
    await verifyToken(refresh);
    deactivate();
    await expect(verifyToken(access)).rejects.toMatchObject(refusedToken);
    await expect(verifyToken(refresh)).rejects.toMatchObject(refusedToken);
  });

  test('refuses forged tokens: alg none, HMAC with the public key, other key, issuer, audience, kid, expired, from the future', async () => {
    const { login, verifyToken, verifyAccess, clock } = await setUp();
    const { access } = await login();
    const { payload } = decode(access);
    const publicPem = createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
    const strangerPem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hmac = (alg: string): string => {
      const input = `${part({ alg, typ: 'JWT', kid: key.kid })}.${part(payload)}`;
      return `${input}.${createHmac('sha256', publicPem).update(input).digest('base64url')}`;
    };
    const { signingKey } = createKeyring({ keys: createMemoryKeys([key]), secret, tokenLifeMs: 0, clock: clock.now });
    const { privateKeyPem } = await signingKey();
    const signed = (claims: object, options: { key?: string; kid?: string } = {}): string =>
      createSigner({ algorithm: 'RS256', key: options.key ?? privateKeyPem, kid: options.kid ?? key.kid })({ ...payload, ...claims });
    const now = clock.now().getTime() / 1000;
    const forged = {
      none: `${part({ alg: 'none', typ: 'JWT', kid: key.kid })}.${part(payload)}.`,
      hs256: hmac('HS256'),
      'hmac called RS256': hmac('RS256'),
      'another key': signed({}, { key: strangerPem }),
      'another kid': signed({}, { kid: 'inconnu' }),
      issuer: signed({ iss: 'ailleurs' }),
      audience: signed({ aud: 'ailleurs' }),
      expired: signed({ exp: now - 1 }),
      future: signed({ iat: now + 3_600, exp: now + 7_200 }),
      'another role': signed({ role: 'admin' }),
      'changed payload': [access.split('.')[0], part({ ...payload, is_staff: true }), access.split('.')[2]].join('.'),
    };
    for (const [name, token] of Object.entries(forged)) {
      await expect(verifyAccess(token).then(() => name)).rejects.toMatchObject(refusedToken);
      await expect(verifyToken(token).then(() => name)).rejects.toMatchObject(refusedToken);
    }
    await verifyToken(signed({}));
  });
});

describe('service tokens', () => {
  const secrets = new Map([['ia', ['secret-of-ia-0123456789']], ['consultation', ['secret-of-consultation-01']]]);

  test('are given for the own secret and name the service for five minutes', async () => {
    const { accessTokens, verifyAccess, verifyToken, clock } = await setUp();
    const issue = createIssueServiceToken({ accessTokens, secrets });
    const { token, expiresInSeconds } = await issue('ia', 'secret-of-ia-0123456789');
    expect(expiresInSeconds).toBe(300);
    expect(await verifyAccess(token)).toMatchObject({ role: 'service', service: 'ia', estAdmin: false });
    await verifyToken(token);
    clock.advance(300_000);
    await expect(verifyAccess(token)).rejects.toMatchObject(refusedToken);
  });

  test("are refused for another service's secret, an unknown service and an empty secret", async () => {
    const issue = createIssueServiceToken({ accessTokens: (await setUp()).accessTokens, secrets });
    for (const [service, given] of [['ia', 'secret-of-consultation-01'], ['inconnu', ''], ['ia', ''], ['inconnu', 'secret-of-ia-0123456789']] as const) {
      await expect(issue(service, given)).rejects.toMatchObject({ kind: 'unauthenticated' });
    }
  });
});

/** A small seeded generator of numbers from 0 to 1, so that a failing run can be replayed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
