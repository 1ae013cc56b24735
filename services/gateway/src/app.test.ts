import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, type ErrorKind } from '@mediai/kit/errors';
import { ficheComplete } from '@mediai/testing';
import { createSigner } from 'fast-jwt';
import { medecin, pem, publicPem, startWorld, token, type World } from './fake-services.memory.ts';

const FICHES = '/api/v1/fiche-consultation/';
let world: World;
let send: World['send'];

beforeAll(async () => {
  world = await startWorld();
  ({ send } = world);
});
beforeEach(() => world.forget());
afterAll(() => world.app.close());

describe('200', () => {
  it('reads a fiche with its ETag, under the contract\'s names, without what a médecin alone may see', async () => {
    const answer = await send('GET', `${FICHES}12/`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['etag']).toBe('"3"');
    expect(answer.json()).toMatchObject({ id: 12, nom: 'Kabila', temperature: 39.2, poids: null, status_display: "En cours d'analyse", diagnostic_ia: null, created_at: '2026-11-24T08:00:00.000Z' });
    expect(answer.json()).not.toHaveProperty('signes_alerte');
  });

  it('lists pages with absolute neighbours, with or without a trailing slash', async () => {
    const page = (await send('GET', `${FICHES}?page=2&status=en_analyse,valide_medecin`)).json();
    expect(page).toMatchObject({ count: 45, next: `http://localhost${FICHES}?page=3&status=en_analyse%2Cvalide_medecin`, previous: `http://localhost${FICHES}?page=1&status=en_analyse%2Cvalide_medecin` });
    expect(page.results[0]).toMatchObject({ numero_dossier: 'CONS-20261124-001', orientation: 'Consultez dans l’heure.' });
    expect(world.calls[0]?.request).toMatchObject({ status: ['en_analyse', 'valide_medecin'], page: 2, pageSize: 20 });
    expect((await send('GET', FICHES.slice(0, -1))).statusCode).toBe(200);
  });

  it('gives the distance form where it is asked for', async () => {
    const [first] = (await send('GET', `${FICHES}?is_patient_distance=true`)).json().results;
    expect(Object.keys(first).toSorted()).toEqual(['age', 'cephalees', 'created_at', 'diagnostic_ia', 'febrile', 'febrile_bool', 'histoire_maladie', 'id', 'motif_consultation', 'nom', 'pouls', 'prenom', 'spo2', 'status', 'status_display', 'telephone', 'temperature', 'tension_arterielle']);
    expect(first.febrile_bool).toBe(true);
  });

  it('reads on by cursor where pages end, and behind a cursor to the end of the list', async () => {
    const last = (await send('GET', `${FICHES}?page=500&search=longue`)).json();
    expect(last).toMatchObject({ count: 10_000, count_exact: false, next: `http://localhost${FICHES}?search=longue&cursor=derriere`, previous: `http://localhost${FICHES}?page=499&search=longue` });
    const first = (await send('GET', `${FICHES}?search=longue`)).json();
    expect(first.next).toBe(`http://localhost${FICHES}?search=longue&page=2`);
    const behind = (await send('GET', `${FICHES}?cursor=ici&search=longue&page=9999`)).json();
    expect(behind).toMatchObject({ next: `http://localhost${FICHES}?cursor=derriere&search=longue`, previous: null });
    expect(world.calls.at(-1)?.request).toMatchObject({ cursor: 'ici', page: 1 });
    expect((await send('GET', `${FICHES}?cursor=ici`)).json()).toMatchObject({ next: null, previous: null });
  });

  it.each(['references', 'lab-results', 'attachments'])('reads the list of %s on by cursor', async (list) => {
    const url = `/api/v1/${list}/`;
    await send('GET', `${url}?cursor=ici&page=9999&page_size=5`);
    expect(world.calls[0]?.request).toMatchObject({ cursor: 'ici', page: 1, pageSize: 5 });
    expect((await send('GET', `${url}?cursor=suite`)).json().next).toBe(`http://localhost${url}?cursor=encore`);
  });

  it('lists the deleted for whom asks for them: consultation knows who may', async () => {
    await send('GET', `${FICHES}?deleted=true`);
    expect(world.calls[0]?.request).toMatchObject({ supprimees: true });
  });

  it('answers the older bare list of patients at distance, and says what replaces it', async () => {
    const answer = await send('GET', '/api/v1/consultations-distance/?status=en_analyse');
    expect(answer.json()).toEqual([expect.objectContaining({ id: 12, febrile_bool: true })]);
    expect(answer.json()[0]).not.toHaveProperty('numero_dossier');
    expect(answer.headers).toMatchObject({ deprecation: expect.stringMatching(/^@\d+$/), link: `<http://localhost${FICHES}?is_patient_distance=true>; rel="successor-version"`, 'x-deprecated': 'true' });
    expect(world.calls[0]?.request).toMatchObject({ isPatientDistance: true, status: ['en_analyse'], pageSize: 100 });
  });

  it('passes the token, the reason and the version that the client read to the owner', async () => {
    await send('POST', `${FICHES}12/validate/`, { payload: { diagnostic: 'Paludisme', analyses: [4] }, headers: { 'if-match': '"3"', 'x-access-reason': 'Garde%20de%20nuit' } });
    expect(world.calls[0]).toMatchObject({ method: 'validateFiche', request: { id: 12, textes: { diagnostic: 'Paludisme' }, analyses: [4], versionAttendue: 3 }, options: { accessReason: 'Garde de nuit', token: expect.any(String) } });
  });

  it('takes an action without a body, as older clients send it', async () => {
    expect((await send('POST', `${FICHES}12/send-whatsapp/`)).json()).toEqual({ success: true, message_sid: 'SM1', status: 'envoye', detail: 'Message envoyé.', fiche: 12 });
    expect((await send('POST', `${FICHES}12/validate/`, { headers: { 'content-type': 'application/json' } })).statusCode).toBe(200);
  });

  it('answers health from what each service says', async () => {
    const answer = await world.app.inject({ method: 'GET', url: '/api/health/' });
    expect(answer.json()).toMatchObject({ status: 'healthy', checks: { database: 'ok', kafka: 'ok', ia: 'ok' } });
  });

  it('serves OpenAPI 3.1 with every operation, and the page that shows it', async () => {
    const schema = (await world.app.inject({ method: 'GET', url: '/api/schema/' })).json();
    expect(schema.openapi).toBe('3.1.0');
    expect(Object.keys(schema.paths)).toEqual(expect.arrayContaining([FICHES, `${FICHES}{id}/validate/`, '/api/v1/auth/token/', '/api/v1/appointments/{id}/confirm/', '/api/v1/conversations/{id}/messages/']));
    expect((await world.app.inject({ method: 'GET', url: '/api/docs/' })).statusCode).toBe(200);
  });

  it('public world.calls ignore a broken Authorization header', async () => {
    const answer = await send('POST', '/api/v1/auth/token/', { payload: { username: 'a', password: 'b' }, headers: { authorization: 'Bearer broken' } });
    expect(answer.json()).toEqual({ access: 'a', refresh: 'r' });
  });
});

