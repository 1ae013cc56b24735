import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { must } from '../accounts.ts';
import { call, DEMO_PASSWORD } from '../client.ts';
import { openRpc } from '../rpc.ts';
import { genuineKey, ownKey, readToken, signedHs256, signedRsa, unsigned, withClaims, type Claims } from './forge.ts';
import { askEveryone, HEARD, REFUSED, REST_ROUTES } from './everyone.ts';

const MEDECIN = { username: 'medecin.demo', password: DEMO_PASSWORD };
const logIn = (): Promise<{ access: string; refresh: string }> => must('POST', '/api/v1/auth/token/', undefined, MEDECIN);

describe('a token that auth did not mean', () => {
  let rpc: Awaited<ReturnType<typeof openRpc>>;
  let token: string;
  let header: { kid: string };
  let claims: Claims;
  let genuine: KeyObject;
  let jwk: JsonWebKey;
  const own = ownKey();
  const now = Math.floor(Date.now() / 1000);

  beforeAll(async () => {
    rpc = await openRpc();
    token = (await logIn()).access;
    ({ header, claims } = readToken(token));
    genuine = await genuineKey(header.kid);
    const { keys } = await must<{ keys: (JsonWebKey & { kid: string })[] }>('GET', '/.well-known/jwks.json', undefined);
    jwk = keys.find(({ kid }) => kid === header.kid) ?? {};
  });
  afterAll(() => rpc?.close());

  const pem = (): string => createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
  const signature = (): string => token.split('.')[2] ?? '';
  const said = (more: Claims): string => signedRsa(header, withClaims(claims, more), genuine);
  const none = (alg: string, signed = ''): string => unsigned({ ...header, alg }, claims, signed);

  it('is told apart from one that it did: the same hand signs one that is accepted everywhere', async () => {
    expect(await askEveryone(said({}), rpc.callRpc)).toEqual(HEARD);
  });

  const forged: Record<string, () => string> = {
    'alg none': () => none('none'),
    'alg NONE with a signature': () => none('NONE', signature()),
    'alg none, no dot at the end': () => none('none').slice(0, -1),
    'HS256 with the public key as PEM': () => signedHs256(header, claims, pem()),
    'HS256 with the public key as PEM, trimmed': () => signedHs256(header, claims, pem().trim()),
    'HS256 with the public key as JWK': () => signedHs256(header, claims, JSON.stringify(jwk)),
    'HS256 with the modulus': () => signedHs256(header, claims, Buffer.from(jwk.n ?? '', 'base64url')),
    'HS256 with nothing': () => signedHs256(header, claims, ''),
    "the attacker's key under auth's kid": () => signedRsa(header, claims, own.privateKey),
    'an unknown kid': () => signedRsa({ ...header, kid: 'inconnu' }, claims, own.privateKey),
    'a kid that is a path': () => signedRsa({ ...header, kid: '../../../../dev/null' }, claims, own.privateKey),
    'a kid that is SQL': () => signedRsa({ ...header, kid: "' UNION SELECT 'x" }, claims, own.privateKey),
    'no kid': () => signedRsa({ alg: 'RS256', typ: 'JWT' }, claims, genuine),
    'a key of its own in the header': () => signedRsa({ ...header, jwk: own.jwk }, claims, own.privateKey),
    'an address of its own for the keys': () => signedRsa({ ...header, jku: 'http://127.0.0.1:9/jwks.json' }, claims, own.privateKey),
    'RS512 by the genuine key': () => signedRsa(header, claims, genuine, 512),
    'another role under the same signature': () => unsigned(header, { ...claims, role: 'patient' }, signature()),
    'is_staff under the same signature': () => unsigned(header, { ...claims, is_staff: true, is_superuser: true }, signature()),
    'somebody else under the same signature': () => unsigned(header, { ...claims, sub: '1' }, signature()),
    'another issuer': () => said({ iss: 'mediai.exemple.cd' }),
    'no issuer': () => said({ iss: undefined }),
    'another audience': () => said({ aud: 'autre' }),
    'no audience': () => said({ aud: undefined }),
    expired: () => said({ iat: now - 7300, exp: now - 100 }),
    'no expiry': () => said({ exp: undefined }),
    'an expiry that is text': () => said({ exp: '9999999999' }),
    'issued in the future': () => said({ iat: now + 3600, exp: now + 7200 }),
    'not valid before tomorrow': () => said({ nbf: now + 86_400 }),
    'no subject': () => said({ sub: undefined }),
    'a subject that is no id': () => said({ sub: '1 OR 1=1' }),
    'subject 0': () => said({ sub: '0' }),
    'a subject too large': () => said({ sub: '2147483648' }),
    'a role that there is not': () => said({ role: 'admin' }),
    'no role': () => said({ role: undefined }),
    'no établissement': () => said({ etablissement_id: undefined }),
    'a user who calls himself a service': () => said({ role: 'service' }),
    'no jti': () => said({ jti: undefined }),
    'claims that are no object': () => signedRsa(header, 'medecin' as unknown as Claims, genuine),
    'half a token': () => token.slice(0, token.length / 2),
    'a token with a tail': () => `${token}.AAAA`,
    'four times its length': () => token.replace(/[^.]+$/, (last) => last.repeat(4)),
  };

  it.each(Object.entries(forged))('%s: refused by the gateway and by every service', async (_name, forge) => {
    expect(await askEveryone(forge(), rpc.callRpc)).toEqual(REFUSED);
  });

  it("a refresh token is no access token, and a service's token opens no route", async () => {
    const { refresh } = await logIn();
    expect(await askEveryone(refresh, rpc.callRpc)).toEqual(REFUSED);
    const service = signedRsa(header, withClaims(claims, { sub: 'service:ia', role: 'service' }), genuine);
    for (const path of REST_ROUTES) expect((await call('GET', path, { token: service })).status).toBe(401);
  });

  it('public calls look at no token at all', async () => {
    for (const authorization of ['Bearer', 'Bearer x.y.z', `Bearer ${none('none')}`, 'Basic cGF0aWVudDpkZW1v', '\t', 'Bearer a b c']) {
      expect((await call('GET', '/api/v1/auth/csrf/', { headers: { authorization } })).status).toBe(200);
      expect((await call('POST', '/api/v1/auth/token/', { body: MEDECIN, headers: { authorization } })).status).toBe(200);
    }
  });
});
