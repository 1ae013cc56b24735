import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { invalid } from '@mediai/kit/errors';
import { admin, medecin, startWorld, type World } from './fake-services.memory.ts';
import { multipart } from './multipart.memory.ts';

const FICHES = '/api/v1/fiche-consultation/';
let world: World;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => world.forget());
afterAll(() => world.app.close());
const send: World['send'] = (...args) => world.send(...args);

describe('whom a fiche is with', () => {
  it('is told to the owner of fiches, with the version that the client read', async () => {
    const answer = await send('POST', `${FICHES}12/assign-medecin/`, { payload: { medecin_id: '3', inconnu: 1 }, claims: medecin, headers: { 'if-match': '"3"', 'idempotency-key': 'k' } });
    expect([answer.statusCode, answer.json().id, answer.headers['etag']]).toEqual([200, 12, '"3"']);
    expect(world.calls).toMatchObject([{ method: 'assignMedecin', request: { id: 12, medecinId: 3, versionAttendue: 3 }, options: { idempotencyKey: 'k' } }]);
  });

  it('is nobody where null is sent, and refused where nothing is', async () => {
    await send('POST', `${FICHES}12/assign-medecin/`, { payload: { medecin_id: null }, claims: medecin });
    expect(world.calls[0]?.request['medecinId']).toBeUndefined();
    world.forget();
    expect((await send('POST', `${FICHES}12/assign-medecin/`, { payload: {}, claims: medecin })).json()).toMatchObject({ medecin_id: ['Ce champ est obligatoire.'] });
    expect((await send('POST', `${FICHES}12/assign-medecin/`, { payload: { medecin_id: 'x' }, claims: medecin })).json()).toHaveProperty('medecin_id');
    expect((await send('POST', `${FICHES}12/assign-medecin/`, { payload: { medecin_id: '' }, claims: medecin })).json()).toMatchObject({ status: 400, medecin_id: ["Cette valeur n'est pas valide."] });
    expect((await send('POST', `${FICHES}12/assign-medecin/`, { payload: {} })).statusCode).toBe(403);
    expect(world.calls).toEqual([]);
  });
});

describe('a deleted fiche', () => {
  it('is brought back without a body', async () => {
    const answer = await send('POST', `${FICHES}12/restore/`, { claims: admin });
    expect([answer.statusCode, answer.json().numero_dossier]).toEqual([200, 'CONS-20261124-001']);
    expect(world.calls).toMatchObject([{ method: 'restoreFiche', request: { id: 12 } }]);
  });
});

describe('the history of a fiche', () => {
  it('is a page of acts, with values where they were given', async () => {
    const answer = await send('GET', `${FICHES}12/historique/?page=1&page_size=500`, { headers: { 'x-access-reason': 'Garde' } });
    expect(answer.json()).toEqual({
      count: 1, next: null, previous: null,
      results: [{
        version: 3, le: '2026-11-24T08:00:00.000Z', acteur: 2, acteur_username: 'dr.ilunga', acteur_nom: 'Aimée Ilunga', acteur_role: 'medecin', action: 'fiche.editer',
        champs: [{ champ: 'diagnostic', libelle: 'Diagnostic', avant: null, apres: 'Paludisme simple' }, { champ: 'pouls', libelle: 'Pouls' }],
      }],
    });
    expect(world.calls).toMatchObject([{ method: 'listHistorique', request: { id: 12, page: 1, pageSize: 100 }, options: { accessReason: 'Garde' } }]);
  });
});

describe('messages of a fiche', () => {
  it('bear the names of their senders, under the old names too: what the front ends show beside each text', async () => {
    const messages = (await send('GET', `${FICHES}12/messages/`)).json();
    expect(messages).toEqual([{
      id: 4, fiche: 12, author: 7, author_username: 'jean', content: 'La fièvre est revenue.', created_at: '2026-11-24T08:00:00.000Z', sender_id: 7, sender_name: 'Jean Kabila', date_envoi: '2026-11-24T08:00:00.000Z',
    }]);
  });

  it.each([[{ content: 'Bonjour', inconnu: 1 }, 'Bonjour'], [{ message: 'Bonjour' }, 'Bonjour'], [{ contenu: 'Bonjour' }, 'Bonjour'], [{ content: 385 }, '385']])('are written as %j', async (payload, content) => {
    const answer = await send('POST', `${FICHES}12/messages/`, { payload, headers: { 'idempotency-key': 'k', 'x-access-reason': 'Garde' } });
    expect([answer.statusCode, answer.json()]).toMatchObject([201, { id: 4, sender_name: 'Jean Kabila', urgence: 'rouge', orientation: 'Allez tout de suite aux urgences.' }]);
    expect(world.calls).toMatchObject([{ method: 'createFicheMessage', request: { fiche: 12, content }, options: { idempotencyKey: 'k', accessReason: 'Garde' } }]);
  });

  it.each([[{}], [{ content: null }], [{ content: 'x'.repeat(5001) }], [{ content: 'a\0' }], [[]]])('are refused by name: %#', async (payload) => {
    const answer = await send('POST', `${FICHES}12/messages/`, { payload });
    expect(answer.statusCode).toBe(400);
    if (!Array.isArray(payload)) expect(answer.json()).toHaveProperty('content');
    expect(world.calls).toEqual([]);
  });
});