describe('201', () => {
  it('creates a complete fiche, reads comma decimals, and passes the idempotency key', async () => {
    const answer = await send('POST', FICHES, { payload: ficheComplete({ temperature: '38,5', champ_inconnu: 1 }), headers: { 'idempotency-key': 'k-1' } });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['location']).toBe(`${FICHES}12/`);
    expect(world.calls[0]?.options).toMatchObject({ idempotencyKey: 'k-1' });
    expect(world.calls[0]?.request['fiche']).toMatchObject({ temperature: 38.5, champsNuls: expect.any(Array) });
  });
});

describe('202, 204, 205', () => {
  it('relaunch, delete and logout answer as the contract says', async () => {
    expect((await send('POST', `${FICHES}12/relancer/`)).json()).toMatchObject({ task_id: 't1', status: 'en_analyse', estimated_completion: expect.any(String) });
    expect((await send('DELETE', `${FICHES}12/`)).statusCode).toBe(204);
    expect((await send('POST', '/api/v1/auth/logout/', { payload: { refresh: 'x' } })).statusCode).toBe(205);
  });
});

describe('400', () => {
  it('names each faulty field in French', async () => {
    const answer = await send('POST', FICHES, { payload: ficheComplete({ nom: '', temperature: 'chaud', febrile: 'peut-être', date_naissance: '2026-02-30' }) });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ nom: ['« Nom » ne peut être vide.'], temperature: ['« Température » : un nombre est attendu.'], febrile: [expect.stringContaining("n'est pas un choix")], date_naissance: [expect.stringContaining('AAAA-MM-JJ')], detail: '« Nom » ne peut être vide.', request_id: expect.any(String) });
    expect(world.calls).toEqual([]);
  });

  it.each([
    ['text that is not JSON', '{"nom":', 'requete.illisible'],
    ['an array', '[]', 'requete.invalide'],
  ])('refuses %s', async (_what, payload, code) => {
    const answer = await send('POST', FICHES, { payload, headers: { 'content-type': 'application/json' } });
    expect([answer.statusCode, answer.json().code]).toEqual([400, code]);
  });

  it('refuses what the schema of a route refuses, by field', async () => {
    expect((await send('POST', `${FICHES}12/reject/`, { payload: {}, claims: medecin })).json()).toMatchObject({ commentaire: ['« Commentaire de rejet » est obligatoire.'], detail: '« Commentaire de rejet » est obligatoire.' });
    expect((await send('POST', '/api/v1/appointments/', { payload: { requested_start: 'demain', requested_end: '2026-12-01T09:00:00Z' } })).json()).toHaveProperty('requested_start');
    expect((await send('GET', `${FICHES}?page=200&page_size=100`)).json()).toMatchObject({ code: 'pagination.trop_profonde' });
  });

  it.each(['2027-02-30T10:00:00Z', 'Dec 1 2026 10:00+0200', '2026-12-01'])('refuses %s as a time of an appointment, rather than reading another day', async (requested_start) => {
    const answer = await send('POST', '/api/v1/appointments/', { payload: { requested_start, requested_end: '2027-03-02T11:00:00Z' } });
    expect([answer.statusCode, answer.json().requested_start]).toEqual([400, [expect.stringContaining('ISO 8601')]]);
    expect(world.calls).toEqual([]);
  });

  it.each([[['Paludisme']], [{ fr: 'Paludisme' }], ['Paludisme \ud800']])("refuses a médecin's text that it could not keep as it is: %j", async (diagnostic) => {
    const answer = await send('PATCH', `${FICHES}12/`, { payload: JSON.stringify({ diagnostic }), headers: { 'content-type': 'application/json' } });
    expect([answer.statusCode, answer.json().diagnostic]).toEqual([400, [expect.any(String)]]);
    expect(world.calls).toEqual([]);
  });
});

