import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ficheComplete } from '@mediai/testing';
import type { InjectOptions } from 'fastify';
import { medecin, startWorld, superuser, type World } from './fake-services.memory.ts';

type Schema = { type?: string | string[]; properties?: Record<string, Schema>; required?: string[] };
type Operation = { summary?: string; 'x-role'?: string; security?: unknown; requestBody?: { content: { 'application/json'?: { schema: Schema; example?: unknown; examples?: Record<string, { value: unknown }> } } } };

const FICHES = '/api/v1/fiche-consultation/';
const json = { 'content-type': 'application/json' };
const asMedecinAdmin = { ...superuser, ...medecin };
let world: World;
let send: World['send'];
/** Every operation of the documentation: what is tried on one is tried on those to come. */
let operations: { method: InjectOptions['method']; url: string; operation: Operation }[] = [];

beforeAll(async () => {
  world = await startWorld();
  ({ send } = world);
  const { paths } = (await world.app.inject({ method: 'GET', url: '/api/schema/' })).json() as { paths: Record<string, Record<string, Operation>> };
  operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase() as 'GET', url: path.replaceAll(/\{\w+\}/g, '12'), operation })));
});
beforeEach(() => world.forget());
afterAll(() => world.app.close());

/** Texts that a body of an operation may hold, with a sound body around each. */
function texts(schema: Schema, value: unknown): Record<string, unknown>[] {
  const isText = ({ type }: Schema) => [type].flat().includes('string');
  const sound = Object.fromEntries((schema.required ?? []).map((name) => [name, soundValue(name)]));
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    if (isText(inner)) return [{ ...sound, [name]: value }];
    return inner.properties ? texts(inner, value).map((within) => ({ ...sound, [name]: within })) : [];
  });
}

const soundValue = (name: string): unknown => (ficheComplete() as Record<string, unknown>)[name] ?? (name.startsWith('requested') || name.startsWith('confirmed') ? '2026-12-01T09:00:00Z' : 'texte');
/** Those that take JSON; forms have tests of their own. */
const withBodies = () => operations.flatMap((one) => {
  const schema = one.operation.requestBody?.content['application/json']?.schema;
  return schema ? [{ ...one, schema }] : [];
});