describe('references', () => {
  const json = { id: 6, fiche: 12, title: 'Paludisme grave', url: null, source: 'has', source_display: 'HAS (Haute Autorité de Santé)', authors: null, year: 2021, journal: null, created_at: '2026-11-24T08:00:00.000Z' };

  it('are a bare array under a fiche and pages elsewhere', async () => {
    expect((await send('GET', `${FICHES}12/references/`)).json()).toEqual([json]);
    expect((await send('GET', '/api/v1/references/?fiche=12&page_size=5')).json()).toEqual({ count: 1, next: null, previous: null, results: [json] });
    await send('GET', '/api/v1/references/?fiche=');
    expect(world.calls).toMatchObject([{ method: 'listFicheReferences', request: { fiche: 12 } }, { method: 'listReferences', request: { fiche: 12, page: 1, pageSize: 5 } }, { request: { fiche: undefined } }]);
    expect((await send('GET', '/api/v1/references/?fiche=abc')).json()).toHaveProperty('fiche');
  });

  it('are added in both places, changed and deleted', async () => {
    const first = await send('POST', `${FICHES}12/references/`, { payload: { title: 'T', url: '', source: '', year: '2021' } });
    expect([first.statusCode, first.headers['idempotent-replayed']]).toEqual([201, 'true']);
    expect((await send('POST', '/api/v1/references/', { payload: { fiche: '12', title: 'T', year: null, authors: null } })).statusCode).toBe(201);
    expect((await send('GET', '/api/v1/references/6/')).json()).toEqual(json);
    expect((await send('PATCH', '/api/v1/references/6/', { payload: { year: '' } })).statusCode).toBe(200);
    expect((await send('PUT', '/api/v1/references/6/', { payload: { title: 'T' } })).statusCode).toBe(200);
    expect((await send('DELETE', '/api/v1/references/6/')).statusCode).toBe(204);
    expect(world.calls).toMatchObject([
      { method: 'createReference', request: { fiche: 12, reference: { title: 'T', url: '', source: '', year: 2021 } } }, { method: 'createReference', request: { fiche: 12, reference: { title: 'T', year: 0, authors: '' } } }, { method: 'getReference' },
      { method: 'updateReference', request: { id: 6, complet: false, reference: { year: 0, title: undefined } } }, { method: 'updateReference', request: { complet: true } }, { method: 'deleteReference', request: { id: 6 } },
    ]);
  });

  it('with a title that the fiche has already answer 400 on `title`, which the front ends show under the field', async () => {
    world.failure = invalid({ title: ['Cette fiche a déjà une référence de ce titre.'] }, 'reference.titre_double');
    const answer = await send('POST', `${FICHES}12/references/`, { payload: { title: 'T' } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ title: ['Cette fiche a déjà une référence de ce titre.'], code: 'reference.titre_double' });
  });

  it.each([['POST', '/api/v1/references/', { title: 'T' }, 'fiche'], ['POST', '/api/v1/references/', { fiche: 12 }, 'title'], ['POST', `${FICHES}12/references/`, { title: 'x'.repeat(256) }, 'title'], ['PATCH', '/api/v1/references/6/', { source: 'blog' }, 'source'], ['PATCH', '/api/v1/references/6/', { year: 'hier' }, 'year'], ['PUT', '/api/v1/references/6/', {}, 'title']] as const)('%s %s %j is refused by %s', async (method, url, payload, field) => {
    const answer = await send(method, url, { payload });
    expect([answer.statusCode, field in answer.json()]).toEqual([400, true]);
  });
});