describe('401', () => {
  const hs = createSigner({ key: publicPem.slice(0, 60), algorithm: 'HS256', kid: 'k1' })({ sub: '7' });
  const none = `${Buffer.from('{"alg":"none","kid":"k1"}').toString('base64url')}.${Buffer.from('{"sub":"7","iss":"mediai","aud":"mediai"}').toString('base64url')}.`;
  it.each([
    ['no token', undefined],
    ['a broken token', 'Bearer abc'],
    ['alg none', `Bearer ${none}`],
    ['HS256 with the public key', `Bearer ${hs}`],
    ['another issuer', `Bearer ${token({ iss: 'autre' })}`],
    ['another audience', `Bearer ${token({ aud: 'autre' })}`],
    ['an expired token', `Bearer ${token({ exp: 1 })}`],
    ['an unknown key', `Bearer ${createSigner({ key: pem, algorithm: 'RS256', kid: 'k2' })({ iss: 'mediai', aud: 'mediai', sub: '7' })}`],
    ['a service token', `Bearer ${token({ sub: 'service:ia', role: 'service' })}`],
  ])('refuses %s before any service is asked', async (_what, authorization) => {
    const answer = await world.app.inject({ method: 'GET', url: `${FICHES}12/`, headers: authorization ? { authorization } : {} });
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'token_not_valid']);
    expect(world.calls).toEqual([]);
  });
});

