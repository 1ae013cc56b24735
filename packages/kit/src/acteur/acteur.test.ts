import { describe, expect, test } from '@jest/globals';
import { createSigner, type SignerOptions } from 'fast-jwt';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { auteurDe, createServiceTokenSource, createTokenVerifier } from './index.ts';

const startMs = Date.parse('2026-11-24T08:00:00Z');
const keys = newKey('k1');
const userClaims = { iss: 'mediai', aud: 'mediai', sub: '42', jti: 'j', role: 'medecin', is_staff: true, is_superuser: false, approuve: true, etablissement_id: 3 };

function newKey(kid: string) {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { kid, pem, publicPem, jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } };
}

function sign(claims: Record<string, unknown> = {}, key = keys, options: Partial<SignerOptions> = {}): string {
  const times = { iat: startMs / 1000, exp: startMs / 1000 + 7200 };
  return createSigner({ key: key.pem, algorithm: 'RS256', kid: key.kid, ...options })({ ...userClaims, ...times, ...claims });
}

function setUp(jwks = [keys.jwk]) {
  const clock = { ms: startMs };
  const world = { fetches: 0, jwks, down: false };
  const verify = createTokenVerifier({
    issuer: 'mediai',
    audience: 'mediai',
    now: () => clock.ms,
    fetchJwks: async () => {
      world.fetches += 1;
      if (world.down) throw new Error('auth is down');
      return { keys: world.jwks };
    },
  });
  return { verify, clock, world };
}

describe('a valid token', () => {
  test('gives the actor', async () => {
    const token = sign();
    expect(await setUp().verify(token)).toEqual({ id: 42, role: 'medecin', estAdmin: true, estSuperuser: false, approuve: true, etablissementId: 3, token });
  });

  test('of a service gives its name and no rights of a user', async () => {
    const token = sign({ sub: 'service:ia', role: 'service', is_staff: true });
    expect(await setUp().verify(token)).toMatchObject({ id: 0, role: 'service', service: 'ia', estAdmin: false, etablissementId: 0 });
  });
});

