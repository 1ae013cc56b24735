import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { invalid, unauthenticated } from '@mediai/kit/errors';
import { admin, medecin, pending, RESERVEE, startWorld, superuser, type World } from './fake-services.memory.ts';

const AUTH = '/api/v1/auth/';
let world: World;
let send: World['send'];

beforeAll(async () => {
  world = await startWorld();
  ({ send } = world);
});
beforeEach(() => world.forget());
afterAll(() => world.app.close());

const lastRequest = () => world.calls.at(-1)?.request;
const lastOptions = () => world.calls.at(-1)?.options;

describe('tokens and passwords', () => {
  it.each([['token/', 'token/'], ['jwt/token/', 'jwt/token/']])('%s answers with a pair', async (path) => {
    expect((await send('POST', `${AUTH}${path}`, { payload: { username: 'a', password: 'b' } })).json()).toEqual({ access: 'a', refresh: 'r' });
  });

  it("public calls carry the client's address and no token, whatever the client sent", async () => {
    await send('POST', `${AUTH}token/`, { payload: { username: 'a', password: 'b' }, headers: { 'idempotency-key': 'é invalide' }, remoteAddress: '203.0.113.9' });
    expect(lastOptions()).toEqual({ token: undefined, requestId: expect.any(String), adresse: '203.0.113.9' });
    expect(lastRequest()).toMatchObject({ adresse: '203.0.113.9' });
  });

  it('old clients keep their refresh token, new ones exchange it', async () => {
    expect((await send('POST', `${AUTH}jwt/refresh/`, { payload: { refresh: 'r' } })).json()).toEqual({ access: 'a2' });
    expect(lastRequest()).toMatchObject({ rotate: false });
    expect((await send('POST', `${AUTH}refresh/`, { payload: { refresh: 'r' } })).json()).toEqual({ access: 'a2', refresh: 'r2' });
    expect(lastRequest()).toMatchObject({ rotate: true });
  });

  it('whose access token was revoked meanwhile is told so at logout, not that the refresh token is wrong', async () => {
    world.failure = unauthenticated();
    const answer = await send('POST', `${AUTH}logout/`, { payload: { refresh: 'r' } });
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'token_not_valid']);
  });

  it('a changed password opens a new session', async () => {
    const answer = await send('POST', `${AUTH}password/change/`, { payload: { old_password: 'ancien', new_password: 'nouveau-mot' }, headers: { 'idempotency-key': 'k' } });
    expect(answer.json()).toEqual({ detail: expect.any(String), access: 'a3', refresh: 'r3' });
    expect(lastRequest()).toEqual({ oldPassword: 'ancien', newPassword: 'nouveau-mot', adresse: '127.0.0.1' });
    expect(lastOptions()).not.toHaveProperty('idempotencyKey');
  });

  it.each([
    [{ username: 'jean' }, { identifiant: 'jean' }],
    [{ username: ' jean ', email: 'autre@exemple.cd' }, { identifiant: 'jean' }],
    [{ email: ' jean@exemple.cd ', username: '' }, { identifiant: '', email: 'jean@exemple.cd' }],
  ])('a reset is asked for by %j, and answered without a word about the account', async (payload, named) => {
    const answer = await world.app.inject({ method: 'POST', url: `${AUTH}password/reset/`, payload });
    expect([answer.statusCode, answer.json()]).toEqual([200, { detail: 'Si ce compte existe, un code lui a été envoyé.' }]);
    expect(lastRequest()).toEqual({ ...named, adresse: '127.0.0.1' });
  });

  it('a reset is confirmed by the code, and nobody is nobody', async () => {
    expect((await world.app.inject({ method: 'POST', url: `${AUTH}password/reset/confirm/`, payload: { username: 'jean', code: 482913, new_password: 'nouveau-mot' } })).statusCode).toBe(200);
    expect(lastRequest()).toMatchObject({ identifiant: 'jean', code: '482913', newPassword: 'nouveau-mot' });
    expect((await world.app.inject({ method: 'POST', url: `${AUTH}password/reset/`, payload: {} })).json()).toMatchObject({ status: 400, username: [expect.any(String)] });
  });
});