describe.each<[number, ErrorKind]>([
  [403, 'forbidden'],
  [404, 'not_found'],
  [409, 'conflict'],
  [412, 'stale'],
  [422, 'unprocessable'],
  [429, 'exhausted'],
  [503, 'unavailable'],
  [500, 'internal'],
])('%i', (status, kind) => {
  it(`is what a service's ${kind} becomes, with its code and French detail`, async () => {
    world.failure = new AppError(kind, 'fiche.essai', 'Un détail en français.', { retryAfterSeconds: 2, cause: new Error('secret cause') });
    const answer = await send('GET', `${FICHES}12/`);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['retry-after']).toBe(kind === 'internal' ? undefined : '2');
    expect(answer.json()).toMatchObject(kind === 'internal' ? { code: 'erreur.interne' } : { code: 'fiche.essai', detail: 'Un détail en français.' });
    expect(answer.body).not.toContain('secret cause');
  });
});

describe('404, 405, 413, 415', () => {
  it('are problem documents too', async () => {
    expect((await send('GET', '/api/v1/rien/')).json()).toMatchObject({ status: 404, code: 'route.introuvable' });
    const refused = await send('DELETE', FICHES);
    expect([refused.statusCode, refused.json().code]).toEqual([405, 'methode.non_permise']);
    expect(refused.headers['allow']).toContain('POST');
    const large = await send('POST', FICHES, { payload: JSON.stringify({ nom: 'x'.repeat(1_100_000) }), headers: { 'content-type': 'application/json' } });
    expect([large.statusCode, large.json().code]).toEqual([413, 'requete.trop_grande']);
    expect((await send('POST', FICHES, { payload: '<a/>', headers: { 'content-type': 'application/xml' } })).json()).toMatchObject({ status: 415 });
  });
});

describe('every answer', () => {
  it('echoes a sound request id and replaces an odd one', async () => {
    expect((await send('GET', `${FICHES}12/`, { headers: { 'x-request-id': 'abc-123' } })).headers['x-request-id']).toBe('abc-123');
    expect((await send('GET', `${FICHES}12/`, { headers: { 'x-request-id': 'a b\u00e9' } })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names the exact origin to a page that may call, also on errors, and nothing to others', async () => {
    const origin = 'http://localhost:5173';
    const answer = await world.app.inject({ method: 'GET', url: `${FICHES}12/`, headers: { origin } });
    expect([answer.statusCode, answer.headers['access-control-allow-origin'], answer.headers['access-control-allow-credentials']]).toEqual([401, origin, 'true']);
    const preflight = await world.app.inject({ method: 'OPTIONS', url: `${FICHES}12/`, headers: { origin, 'access-control-request-method': 'PATCH' } });
    expect([preflight.statusCode, preflight.headers['access-control-max-age']]).toEqual([204, '86400']);
    expect((await world.app.inject({ method: 'GET', url: '/api/health/', headers: { origin: 'http://mal.exemple' } })).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is counted under the seed\'s names, by route pattern', async () => {
    await send('GET', `${FICHES}12/`);
    const text = await world.metrics.registry.metrics();
    expect(text).toMatch(/api_requests_total\{[^}]*route="\/api\/v1\/fiche-consultation\/:id\/"[^}]*status="200"/);
    expect(text).toContain('api_request_duration_seconds_bucket');
    expect(text).toMatch(/api_errors_total\{[^}]*code="token_not_valid"/);
  });
});

describe('the start page', () => {
  it('says what this is and links to the documentation', async () => {
    const page = await world.app.inject({ method: 'GET', url: '/' });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('fiche de consultation');
    expect(page.body).toContain('/api/docs/');
    expect(page.body).not.toContain('demo-mediai');
  });
});