function forge(header: object, claims: object, signature: (input: string) => string): string {
  const input = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${signature(input)}`;
}

const full = { ...userClaims, iat: startMs / 1000, exp: startMs / 1000 + 7200 };
const tampered = (): string => {
  const [header, , signature] = sign().split('.');
  return [header, Buffer.from(JSON.stringify({ ...full, sub: '1' })).toString('base64url'), signature].join('.');
};

describe('a token is refused', () => {
  test.each<[string, () => string]>([
    ['alg none', () => forge({ alg: 'none', kid: 'k1' }, full, () => '')],
    ['alg RS256 without signature', () => forge({ alg: 'RS256', kid: 'k1' }, full, () => '')],
    ['HS256 with the public key as secret', () => forge({ alg: 'HS256', kid: 'k1' }, full, (input) => createHmac('sha256', keys.publicPem).update(input).digest('base64url'))],
    ['RS512', () => sign({}, keys, { algorithm: 'RS512' })],
    ['PS256', () => sign({}, keys, { algorithm: 'PS256' })],
    ['another issuer', () => sign({ iss: 'autre' })],
    ['another audience', () => sign({ aud: 'autre' })],
    ['unknown kid', () => sign({}, newKey('k9'))],
    ['known kid, another key', () => sign({}, newKey('k1'))],
    ['no kid', () => sign({}, { ...keys, kid: undefined as unknown as string })],
    ['kid of Object.prototype', () => sign({}, { ...keys, kid: '__proto__' })],
    ['expired', () => sign({ exp: startMs / 1000 })],
    ['issued in the future', () => sign({ iat: startMs / 1000 + 60 })],
    ['not yet valid', () => sign({ nbf: startMs / 1000 + 60 })],
    ['no exp', () => sign({ exp: undefined })],
    ['no jti', () => sign({ jti: undefined })],
    ['unknown role', () => sign({ role: 'admin' })],
    ['a user with the role of a service', () => sign({ role: 'service' })],
    ['a service with the role of a user', () => sign({ sub: 'service:ia' })],
    ['no établissement', () => sign({ etablissement_id: undefined })],
    ['a text as subject', () => sign({ sub: '1 OR 1=1' })],
    ['changed claims', tampered],
    ['truncated', () => sign().slice(0, -5)],
    ['empty', () => ''],
    ['garbage', () => 'a.b.c'],
    ['enormous', () => 'a'.repeat(100_000)],
  ])('%s', async (_case, make) => {
    await expect(setUp().verify(make())).rejects.toMatchObject({ kind: 'unauthenticated', code: 'token_not_valid' });
  });

  test('encryption keys and symmetric keys of the JWKS verify nothing', async () => {
    const jwks = [{ ...keys.jwk, use: 'enc' }, { kty: 'oct', k: 'AAAA', kid: 'k1' }] as unknown as (typeof keys.jwk)[];
    await expect(setUp(jwks).verify(sign())).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});

describe('memory', () => {
  test('a token verified once is remembered, for 60 s at most', async () => {
    const { verify, clock, world } = setUp();
    const token = sign();
    const first = await verify(token);
    clock.ms += 59_000;
    expect(await verify(token)).toBe(first);
    clock.ms += 2_000;
    expect(await verify(token)).not.toBe(first);
    expect(world.fetches).toBe(1);
  });

  test('and never beyond its exp', async () => {
    const { verify, clock } = setUp();
    const token = sign({ exp: startMs / 1000 + 30 });
    await verify(token);
    clock.ms += 29_999;
    await verify(token);
    clock.ms += 1;
    await expect(verify(token)).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});

describe('keys', () => {
  test('a new kid is fetched, and forged kids are not fetched for every time', async () => {
    const { verify, clock, world } = setUp();
    await verify(sign());
    const next = newKey('k2');
    world.jwks = [keys.jwk, next.jwk];
    clock.ms += 6_000;
    expect(await verify(sign({}, next))).toMatchObject({ id: 42 });
    await Promise.all(Array.from({ length: 50 }, (_, index) => verify(sign({}, { ...keys, kid: `x${index}` })).catch(() => undefined)));
    expect(world.fetches).toBe(2);
  });

  test('a fetch that hangs for a forged kid holds up no token of a known one', async () => {
    const { clock, world } = setUp();
    const hang = Promise.withResolvers<never>();
    let hangs = false;
    const verify = createTokenVerifier({ fetchJwks: async () => (hangs ? hang.promise : { keys: world.jwks }), issuer: 'mediai', audience: 'mediai', now: () => clock.ms });
    await verify(sign());
    hangs = true;
    clock.ms += 6_000;
    const forged = verify(sign({}, newKey('x1'))).catch((error: unknown) => error);
    expect(await verify(sign({ jti: 'other' }))).toMatchObject({ id: 42 });
    hang.reject(new Error('away'));
    expect(await forged).toMatchObject({ kind: 'unavailable' });
  });

  test('the first calls share one fetch', async () => {
    const { verify, world } = setUp();
    await Promise.all([verify(sign({ jti: 'a' })), verify(sign({ jti: 'b' })), verify(sign({ jti: 'c' }))]);
    expect(world.fetches).toBe(1);
  });

  test('with auth down: unavailable at first, known keys go on, recovery within a second', async () => {
    const { verify, clock, world } = setUp();
    world.down = true;
    await expect(verify(sign())).rejects.toMatchObject({ kind: 'unavailable' });
    world.down = false;
    clock.ms += 1_000;
    await verify(sign());
    world.down = true;
    clock.ms += 11 * 60_000;
    expect(await verify(sign({ jti: 'other' }))).toMatchObject({ id: 42 });
  });

  test('a key withdrawn from the JWKS verifies nothing once the keys are fetched again', async () => {
    const { verify, clock, world } = setUp();
    await verify(sign());
    world.jwks = [newKey('k2').jwk];
    clock.ms += 11 * 60_000;
    await expect(verify(sign())).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});

describe('service tokens', () => {
  test('are shared, renewed before expiry, and the old one serves while auth is away', async () => {
    const clock = { ms: startMs };
    const auth = { issued: 0, down: false };
    const source = createServiceTokenSource({
      now: () => clock.ms,
      issue: async () => {
        if (auth.down) throw new Error('down');
        auth.issued += 1;
        return sign({ jti: String(auth.issued), exp: Math.floor(clock.ms / 1000) + 600 });
      },
    });
    const [first, second] = await Promise.all([source(), source()]);
    expect(first).toBe(second);
    clock.ms += 530_000;
    expect(await source()).toBe(first);
    clock.ms += 20_000;
    auth.down = true;
    expect(await source()).toBe(first);
    auth.down = false;
    expect(await source()).not.toBe(first);
    auth.down = true;
    clock.ms += 600_000;
    await expect(source()).rejects.toThrow('down');
  });
});

test.each([
  [{ id: 1, role: 'patient' }, { acteurId: 1, acteurRole: 'patient' }],
  [{ id: 2, role: 'medecin', estAdmin: false }, { acteurId: 2, acteurRole: 'medecin' }],
  [{ id: 3, role: 'medecin', estAdmin: true }, { acteurId: 3, acteurRole: 'admin' }],
  [{ id: 4, role: 'patient', estAdmin: true }, { acteurId: 4, acteurRole: 'admin' }],
  [{ id: 0, role: 'service', service: 'ia' }, { acteurId: null, acteurRole: 'service:ia' }],
] as const)('%j is audited as %j', (acteur, attendu) => {
  expect(auteurDe(acteur)).toEqual(attendu);
});
