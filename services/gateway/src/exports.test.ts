import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import { admin, medecin, pending, startWorld, type World } from './fake-services.memory.ts';
import { readExport } from './wire/export-input.ts';
import { tailleLisible } from './wire/export-json.ts';

const EXPORTS = '/api/v1/exports/';
const MIENNES = '/api/v1/mes-donnees/';
const EFFACEMENTS = '/api/v1/effacements/';
const demande = { date_start: '2026-01-01', date_end: '2026-11-24' };
let world: World;
let send: World['send'];
beforeAll(async () => {
  world = await startWorld();
  ({ send } = world);
});
beforeEach(() => world.forget());
afterAll(() => world.app.close());

describe('exports', () => {
  it('are asked for with defaults, the key passed on, and answered under the contract\'s names', async () => {
    const answer = await send('POST', EXPORTS, { claims: admin, payload: { ...demande, champ_inconnu: 1, filters: { autre: 1, status: 'valide_medecin, en_analyse', age_min: '15', sexe: '' } }, headers: { 'idempotency-key': 'k-1' } });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['location']).toBe(`${EXPORTS}8/`);
    expect(world.calls[0]).toMatchObject({ method: 'createExport', options: { idempotencyKey: 'k-1' } });
    expect(world.calls[0]?.request).toEqual({ exportFormat: 'csv', dateStart: '2026-01-01', dateEnd: '2026-11-24', includePersonalData: false, filtres: { status: ['valide_medecin', 'en_analyse'], ageMin: 15, ageMax: undefined, sexe: undefined } });
    expect(answer.json()).toEqual({
      id: 8, created_by: 4, created_by_name: 'Marie Admin', export_format: 'csv', export_format_display: 'CSV', date_start: '2026-01-01', date_end: '2026-11-24', include_personal_data: false,
      filters: { status: ['valide_medecin'], age_min: 15, age_max: null, sexe: null }, status: 'completed', status_display: 'Terminé', progress: 100, file_path: 'fiches_20260101_20261124_8.csv', file_size: 12_902_400,
      file_size_formatted: '12,3 Mo', records_count: 3, records_total: 3, error_message: null, duration: 12.5, started_at: '2026-11-24T08:00:01.000Z', completed_at: '2026-11-24T08:00:13.500Z',
      expires_at: '2026-12-01T08:00:13.500Z', created_at: '2026-11-24T08:00:00.000Z',
    });
  });

  it('are listed by pages, read, and downloaded as an attachment', async () => {
    expect((await send('GET', EXPORTS, { claims: admin })).json()).toMatchObject({ count: 1, next: null, results: [{ id: 8 }] });
    expect((await send('GET', `${EXPORTS}8/`, { claims: admin })).json()).toMatchObject({ id: 8 });
    const file = await send('GET', `${EXPORTS}8/download/`, { claims: admin });
    expect(file.statusCode).toBe(200);
    expect(file.body).toBe('id\r\n1\r\n2\n');
    expect(file.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': expect.stringContaining('attachment; filename="fiches_20260101_20261124_8.csv"'), 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(world.calls.at(-1)?.options['deadlineMs']).toBeGreaterThan(60_000);
  });

  it('whose file is gone are 404, and say so', async () => {
    world.failure = new AppError('not_found', 'export.expire', 'Le fichier n’est plus disponible.');
    expect((await send('GET', `${EXPORTS}8/download/`, { claims: admin })).json()).toMatchObject({ status: 404, code: 'export.expire' });
  });

  test.each([[{ ...demande, include_personal_data: 'peut-être' }, 'include_personal_data'], [{ ...demande, export_format: 3 }, 'export_format'], [{ ...demande, filters: [] }, 'filters'], [{ ...demande, filters: { status: [1] } }, 'filters.status'], [{ ...demande, filters: { age_min: 1.5 } }, 'filters.age_min'], [{ ...demande, filters: { age_max: -1 } }, 'filters.age_max'], [{ ...demande, filters: { sexe: {} } }, 'filters.sexe']])('%j is refused by name', async (payload, champ) => {
    const answer = await send('POST', EXPORTS, { claims: admin, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()[champ]).toEqual([expect.any(String)]);
    expect(world.calls).toEqual([]);
  });

  test.each([{}, medecin, pending])('are not for %j, whatever was written', async (claims) => {
    world.failure = new AppError('forbidden');
    for (const payload of [demande, { filters: [] }]) expect((await send('POST', EXPORTS, { claims, payload })).statusCode).toBe(403);
  });
});

test.each([[0, '0 o'], [1_023, '1023 o'], [1_024, '1,0 ko'], [1_572_864, '1,5 Mo'], [5 * 1024 ** 3, '5,0 Go']])('%d octets read %s', (octets, texte) => {
  expect(tailleLisible(octets)).toBe(texte);
});

test('what is not a value at all is no filter', () => {
  expect(readExport({ filters: null, export_format: '' })).toMatchObject({ exportFormat: 'csv', filtres: { status: [] } });
});

describe("one's own data", () => {
  it('are asked for by any account; one that is being made already is the answer', async () => {
    for (const claims of [{}, medecin, pending, admin]) {
      const answer = await send('POST', `${MIENNES}export/`, { claims });
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toMatchObject({ id: 9, status: 'pending', date_start: null, filters: {}, file_path: null, records_count: null, duration: null });
    }
    expect((await send('GET', `${MIENNES}export/`)).json()).toMatchObject({ results: [{ id: 9 }] });
    expect((await send('GET', `${MIENNES}export/9/`)).json()).toMatchObject({ id: 9 });
    expect((await send('GET', `${MIENNES}export/9/download/`)).headers['content-disposition']).toMatch(/^attachment/);
  });

  it('are erased on request, with a reason or without', async () => {
    for (const payload of [undefined, {}, { motif: '' }, { motif: null }]) {
      expect((await send('POST', `${MIENNES}effacement/`, { payload })).statusCode).toBe(201);
      expect(world.calls.at(-1)?.request['motif']).toBeUndefined();
    }
    expect((await send('POST', `${MIENNES}effacement/`, { payload: { motif: 'Je pars.' } })).json()).toMatchObject({ id: 6, user: 7, motif: 'Je pars.', statut: 'en_attente', statut_display: 'En attente de décision', decide_le: null });
    expect((await send('GET', `${MIENNES}effacement/`)).json()).toMatchObject({ count: 1, results: [{ id: 6 }] });
    expect((await send('POST', `${MIENNES}effacement/`, { payload: { motif: 'x'.repeat(2_001) } })).statusCode).toBe(400);
  });
});

describe('requests to erase', () => {
  it('are listed by state, accepted, and refused with a reason', async () => {
    expect((await send('GET', `${EFFACEMENTS}?statut=en_attente,acceptee`, { claims: admin })).json()).toMatchObject({ results: [{ id: 6, user_name: 'Jean Kabila' }] });
    expect(world.calls[0]?.request).toMatchObject({ statut: ['en_attente', 'acceptee'] });
    expect((await send('POST', `${EFFACEMENTS}6/accept/`, { claims: admin })).json()).toMatchObject({ statut: 'effacee' });
    expect((await send('POST', `${EFFACEMENTS}6/reject/`, { claims: admin, payload: { motif: 'Traitement en cours.' } })).json()).toMatchObject({ statut: 'refusee', motif_refus: 'Traitement en cours.' });
    expect((await send('POST', `${EFFACEMENTS}6/reject/`, { claims: admin, payload: {} })).json()).toMatchObject({ status: 400, motif: [expect.any(String)] });
  });

  it('whose account cannot be closed now are 503, to be repeated', async () => {
    world.failure = new AppError('unavailable', undefined, undefined, { retryAfterSeconds: 2 });
    const answer = await send('POST', `${EFFACEMENTS}6/accept/`, { claims: admin });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2']);
  });
});