describe('every operation', () => {
  it('is found with and without a trailing slash, never by a redirect', async () => {
    expect(operations.length).toBeGreaterThan(45);
    for (const { method, url } of operations) {
      for (const address of [url, url.endsWith('/') ? url.slice(0, -1) : `${url}/`]) {
        const { statusCode, body } = await send(method, address, { claims: asMedecinAdmin });
        expect([method, address, statusCode >= 300 && statusCode < 400, statusCode >= 500, body.includes('route.introuvable')]).toEqual([method, address, false, false, false]);
      }
    }
  });

  it('that is protected answers 401 to nobody, before anything else is judged', async () => {
    for (const { method, url, operation } of operations.filter(({ operation: { security } }) => security)) {
      const answer = await world.app.inject({ method, url, headers: json, payload: operation.requestBody ? '{"tronq' : undefined } as InjectOptions);
      expect([method, url, answer.statusCode, answer.json().code]).toEqual([method, url, 401, 'token_not_valid']);
    }
    expect(world.calls).toEqual([]);
  });

  it('is kept by no browser and no proxy, whatever it answers; but the public keys and the lists of choices, for five minutes', async () => {
    const kept = new Map([['/.well-known/jwks.json', 'public, max-age=300'], [`${FICHES}field-choices/`, 'private, max-age=300']]);
    for (const { method, url } of operations) {
      for (const claims of [asMedecinAdmin, { sub: 'x' }]) {
        const { headers, statusCode } = await send(method, url, { claims });
        expect([method, url, headers['cache-control']]).toEqual([method, url, (statusCode < 400 && kept.get(url)) || 'no-store']);
      }
    }
  });

  it('says who it is for, what it is, and shows a body that it takes', async () => {
    for (const { method, url, operation } of operations) {
      const { schema, example, examples } = operation.requestBody?.content['application/json'] ?? {};
      const shown = [example, ...Object.values(examples ?? {}).map(({ value }) => value)].filter((one) => one !== undefined);
      const isOptional = !schema || [schema.type].flat().includes('null');
      expect([method, url, Boolean(operation.summary), !operation.security || Boolean(operation['x-role']), isOptional || shown.length > 0]).toEqual([method, url, true, true, true]);
      for (const payload of shown) expect([method, url, payload, (await send(method, url, { payload: payload as object, claims: asMedecinAdmin })).statusCode < 300]).toEqual([method, url, payload, true]);
    }
  });

  it('refuses other methods with those that it allows', async () => {
    for (const url of new Set(operations.map(({ url: one }) => one))) {
      const known = operations.filter((one) => one.url === url).map(({ method }) => method as string);
      for (const method of (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter((one) => !known.includes(one))) {
        const answer = await send(method, url, { claims: asMedecinAdmin });
        expect([method, url, answer.statusCode]).toEqual([method, url, 405]);
        for (const one of known) expect(answer.headers['allow']).toContain(one);
      }
    }
  });

  it('that reads answers HEAD as it answers GET, without a body; OPTIONS asks for no token', async () => {
    for (const { url } of operations.filter(({ method }) => method === 'GET')) {
      const [get, head] = [await send('GET', url, { claims: asMedecinAdmin }), await send('HEAD', url, { claims: asMedecinAdmin })];
      expect([url, head.statusCode, head.body]).toEqual([url, get.statusCode, '']);
      const preflight = await world.app.inject({ method: 'OPTIONS', url, headers: { origin: 'http://localhost:3000', 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' } });
      expect([url, preflight.statusCode, preflight.headers['access-control-allow-headers']]).toEqual([url, 204, expect.stringContaining('x-access-reason')]);
    }
  });
});

describe('bodies', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'application/merge-patch+json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/octet-stream', 'image/png', 'odd', ''])('of 10 MB are refused as such, whatever their type: %j', async (type) => {
    const answer = await send('POST', FICHES, { payload: Buffer.alloc(10 * 2 ** 20, 0x61), headers: { 'content-type': type } });
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'requete.trop_grande']);
  });

  it('of 10 MB are so refused by every operation, to whoever sends them', async () => {
    for (const { method, url } of withBodies()) expect([method, url, (await send(method, url, { payload: Buffer.alloc(10 * 2 ** 20, 0x61), headers: json })).statusCode]).toEqual([method, url, 413]);
  });

  it.each(['{"nom":', '{"nom":"a"', '{', 'nom', '"', '{"nom":"\\ud8"}', '{"a":1}}', '\u0000', 'NaN'])('that are no JSON are a 400: %j', async (payload) => {
    for (const { method, url } of withBodies()) {
      const answer = await send(method, url, { payload, headers: json, claims: asMedecinAdmin });
      expect([method, url, answer.statusCode, answer.json().code]).toEqual([method, url, 400, 'requete.illisible']);
    }
  });

  it.each(['[]', '[1]', '"texte"', '12', 'true'])('that are no object are a 400: %s', async (payload) => {
    for (const { method, url } of withBodies()) {
      const answer = await send(method, url, { payload, headers: json, claims: asMedecinAdmin });
      expect([method, url, answer.statusCode]).toEqual([method, url, 400]);
    }
  });

  it('nested as deep as they are long break nothing', async () => {
    const depth = 200_000;
    const answer = await send('PATCH', '/api/v1/auth/users/me/', { payload: `{"first_name":${'['.repeat(depth)}"\\u0000"${']'.repeat(depth)}}`, headers: json });
    expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining({ first_name: ['Ce champ contient des caractères non valides.'] })]);
  });

  it.each([
    ['NUL', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud800b'],
    ['the other half', '\udc00'],
  ])('%s in any text is a 400 that names the field, and reaches no service', async (_what, value) => {
    let tried = 0;
    for (const { method, url, schema } of withBodies()) {
      for (const payload of texts(schema, value)) {
        const answer = await send(method, url, { payload: JSON.stringify(payload), headers: json, claims: asMedecinAdmin });
        expect([method, url, payload, answer.statusCode]).toEqual([method, url, payload, 400]);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(150);
    expect(world.calls).toEqual([]);
  });

  it('SQL in any text is a text', async () => {
    const sql = "'; DROP TABLE users; --";
    for (const { method, url, schema } of withBodies()) {
      for (const payload of texts(schema, sql)) {
        const answer = await send(method, url, { payload: JSON.stringify(payload), headers: json, claims: asMedecinAdmin });
        expect([method, url, payload, answer.statusCode < 500]).toEqual([method, url, payload, true]);
      }
    }
    expect(world.calls.length).toBeGreaterThan(50);
    await send('POST', `${FICHES}12/reject/`, { payload: { commentaire: sql }, claims: medecin });
    expect(world.calls.at(-1)?.request).toMatchObject({ commentaire: sql });
  });

  it('unknown fields are ignored, whatever they hold', async () => {
    const answer = await send('PATCH', '/api/v1/auth/users/me/', { payload: '{"first_name":"Jeanne","champ":"a\\u0000b","__proto__":{"is_staff":true},"constructor":{"prototype":{"x":1}}}', headers: json });
    expect(answer.statusCode).toBe(200);
    expect(world.calls.at(-1)?.request['user']).toEqual(expect.objectContaining({ firstName: 'Jeanne' }));
    expect(world.calls.at(-1)?.request['user']).not.toHaveProperty('isStaff');
    expect(({} as { is_staff?: boolean }).is_staff).toBeUndefined();
  });
});

describe('addresses', () => {
  it.each(['abc', '0', '-1', '1.5', '99999999999999999999', '%00', '%ED%A0%80', "1' OR '1'='1", '..%2f..%2fetc', 'x'.repeat(101), '%zz', '%'])('id %j is nobody: 404 as any other that is missing', async (id) => {
    for (const base of ['/api/v1/auth/users/', '/api/v1/auth/etablissements/', '/api/v1/users/', FICHES, '/api/v1/conversations/', '/api/v1/appointments/']) {
      const answer = await send('GET', `${base}${id}/`, { claims: asMedecinAdmin });
      expect([base, answer.statusCode, answer.json().status, answer.headers['x-request-id']]).toEqual([base, 404, 404, expect.any(String)]);
    }
    expect(world.calls).toEqual([]);
  });

  it.each(['page=0', 'page=x', 'page_size=-1', 'page=1&page=2', 'page=99999999999999999999', 'page=1e309'])('?%s is a 400', async (query) => {
    for (const url of [FICHES, '/api/v1/auth/users/', '/api/v1/consentements/', `${FICHES}12/acces/`]) expect([url, (await send('GET', `${url}?${query}`, { claims: asMedecinAdmin })).statusCode]).toEqual([url, 400]);
  });

  it.each(['%00', '%ED%A0%80', '%', "'; DROP TABLE users; --", '%F0%9F%98%80', '\u202e'])('?search=%s is never a fault', async (search) => {
    for (const url of [FICHES, '/api/v1/auth/users/', '/api/v1/auth/patients/', '/api/v1/users/']) expect([url, (await send('GET', `${url}?search=${search}`, { claims: asMedecinAdmin })).statusCode < 500]).toEqual([url, true]);
  });

  it('the path of another method is no id', async () => {
    const refused = await send('PUT', '/api/v1/auth/users/me/', { payload: {} });
    expect([refused.statusCode, refused.headers['allow']]).toEqual([405, expect.stringContaining('PATCH')]);
    expect((await send('GET', '/api/v1/auth/users/register/')).headers['allow']).toBe('POST');
    expect((await send('DELETE', '/api/v1/auth/medecins/available/')).statusCode).toBe(405);
  });
});

describe('keys that mean something to JavaScript', () => {
  it.each([
    ['PATCH', '/api/v1/auth/users/me/', '{"__proto__":{"first_name":"Z"},"constructor":{"prototype":{"first_name":"Z"}},"patient_profile":{"__proto__":{"commune":"X"}}}'],
    ['POST', '/api/v1/auth/users/register/', '{"username":"a","password":"b","__proto__":{"role":"medecin"},"prototype":{"role":"medecin"}}'],
    ['POST', '/api/v1/auth/etablissements/', '{"nom":"A","__proto__":{"fuseau":"UTC"}}'],
  ] as const)('%s %s %s', async (method, url, payload) => {
    expect((await send(method, url, { claims: superuser, headers: json, payload })).statusCode).toBeLessThan(300);
    expect(JSON.stringify(world.calls[0]?.request)).not.toMatch(/"Z"|"X"|medecin|UTC/);
    expect([({} as Record<string, unknown>)['first_name'], ({} as Record<string, unknown>)['role']]).toEqual([undefined, undefined]);
  });

  it('of two fields of one name the last counts, and only it is judged', async () => {
    await send('PATCH', '/api/v1/auth/users/me/', { headers: json, payload: '{"first_name":"\\u0000","first_name":"Aline"}' });
    expect(world.calls[0]?.request).toMatchObject({ user: { firstName: 'Aline' } });
  });
});

describe('headers', () => {
  it.each([
    ['Garde%20de%20nuit%20%C3%A0%20l%27h%C3%B4pital', "Garde de nuit à l'hôpital"],
    ['%F0%9F%9A%91', '🚑'],
    ['texte simple', 'texte simple'],
    ['%20%20', undefined],
    ['%E2%80%AErtl', '\u202ertl'],
  ])('X-Access-Reason %s reaches the service as text', async (header, reason) => {
    expect((await send('GET', `${FICHES}12/`, { claims: medecin, headers: { 'x-access-reason': header } })).statusCode).toBe(200);
    expect(world.calls[0]?.options['accessReason']).toBe(reason);
  });

  it('a long X-Access-Reason is cut', async () => {
    await send('GET', `${FICHES}12/`, { claims: medecin, headers: { 'x-access-reason': encodeURIComponent('é'.repeat(600)) } });
    expect(world.calls[0]?.options['accessReason']).toBe('é'.repeat(500));
  });

  it.each(['%', '%zz', '%C3', '%ED%A0%80', '%00', 'a%00b'])('X-Access-Reason %s is a 400', async (header) => {
    const answer = await send('GET', `${FICHES}12/`, { claims: medecin, headers: { 'x-access-reason': header } });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'acces.motif_illisible']);
    expect(world.calls).toEqual([]);
  });

  it('a reason in the body is one too, unless it cannot be kept', async () => {
    await send('PATCH', `${FICHES}12/`, { claims: medecin, payload: { raison: ' Garde ', diagnostic: 'Paludisme' } });
    expect(world.calls[0]?.options['accessReason']).toBe('Garde');
    expect((await send('POST', `${FICHES}12/relancer/`, { claims: medecin, payload: '{"raison":"a\\u0000"}', headers: json })).json()).toMatchObject({ status: 400, raison: [expect.any(String)] });
  });

  it.each(['', 'a b', 'é', 'x'.repeat(256)])('Idempotency-Key %# is absent or a 400 where it counts', async (key) => {
    const answer = await send('POST', '/api/v1/consentements/', { payload: { finalite: 'analyse_ia', version: '1' }, headers: { 'idempotency-key': key } });
    expect([answer.statusCode, world.calls.length]).toEqual(key === '' ? [201, 1] : [400, 0]);
  });

  it.each(['authorization', 'if-match', 'traceparent', 'x-forwarded-for', 'cookie', 'accept', 'origin'])('a long and odd %s is never a fault', async (name) => {
    for (const value of ['x'.repeat(12_000), '\u00ff\u00fe', ',,,;;;=', '"']) expect((await send('GET', `${FICHES}12/`, { headers: { [name]: value } })).statusCode).toBeLessThan(500);
  });

  it.each(['a b', 'exemple.cd:99999', '[', 'a@b', 'x/../y', 'é'])('Host "%s" is a 400 where links are made of it, never a fault', async (host) => {
    const answer = await send('GET', `${FICHES}?page=2&page_size=1`, { claims: medecin, headers: { host } });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'requete.hote_illisible']);
  });

  it.each([['exemple.cd', 'exemple.cd'], ['[2001:db8::1]:8000', '[2001:db8::1]:8000'], ['localhost:8000', 'localhost:8000']])('links lead to the Host %s that was asked', async (host, linked) => {
    expect((await send('GET', `${FICHES}?page=2&page_size=1`, { claims: medecin, headers: { host } })).json().previous).toBe(`http://${linked}${FICHES}?page=1&page_size=1`);
  });

  it('a page may read every error of a call that it may make', async () => {
    const origin = 'http://localhost:3000';
    const errors = [
      await world.app.inject({ method: 'GET', url: FICHES, headers: { origin } }),
      await send('GET', `${FICHES}abc/`, { headers: { origin } }),
      await send('GET', '/api/v1/rien/', { headers: { origin } }),
      await send('DELETE', FICHES, { headers: { origin } }),
      await send('POST', FICHES, { headers: { origin, ...json }, payload: '{' }),
      await send('POST', FICHES, { headers: { origin, 'content-type': 'text/plain' }, payload: 'x' }),
      await send('POST', FICHES, { headers: { origin, ...json }, payload: `"${'x'.repeat(2 ** 21)}"` }),
    ];
    expect(errors.map(({ statusCode }) => statusCode)).toEqual([401, 404, 404, 405, 400, 415, 413]);
    for (const { headers } of errors) expect([headers['access-control-allow-origin'], headers['access-control-allow-credentials'], headers['content-type']]).toEqual([origin, 'true', expect.stringContaining('application/problem+json')]);
  });
});