describe('results of laboratories', () => {
  const json = { id: 8, fiche: 12, type_analyse: 'Goutte épaisse', valeur: '+++', unite: null, valeurs_normales: null, date_prelevement: '2026-11-24', laboratoire: null, fichier: null, file_url: null, file_name: null, commentaire: null, created_at: '2026-11-24T08:00:00.000Z' };

  it('are listed, added, read, changed and deleted', async () => {
    expect((await send('GET', '/api/v1/lab-results/?fiche=12')).json()).toEqual({ count: 1, next: null, previous: null, results: [json] });
    expect((await send('POST', '/api/v1/lab-results/', { payload: { fiche: 12, type_analyse: 'Hémoglobine', valeur: 6.2, unite: 'g/dL', date_prelevement: '2026-11-24' } })).statusCode).toBe(201);
    expect((await send('GET', '/api/v1/lab-results/8/')).json()).toEqual(json);
    expect((await send('PATCH', '/api/v1/lab-results/8/', { payload: { commentaire: null } })).statusCode).toBe(200);
    expect((await send('DELETE', '/api/v1/lab-results/8/')).statusCode).toBe(204);
    expect(world.calls).toMatchObject([
      { method: 'listLabResults', request: { fiche: 12 } }, { method: 'createLabResult', request: { fiche: 12, result: { typeAnalyse: 'Hémoglobine', valeur: '6.2', unite: 'g/dL', datePrelevement: '2026-11-24', laboratoire: undefined } } },
      { method: 'getLabResult' }, { method: 'updateLabResult', request: { id: 8, complet: false, result: { commentaire: '', sansFichier: false } } }, { method: 'deleteLabResult' },
    ]);
  });

  it('are sent with a file as a form, and give its absolute address', async () => {
    const { payload, headers } = multipart([{ name: 'fiche', value: '12' }, { name: 'type_analyse', value: 'NFS' }, { name: 'valeur', value: '9,8' }, { name: 'fichier', value: '%PDF-1.4', file: 'résultat.pdf' }, { name: 'date_prelevement', value: '2026-11-24' }]);
    const answer = await send('POST', '/api/v1/lab-results/', { payload, headers: { ...headers, host: 'mediai.example', 'idempotency-key': 'k' } });
    const url = 'http://mediai.example/api/v1/lab-results/9/download/';
    expect([answer.statusCode, answer.json()]).toMatchObject([201, { fichier: url, file_url: url, file_name: 'résultat.pdf' }]);
    const messages = world.calls[0]!.request['messages'] as { contenu: { case: string; value: unknown } }[];
    expect(messages.map(({ contenu }) => contenu.case)).toEqual(['entete', 'octets', 'formulaire']);
    expect(messages.at(-1)!.contenu.value).toMatchObject({ fiche: 12, result: { typeAnalyse: 'NFS', valeur: '9,8', datePrelevement: '2026-11-24' } });
    world.forget();
    expect((await send('PATCH', '/api/v1/lab-results/8/', multipart([{ name: 'fichier', value: '%PDF-1.4', file: 'r.pdf' }]))).json()).toMatchObject({ file_url: expect.any(String) });
    expect((await send('PATCH', '/api/v1/lab-results/8/', { payload: { fichier: null } })).statusCode).toBe(200);
    expect(world.calls).toMatchObject([{ method: 'replaceLabResultFile' }, { method: 'updateLabResult', request: { result: { sansFichier: true } } }]);
    expect((await send('POST', '/api/v1/lab-results/')).statusCode).toBe(400);
    const download = await send('GET', '/api/v1/lab-results/9/download/');
    expect([download.statusCode, download.body, download.headers['content-disposition']]).toEqual([200, '%PDF-1.4', expect.stringMatching(/^attachment;/)]);
  });

  it.each([[{ fiche: 12 }, ['type_analyse', 'valeur', 'date_prelevement']], [{ fiche: 12, type_analyse: 'x'.repeat(101), valeur: '1', date_prelevement: '2026-11-24' }, ['type_analyse']], [{ fiche: {}, type_analyse: {}, valeur: { toString: 1 }, date_prelevement: 2 ** 53 }, ['fiche', 'type_analyse', 'valeur', 'date_prelevement']]])('%# is refused by field', async (payload, fields) => {
    const answer = await send('POST', '/api/v1/lab-results/', { payload });
    expect(answer.statusCode).toBe(400);
    for (const field of fields) expect(answer.json()[field]).toEqual([expect.any(String)]);
    expect(world.calls).toEqual([]);
  });
});