describe("one's own account", () => {
  it.each(['me/', 'users/me/'])('%s has the old fields first, then the new ones', async (path) => {
    const me = (await send('GET', `${AUTH}${path}`)).json();
    expect(Object.keys(me.patient_profile)).toEqual(['date_of_birth', 'phone_number', 'address', 'postnom', 'sexe', 'avenue', 'quartier', 'commune', 'contact_nom', 'contact_telephone', 'contact_adresse']);
    expect(me).toMatchObject({ id: 7, username: 'jean', medecin_profile: null, patient_profile: { date_of_birth: '1990-04-12', address: null, commune: 'Kampemba' } });
  });

  it('is changed under its names; what is absent stays, what is empty goes', async () => {
    const answer = await send('PATCH', `${AUTH}users/me/`, { payload: { first_name: 'Jeanne', email: null, phone: '', patient_profile: { commune: 'Annexe', sexe: null }, inconnu: 1 } });
    expect(answer.statusCode).toBe(200);
    const { success, data, ...flat } = answer.json();
    expect([success, data]).toEqual([true, flat]);
    expect(lastRequest()).toEqual({ user: { firstName: 'Jeanne', lastName: undefined, email: '', phone: '', medecinProfile: undefined, patientProfile: expect.objectContaining({ commune: 'Annexe', sexe: '', postnom: undefined }) } });
  });

  it('is changed under the French names of older forms', async () => {
    await send('PATCH', `${AUTH}users/me/`, {
      payload: { prenom: 'Jeanne', nom: 'Mwamba', postnom: 'Ngoy', telephone: '0990000001', date_naissance: '1990-04-12', sexe: 'F', avenue: 'Kasaï', quartier: 'Bel-Air', commune: 'Kampemba', contact_nom: 'Paul', contact_telephone: '0990000002', contact_adresse: 'Likasi' },
    });
    expect(lastRequest()).toMatchObject({
      user: {
        firstName: 'Jeanne', lastName: 'Mwamba', phone: '0990000001',
        patientProfile: { dateOfBirth: '1990-04-12', phoneNumber: '0990000001', postnom: 'Ngoy', sexe: 'F', avenue: 'Kasaï', quartier: 'Bel-Air', commune: 'Kampemba', contactNom: 'Paul', contactTelephone: '0990000002', contactAdresse: 'Likasi' },
      },
    });
  });

  it('a refused field is named as the form named it', async () => {
    world.failure = invalid({ phone: ['Ce numéro est invalide.'], date_of_birth: ['Une date est attendue.'], email: ['Déjà pris.'] });
    const answer = await send('PATCH', `${AUTH}users/me/`, { payload: { telephone: '12', date_naissance: 'hier', email: 'a@b.cd' } });
    expect(answer.json()).toMatchObject({ status: 400, telephone: ['Ce numéro est invalide.'], date_naissance: ['Une date est attendue.'], email: ['Déjà pris.'], detail: 'telephone : Ce numéro est invalide.' });
  });

  it.each([{ is_staff: true }, { role: 'medecin' }, { is_superuser: true, is_active: true }, { etablissement_id: 2 }])('%j of oneself never leaves the edge', async (payload) => {
    expect((await send('PATCH', `${AUTH}users/me/`, { payload })).statusCode).toBe(200);
    expect(Object.values(lastRequest()?.['user'] as object).filter((value) => value !== undefined)).toEqual([]);
  });

  it('registration passes on what may be registered and nothing else', async () => {
    const answer = await world.app.inject({ method: 'POST', url: `${AUTH}users/register/`, headers: { 'idempotency-key': 'k1' }, payload: { username: 'jean', password: 'p', role: 'admin', is_staff: true, is_superuser: true, etablissement_id: 9, email: '' } });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).not.toHaveProperty('password');
    expect(lastRequest()).toEqual({ username: 'jean', password: 'p', role: 'admin', email: undefined, phone: undefined, firstName: undefined, lastName: undefined });
    expect(lastOptions()).toMatchObject({ idempotencyKey: 'k1', token: undefined });
  });
});

