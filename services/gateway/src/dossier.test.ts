import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { admin, medecin, startWorld, type World } from './fake-services.memory.ts';

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
