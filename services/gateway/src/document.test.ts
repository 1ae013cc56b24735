import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError, notFound } from '@mediai/kit/errors';
import { medecin, pending, startWorld, type World } from './fake-services.memory.ts';

const FICHES = '/api/v1/fiche-consultation/';
const CODE = 'Zm9uY3Rpb24tZGUtdGVzdC1zYW5z0123';
const NAVIGATEUR = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const lines: string[] = [];
let world: World;
beforeAll(async () => {
  world = await startWorld({}, (line) => void lines.push(line));
});
beforeEach(() => world.forget());
afterAll(() => world.app.close());
const send: World['send'] = (...args) => world.send(...args);
const verify = (accept?: string) => world.app.inject({ method: 'GET', url: `/api/v1/verification/${CODE}/`, headers: accept === undefined ? {} : { accept } });

describe('the PDF of a fiche', () => {
  it('is an attachment that no browser shows or keeps', async () => {
    const answer = await send('GET', `${FICHES}12/export/pdf/`, { headers: { 'x-access-reason': 'Garde' } });
    expect([answer.statusCode, answer.body]).toEqual([200, 'abcdef']);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-length': '6', 'content-disposition': expect.stringContaining('attachment; filename="fiche_CONS-20261124-001.pdf"'), 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(world.calls).toMatchObject([{ method: 'exportPdf', request: { id: 12 }, options: { accessReason: 'Garde', token: expect.any(String) } }]);
  });

  it('that cannot be drawn now says when to ask again', async () => {
    world.failure = new AppError('unavailable', 'document.occupe', 'Trop de documents.', { retryAfterSeconds: 5 });
    const answer = await send('GET', `${FICHES}12/export/pdf/`);
    expect([answer.statusCode, answer.json().code, answer.headers['retry-after'], answer.headers['content-disposition']]).toEqual([503, 'document.occupe', '5', undefined]);
  });

  it('is for who has an account, and not for a médecin who waits', async () => {
    expect((await world.app.inject({ method: 'GET', url: `${FICHES}12/export/pdf/` })).statusCode).toBe(401);
    expect((await send('GET', `${FICHES}x/export/pdf/`)).statusCode).toBe(404);
    expect((await send('GET', `${FICHES}x/export/pdf/`, { claims: pending })).json().code).toBe('compte.en_attente');
    expect(world.calls).toEqual([]);
  });
});

describe('the JSON of a fiche', () => {
  it('is an attachment: the fiche under the contract\'s names, with what lies beside it', async () => {
    const answer = await send('GET', `${FICHES}12/export/json/`, { headers: { 'x-access-reason': 'Garde' } });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'content-disposition': expect.stringContaining('attachment; filename="fiche_CONS-20261124-001.json"'), 'cache-control': 'no-store' });
    expect(answer.json()).toMatchObject({
      id: 12, nom: 'Kabila', status_display: "En cours d'analyse", diagnostic_ia: null,
      messages: [{ id: 4, author_username: 'jean', sender_name: 'Jean Kabila' }],
      references: [{ id: 6, source_display: 'HAS (Haute Autorité de Santé)' }],
      lab_results: [{ id: 8, type_analyse: 'Goutte épaisse' }],
      attachments: [{ id: 8, file_url: expect.stringContaining('/api/v1/attachments/8/download/'), kind_display: 'Ordonnance' }],
    });
    expect(answer.json()).not.toHaveProperty('signes_alerte');
    expect(world.calls).toMatchObject([{ method: 'getDossier', request: { id: 12 }, options: { accessReason: 'Garde' } }]);
  });
});

describe('the verification of a document', () => {
  it('answers anybody, as JSON, with two facts', async () => {
    const answer = await verify('application/json');
    expect([answer.statusCode, answer.json()]).toEqual([200, { statut: 'authentique', emis_le: '2026-11-24T07:02:00.000Z' }]);
    expect(answer.headers).toMatchObject({ vary: 'Origin, Accept', 'cache-control': 'no-store' });
    expect((await verify()).json()).toEqual(answer.json());
    expect(world.calls[0]).toMatchObject({ method: 'verifyDocument', request: { jeton: CODE } });
    expect(world.calls[0]?.options['token']).toBeUndefined();
  });

  it('answers a browser with a page that says the same, in French, without a script', async () => {
    const answer = await verify(NAVIGATEUR);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.body).toContain('Document authentique');
    expect(answer.body).toContain('24 novembre 2026 à 09:02');
    expect(answer.body).toContain('<html lang="fr">');
    expect(answer.body).not.toMatch(/<script|https?:|CONS-|src=|href=/);
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
  });

  it('of a code that nobody printed is a 404 for both', async () => {
    world.failure = notFound('verification.introuvable', "Ce code n'est celui d'aucun document.");
    expect([(await verify()).statusCode, (await verify()).json().code]).toEqual([404, 'verification.introuvable']);
    const page = await verify(NAVIGATEUR);
    expect([page.statusCode, page.body.includes('Code inconnu')]).toEqual([404, true]);
  });

  it('of any other text is a 404, whatever it is', async () => {
    world.failure = notFound();
    for (const code of ['%00', 'a'.repeat(101), '..%2F..%2Fetc', '<script>', '%F0%9F%A9%BA']) expect([404, 400]).toContain((await world.app.inject({ method: 'GET', url: `/api/v1/verification/${code}/` })).statusCode);
  });

  it('is a 503 while nobody can tell: never "unknown"', async () => {
    world.failure = new AppError('unavailable', undefined, undefined, { retryAfterSeconds: 2 });
    expect((await verify(NAVIGATEUR)).statusCode).toBe(503);
  });

  it('leaves its code in no line of the log and no label of a metric', async () => {
    await verify();
    await verify(NAVIGATEUR);
    expect(lines.join('\n')).toContain('/api/v1/verification/:jeton/');
    expect(lines.join('\n') + (await world.metrics.registry.metrics())).not.toContain(CODE);
  });
});

describe('the revocation of documents', () => {
  it('is asked of the owner of fiches, with the key of the call', async () => {
    const answer = await send('POST', `${FICHES}12/verification/revoke/`, { claims: medecin, headers: { 'idempotency-key': 'k' } });
    expect([answer.statusCode, answer.json()]).toEqual([200, { detail: expect.any(String), revoques: 2 }]);
    expect(world.calls).toMatchObject([{ method: 'revokeVerifications', request: { id: 12 }, options: { idempotencyKey: 'k' } }]);
  });
});