describe('accounts, for admins', () => {
  it('are listed by words and role, as a page', async () => {
    const answer = await send('GET', `${AUTH}users/?search=%20jean%20&role=patient&page_size=500`, { claims: admin });
    expect(answer.json()).toMatchObject({ count: 1, next: null, previous: null, results: [{ id: 7, username: 'jean' }] });
    expect(lastRequest()).toEqual({ search: 'jean', role: 'patient', page: 1, pageSize: 100 });
  });

  it('are created once, with their place', async () => {
    const answer = await send('POST', `${AUTH}users/`, { claims: admin, headers: { 'idempotency-key': 'k2' }, payload: { username: 'dr', password: 'p', role: 'medecin', is_staff: 'true', medecin_profile: { specialty: 'Pédiatrie', is_available: false } } });
    expect([answer.statusCode, answer.headers['location'], answer.headers['idempotent-replayed']]).toEqual([201, `${AUTH}users/7/`, 'true']);
    expect(lastRequest()).toMatchObject({ username: 'dr', password: 'p', user: { role: 'medecin', isStaff: true, isSuperuser: undefined, medecinProfile: { specialty: 'Pédiatrie', isAvailable: false } } });
    expect(lastOptions()).toMatchObject({ idempotencyKey: 'k2' });
  });

  it.each(['PUT', 'PATCH'] as const)('%s changes what is said and leaves the rest; null is no decision', async (method) => {
    expect((await send(method, `${AUTH}users/7/`, { claims: admin, payload: { is_active: null, role: '', is_staff: false, etablissement_id: 2 } })).statusCode).toBe(200);
    expect(lastRequest()).toMatchObject({ id: 7, user: { isActive: undefined, role: undefined, isStaff: false, etablissementId: 2, firstName: undefined, patientProfile: undefined } });
  });

  it('are read, opened and deleted by id', async () => {
    expect((await send('GET', `${AUTH}users/7/`)).json()).toMatchObject({ id: 7 });
    expect((await send('POST', `${AUTH}users/2/approve/`, { claims: admin })).json()).toMatchObject({ id: 2, medecin_profile: { is_approved: true } });
    expect((await send('DELETE', `${AUTH}users/7/`, { claims: admin })).statusCode).toBe(204);
    expect(world.calls.map(({ method }) => method)).toEqual(['getUser', 'approveUser', 'deleteUser']);
  });
});

describe('who is there', () => {
  it.each([
    ['medecins/?available=True&specialty=p%C3%A9d', { available: true, specialty: 'péd' }],
    ['medecins/?available=0', { available: false, specialty: undefined }],
    ['medecins/?available=', { available: undefined }],
    ['medecins/available/', { available: true }],
  ])('%s', async (path, asked) => {
    expect((await send('GET', `${AUTH}${path}`)).json()).toMatchObject({ count: 1, results: [{ id: 2, medecin_profile: { specialty: 'Pédiatrie' } }] });
    expect(lastRequest()).toMatchObject(asked);
  });

  it('one médecin, patients, short forms', async () => {
    expect((await send('GET', `${AUTH}medecins/2/`)).json()).toMatchObject({ id: 2, role: 'medecin' });
    expect((await send('GET', `${AUTH}patients/?search=jean`, { claims: medecin })).json()).toMatchObject({ results: [{ id: 7, patient_profile: { commune: 'Kampemba' } }] });
    const court = { id: 7, username: 'jean', first_name: 'Jean', last_name: 'Kabila', email: null, role: 'patient', is_staff: false };
    expect((await send('GET', '/api/v1/users/', { claims: medecin })).json().results).toEqual([court]);
    expect((await send('GET', '/api/v1/users/7/', { claims: medecin })).json()).toEqual(court);
  });
});

describe('établissements and consents', () => {
  it('an établissement is read, made, changed and deleted', async () => {
    const seen = { id: 1, nom: 'Centre Kampemba', telephone_urgence: null, fuseau: 'Africa/Lubumbashi', consentement_ia: 'presume', textes: { accueil: 'Bienvenue' } };
    expect((await send('GET', `${AUTH}etablissements/`, { claims: admin })).json().results).toEqual([seen]);
    expect((await send('GET', `${AUTH}etablissements/1/`, { claims: admin })).json()).toEqual(seen);
    expect((await send('POST', `${AUTH}etablissements/`, { claims: superuser, payload: { nom: 'Annexe', textes: { accueil: 'Bienvenue' } } })).statusCode).toBe(201);
    expect(lastRequest()).toEqual({ etablissement: { nom: 'Annexe', telephoneUrgence: undefined, fuseau: undefined, consentementIa: undefined, textes: { textes: { accueil: 'Bienvenue' } } } });
    await send('PATCH', `${AUTH}etablissements/1/`, { claims: admin, payload: { telephone_urgence: null, consentement_ia: 'explicite' } });
    expect(lastRequest()).toEqual({ id: 1, etablissement: { nom: undefined, telephoneUrgence: '', fuseau: undefined, consentementIa: 'explicite', textes: undefined } });
    expect((await send('DELETE', `${AUTH}etablissements/1/`, { claims: superuser })).statusCode).toBe(204);
  });

  it('a consent is given, listed, and withdrawn by body or by query', async () => {
    const given = await send('POST', '/api/v1/consentements/', { payload: { finalite: 'analyse_ia', version: 3 } });
    expect([given.statusCode, given.json()]).toEqual([201, { id: 1, finalite: 'analyse_ia', version: '2026-11', accorde_le: '2026-11-24T08:00:00.000Z', retire_le: null }]);
    expect(lastRequest()).toEqual({ finalite: 'analyse_ia', version: '3' });
    expect((await send('GET', '/api/v1/consentements/')).json()).toMatchObject({ count: 1, results: [{ finalite: 'analyse_ia' }] });
    expect((await send('DELETE', '/api/v1/consentements/', { payload: { finalite: 'analyse_ia' } })).statusCode).toBe(204);
    expect((await send('DELETE', '/api/v1/consentements/?finalite=analyse_ia')).statusCode).toBe(204);
    expect(world.calls.slice(-2).map(({ request }) => request)).toEqual([{ finalite: 'analyse_ia' }, { finalite: 'analyse_ia' }]);
    expect((await send('DELETE', '/api/v1/consentements/')).json()).toMatchObject({ status: 400, finalite: ['Ce champ est obligatoire.'] });
  });
});

