import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AppointmentSchema } from '@mediai/contracts/appointments/v1/appointments_service';
import { FicheConsultationSchema, Vue } from '@mediai/contracts/consultation/v1/fiche';
import { ConversationSchema } from '@mediai/contracts/ia/v1/ia_service';
import { AppError, type ErrorKind } from '@mediai/kit/errors';
import { createLogger } from '@mediai/kit/log';
import { ficheComplete } from '@mediai/testing';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { createSigner } from 'fast-jwt';
import { generateKeyPairSync } from 'node:crypto';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import type { Deps } from './deps.ts';
import { createGatewayMetrics } from './metrics.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' };
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function token(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string {
  const sign = createSigner({ key: pem, algorithm: 'RS256', kid: 'k1', header: { alg: 'RS256', ...header } as never });
  const now = Math.floor(Date.now() / 1000);
  return sign({ iss: 'mediai', aud: 'mediai', sub: '7', iat: now, exp: now + 600, jti: 'j1', role: 'patient', is_staff: false, is_superuser: false, approuve: true, etablissement_id: 1, ...claims });
}

const fiche = create(FicheConsultationSchema, {
  id: 12, nom: 'Kabila', prenom: 'Jean', febrile: 'Oui', temperature: 39.2, numeroDossier: 'CONS-20261124-001', user: 7, status: 'en_analyse', urgence: 'orange', orientation: 'Consultez dans l’heure.',
  dateConsultation: '2026-11-24', createdAt: timestampFromDate(new Date('2026-11-24T08:00:00Z')), version: 3, vue: Vue.PATIENT, signesVitauxManquants: ['spo2'],
});
const appointment = create(AppointmentSchema, { id: 5, patient: 7, patientUsername: 'jean', status: 'pending', consultationMode: 'presentiel', version: 1 });

type Call = { method: string; request: Record<string, unknown>; options: Record<string, unknown> };
let calls: Call[] = [];
let failure: AppError | undefined;

/** A service whose methods record their call and give a fixed answer, or fail as told. */
function service(answers: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answers).map(([method, answer]) => [
      method,
      async (request: Record<string, unknown>, options: Record<string, unknown>) => {
        calls.push({ method, request, options });
        if (failure && method !== 'getJwks') throw failure;
        return answer;
      },
    ]),
  );
}

const checks = { getChecks: async () => ({ checks: { database: 'ok', kafka: 'ok' } }) };
const deps = {
  auth: service({ getJwks: { keys: [jwk] }, issueToken: { access: 'a', refresh: 'r' }, refreshToken: { access: 'a2' }, logout: {}, register: { user: { id: 9, username: 'kabibi', role: 'patient', firstName: '', lastName: '' } } }),
  fiches: service({ createFiche: { fiche, replayed: false }, getFiche: { fiche }, updateFiche: { fiche }, listFiches: { fiches: [fiche], count: 45, countExact: true }, deleteFiche: {}, validateFiche: { fiche }, rejectFiche: { fiche }, relancerFiche: { taskId: 't1', status: 'en_analyse', estimatedSeconds: 30 }, editDiagnostic: { fiche }, sendWhatsapp: { messageSid: 'SM1', status: 'envoye', success: true, detail: 'Message envoyé.' } }),
  ia: service({ listConversations: { conversations: [create(ConversationSchema, { id: 1, titre: 'Fièvre', fiche: 12 })], count: 1, countExact: true }, listConversationMessages: { messages: [] } }),
  appointments: service({ createAppointment: { appointment }, confirmAppointment: { appointment }, cancelAppointment: { appointment } }),
  health: { auth: checks, consultation: checks, ia: checks, appointments: checks, notifications: checks },
  close: () => undefined,
} as unknown as Deps;

const config = loadConfig({
  MEDIAI_MODE: 'test', INTERNAL_PORT: '0', AUTH_GRPC: 'x:1', CONSULTATION_GRPC: 'x:2', IA_GRPC: 'x:3', APPOINTMENTS_GRPC: 'x:4', NOTIFICATIONS_GRPC: 'x:5',
});
let app: FastifyInstance;
const metrics = createGatewayMetrics();
const FICHES = '/api/v1/fiche-consultation/';

beforeAll(async () => {
  app = await createApp({ config, deps, log: createLogger({ service: 'gateway', level: 'silent' }), metrics });
  await app.ready();
});
beforeEach(() => {
  calls = [];
  failure = undefined;
});
afterAll(() => app.close());

const send = (method: InjectOptions['method'], url: string, more: Omit<InjectOptions, 'method' | 'url'> = {}) =>
  app.inject({ method, url, ...more, headers: { authorization: `Bearer ${token()}`, ...more.headers } } as InjectOptions);

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
    expect(calls[0]?.request).toMatchObject({ status: ['en_analyse', 'valide_medecin'], page: 2, pageSize: 20 });
    expect((await send('GET', FICHES.slice(0, -1))).statusCode).toBe(200);
  });

  it('gives the distance form where it is asked for', async () => {
    const [first] = (await send('GET', `${FICHES}?is_patient_distance=true`)).json().results;
    expect(Object.keys(first).toSorted()).toEqual(['age', 'cephalees', 'created_at', 'diagnostic_ia', 'febrile', 'febrile_bool', 'histoire_maladie', 'id', 'motif_consultation', 'nom', 'pouls', 'prenom', 'spo2', 'status', 'status_display', 'telephone', 'temperature', 'tension_arterielle']);
    expect(first.febrile_bool).toBe(true);
  });

  it('passes the token, the reason and the version that the client read to the owner', async () => {
    await send('POST', `${FICHES}12/validate/`, { payload: { diagnostic: 'Paludisme', analyses: [4] }, headers: { 'if-match': '"3"', 'x-access-reason': 'Garde%20de%20nuit' } });
    expect(calls[0]).toMatchObject({ method: 'validateFiche', request: { id: 12, textes: { diagnostic: 'Paludisme' }, analyses: [4], versionAttendue: 3 }, options: { accessReason: 'Garde de nuit', token: expect.any(String) } });
  });

  it('takes an action without a body, as older clients send it', async () => {
    expect((await send('POST', `${FICHES}12/send-whatsapp/`)).json()).toEqual({ success: true, message_sid: 'SM1', status: 'envoye', detail: 'Message envoyé.', fiche: 12 });
    expect((await send('POST', `${FICHES}12/validate/`, { headers: { 'content-type': 'application/json' } })).statusCode).toBe(200);
  });

  it('answers health from what each service says', async () => {
    const answer = await app.inject({ method: 'GET', url: '/api/health/' });
    expect(answer.json()).toMatchObject({ status: 'healthy', checks: { database: 'ok', kafka: 'ok', ia: 'ok' } });
  });

  it('serves OpenAPI 3.1 with every operation, and the page that shows it', async () => {
    const schema = (await app.inject({ method: 'GET', url: '/api/schema/' })).json();
    expect(schema.openapi).toBe('3.1.0');
    expect(Object.keys(schema.paths)).toEqual(expect.arrayContaining([FICHES, `${FICHES}{id}/validate/`, '/api/v1/auth/token/', '/api/v1/appointments/{id}/confirm/', '/api/v1/conversations/{id}/messages/']));
    expect((await app.inject({ method: 'GET', url: '/api/docs/' })).statusCode).toBe(200);
  });

  it('public calls ignore a broken Authorization header', async () => {
    const answer = await send('POST', '/api/v1/auth/token/', { payload: { username: 'a', password: 'b' }, headers: { authorization: 'Bearer broken' } });
    expect(answer.json()).toEqual({ access: 'a', refresh: 'r' });
  });
});