describe('a dossier', () => {
  it('says who opened it, when and why', async () => {
    const page = (await send('GET', '/api/v1/fiche-consultation/12/acces/?page=1')).json();
    expect(page).toMatchObject({ count: 1, results: [{ id: 9, le: '2026-11-24T08:00:00.000Z', acteur: 2, acteur_username: 'dr.ilunga', acteur_nom: 'Aimée Ilunga', acteur_role: 'medecin', action: 'fiche.lire', raison: 'Garde de nuit' }] });
    expect(lastRequest()).toEqual({ id: 12, page: 1, pageSize: 20 });
  });

  it("a colleague's fiche, searched for by its number, is one result that says no more than that it needs a reason", async () => {
    const page = (await send('GET', `/api/v1/fiche-consultation/?search=${RESERVEE}`, { claims: medecin })).json();
    expect(page).toMatchObject({ count: 1, results: [{ id: 13, numero_dossier: RESERVEE, acces: 'motif_requis' }] });
    expect(Object.keys(page.results[0])).toEqual(['id', 'numero_dossier', 'acces']);
  });
});

describe('the role is judged first', () => {
  it.each<[string, string, object | undefined, Record<string, unknown>, string]>([
    ['POST', `${AUTH}users/`, {}, {}, 'acces.refuse'],
    ['POST', `${AUTH}users/`, {}, medecin, 'acces.refuse'],
    ['GET', `${AUTH}users/?page=x`, undefined, medecin, 'acces.refuse'],
    ['DELETE', `${AUTH}users/99999999999/`, undefined, {}, 'acces.refuse'],
    ['POST', `${AUTH}etablissements/`, {}, admin, 'acces.refuse'],
    ['POST', '/api/v1/fiche-consultation/12/reject/', {}, {}, 'acces.refuse'],
    ['POST', '/api/v1/fiche-consultation/12/reject/', {}, pending, 'compte.en_attente'],
    ['POST', '/api/v1/fiche-consultation/', {}, pending, 'compte.en_attente'],
    ['GET', '/api/v1/fiche-consultation/abc/', undefined, pending, 'compte.en_attente'],
  ])('%s %s %j by %j', async (method, url, payload, claims, code) => {
    const answer = await send(method as 'GET', url, { claims, ...(payload ? { payload } : {}) });
    expect([answer.statusCode, answer.json().code]).toEqual([403, code]);
    expect(world.calls).toEqual([]);
  });

  it('and who has the role is told what is wrong', async () => {
    expect((await send('POST', `${AUTH}users/`, { claims: admin, payload: {} })).json()).toMatchObject({ status: 400, username: ['Ce champ est obligatoire.'], password: ['Ce champ est obligatoire.'] });
    expect((await send('GET', `${AUTH}medecins/x/`, { claims: pending })).statusCode).toBe(404);
  });
});

describe('lists of médecins', () => {
  it.each([`${AUTH}medecins/`, `${AUTH}medecins/available/`])('%s is asked for again each time, and answered in short where nothing has changed', async (url) => {
    const first = await send('GET', url);
    expect(first.headers).toMatchObject({ etag: expect.stringMatching(/^"[\w-]{22}"$/), 'cache-control': 'private, no-cache' });
    const again = await send('GET', url, { headers: { 'if-none-match': `W/${String(first.headers['etag'])}, "x"` } });
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', first.headers['etag']]);
    expect(world.calls.filter(({ method }) => method === 'listMedecins')).toHaveLength(2);
    expect((await send('GET', url, { headers: { 'if-none-match': '"autre"' } })).json()).toEqual(first.json());
    expect((await send('GET', `${url}?page=x`)).headers).toMatchObject({ 'cache-control': 'no-store' });
    const toAdmin = await send('GET', url, { claims: admin });
    expect([toAdmin.headers['cache-control'], toAdmin.headers['etag']]).toEqual(['no-store', undefined]);
  });
});