describe('201', () => {
  it('creates a complete fiche, reads comma decimals, and passes the idempotency key', async () => {
    const answer = await send('POST', FICHES, { payload: ficheComplete({ temperature: '38,5', champ_inconnu: 1 }), headers: { 'idempotency-key': 'k-1' } });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['location']).toBe(`${FICHES}12/`);
    expect(calls[0]?.options).toMatchObject({ idempotencyKey: 'k-1' });
    expect(calls[0]?.request['fiche']).toMatchObject({ temperature: 38.5, champsNuls: expect.any(Array) });
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
    expect(answer.json()).toMatchObject({ nom: ['Ce champ ne peut être vide.'], temperature: ['Un nombre est attendu.'], febrile: [expect.stringContaining("n'est pas un choix")], date_naissance: [expect.stringContaining('AAAA-MM-JJ')], detail: expect.stringContaining('nom'), request_id: expect.any(String) });
    expect(calls).toEqual([]);
  });

  it.each([
    ['text that is not JSON', '{"nom":', 'requete.illisible'],
    ['an array', '[]', 'requete.invalide'],
  ])('refuses %s', async (_what, payload, code) => {
    const answer = await send('POST', FICHES, { payload, headers: { 'content-type': 'application/json' } });
    expect([answer.statusCode, answer.json().code]).toEqual([400, code]);
  });

  it('refuses what the schema of a route refuses, by field', async () => {
    expect((await send('POST', `${FICHES}12/reject/`, { payload: {} })).json()).toMatchObject({ commentaire: ['Ce champ est obligatoire.'] });
    expect((await send('POST', '/api/v1/appointments/', { payload: { requested_start: 'demain', requested_end: '2026-12-01T09:00:00Z' } })).json()).toHaveProperty('requested_start');
    expect((await send('GET', `${FICHES}?page=200&page_size=100`)).json()).toMatchObject({ code: 'pagination.trop_profonde' });
  });

  it.each(['2027-02-30T10:00:00Z', 'Dec 1 2026 10:00+0200', '2026-12-01'])('refuses %s as a time of an appointment, rather than reading another day', async (requested_start) => {
    const answer = await send('POST', '/api/v1/appointments/', { payload: { requested_start, requested_end: '2027-03-02T11:00:00Z' } });
    expect([answer.statusCode, answer.json().requested_start]).toEqual([400, [expect.stringContaining('ISO 8601')]]);
    expect(calls).toEqual([]);
  });

  it.each([[['Paludisme']], [{ fr: 'Paludisme' }], ['Paludisme \ud800']])("refuses a médecin's text that it could not keep as it is: %j", async (diagnostic) => {
    const answer = await send('PATCH', `${FICHES}12/`, { payload: JSON.stringify({ diagnostic }), headers: { 'content-type': 'application/json' } });
    expect([answer.statusCode, answer.json().diagnostic]).toEqual([400, [expect.any(String)]]);
    expect(calls).toEqual([]);
  });
});

describe('401', () => {
  const hs = createSigner({ key: publicKey.export({ type: 'spki', format: 'pem' }).toString().slice(0, 60), algorithm: 'HS256', kid: 'k1' })({ sub: '7' });
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
    const answer = await app.inject({ method: 'GET', url: `${FICHES}12/`, headers: authorization ? { authorization } : {} });
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'token_not_valid']);
    expect(calls.filter(({ method }) => method !== 'getJwks')).toEqual([]);
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
    failure = new AppError(kind, 'fiche.essai', 'Un détail en français.', { retryAfterSeconds: 2, cause: new Error('secret cause') });
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
    const answer = await app.inject({ method: 'GET', url: `${FICHES}12/`, headers: { origin } });
    expect([answer.statusCode, answer.headers['access-control-allow-origin'], answer.headers['access-control-allow-credentials']]).toEqual([401, origin, 'true']);
    const preflight = await app.inject({ method: 'OPTIONS', url: `${FICHES}12/`, headers: { origin, 'access-control-request-method': 'PATCH' } });
    expect([preflight.statusCode, preflight.headers['access-control-max-age']]).toEqual([204, '86400']);
    expect((await app.inject({ method: 'GET', url: '/api/health/', headers: { origin: 'http://mal.exemple' } })).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is counted under the seed\'s names, by route pattern', async () => {
    await send('GET', `${FICHES}12/`);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/api_requests_total\{[^}]*route="\/api\/v1\/fiche-consultation\/:id\/"[^}]*status="200"/);
    expect(text).toContain('api_request_duration_seconds_bucket');
    expect(text).toMatch(/api_errors_total\{[^}]*code="token_not_valid"/);
  });
});

describe('the start page', () => {
  it('says what this is and links to the documentation', async () => {
    const page = await app.inject({ method: 'GET', url: '/' });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('fiche de consultation');
    expect(page.body).toContain('/api/docs/');
    expect(page.body).not.toContain('demo-mediai');
  });
});
