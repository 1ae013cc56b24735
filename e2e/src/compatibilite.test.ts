import { beforeAll, describe, expect, it } from '@jest/globals';
import { ficheComplete } from '@mediai/testing';
import { createCompte, must, nextSlot, unique, type Compte } from './accounts.ts';
import { call, loginSuperuser, until } from './client.ts';
import { postFiche, readFiche, type Fiche } from './fiche.ts';
import { gatewayUrl } from './suite.ts';

const FICHES = '/api/v1/fiche-consultation/';
const ME = '/api/v1/auth/users/me/';

let patient: Compte;
let medecin: Compte;

beforeAll(async () => {
  const superuser = await loginSuperuser();
  [patient, medecin] = await Promise.all([createCompte(superuser, { role: 'patient' }), createCompte(superuser, { role: 'medecin' })]);
});

/** A fiche as the patient's client posts it. @returns what was answered */
async function posted(more: Record<string, unknown>): Promise<Fiche> {
  const { status, body } = await postFiche(patient.token, { telephone: patient.phone, ...more });
  expect([status, body]).toEqual([201, expect.anything()]);
  return body;
}

describe('an older form of a fiche', () => {
  it('that posts hypothese_patient finds it in hypothese_patient_medecin, unless that was filled in', async () => {
    expect(await posted({ hypothese_patient: 'Malaria', hypothese_patient_medecin: '' })).toMatchObject({ hypothese_patient_medecin: 'Malaria' });
    expect(await posted({ hypothese_patient: 'Malaria', hypothese_patient_medecin: 'Grippe' })).toMatchObject({ hypothese_patient_medecin: 'Grippe' });
  });

  it('that posts observations_importantes finds them again', async () => {
    const { id } = await posted({ observations_importantes: 'Boit bien, urine peu' });
    expect(await readFiche(patient.token, id)).toMatchObject({ observations_importantes: 'Boit bien, urine peu' });
  });

  it('that sends statut, status and fields nobody knows is not refused, and decides nothing', async () => {
    const { id, status } = await posted({ statut: 'valide_medecin', status: 'valide_medecin', diagnostic_ia: 'Rien', numero_dossier: 'MIEN-1', csrfmiddlewaretoken: 'x', step: { page: 3 }, medecins: [1, 2] });
    expect(status).toBe('en_analyse');
    const patched = await call<Fiche>('PATCH', `${FICHES}${id}/`, { token: patient.token, body: { statut: 'valide_medecin', status: 'valide_medecin', attentes: 'Guérir' } });
    expect([patched.status, patched.body]).toEqual([200, expect.objectContaining({ status: 'en_analyse', attentes: 'Guérir' })]);
    expect(patched.body.numero_dossier).toMatch(/^CONS-/);
  });

  it('that says Veuf/Veuve is read as Veuf(ve), and one may live in free union', async () => {
    expect(await posted({ etat_civil: 'Veuf/Veuve' })).toMatchObject({ etat_civil: 'Veuf(ve)' });
    expect(await posted({ etat_civil: 'Union libre' })).toMatchObject({ etat_civil: 'Union libre' });
  });

  it('that sends "" or spaces for what was left empty gets null or the default', async () => {
    const vides = { nom_hopital: '', sexe: '', tension_arterielle: '', temperature: '', pouls: '', par_quoi: '   ', motif_consultation: '', cou: '\n', assigned_medecin: '' };
    expect(await posted({ ...vides, tabac: '', etat_civil: '', coloration_bulbaire: '' })).toMatchObject({
      ...Object.fromEntries(Object.keys(vides).map((nom) => [nom, null])), tabac: 'non', etat_civil: 'Célibataire', coloration_bulbaire: 'normale',
    });
  });

  it('that writes decimals with a comma is read, and refused by name where it writes words', async () => {
    expect(await posted({ temperature: '38,5', poids: '62,5', pouls: '88' })).toMatchObject({ temperature: 38.5, poids: 62.5, pouls: 88 });
    const refused = await postFiche(patient.token, { temperature: 'beaucoup' });
    expect([refused.status, refused.body]).toEqual([400, expect.objectContaining({ temperature: ['« Température » : un nombre est attendu.'], detail: '« Température » : un nombre est attendu.' })]);
  });

  it('that sends spo2 as a float has it rounded', async () => {
    expect(await posted({ spo2: 97.5 })).toMatchObject({ spo2: 98 });
    expect(await posted({ spo2: '96,4' })).toMatchObject({ spo2: 96 });
  });

  it('that names its médecin does so by an integer, and reads the same integer', async () => {
    for (const assigned of [medecin.id, String(medecin.id)]) expect((await posted({ assigned_medecin: assigned }))['assigned_medecin']).toBe(medecin.id);
  });

  it('ticks medecin for who filled it in, which is no id', async () => {
    expect(await posted({ medecin: true, patient: false, assigned_medecin: medecin.id })).toMatchObject({ medecin: true, patient: false, assigned_medecin: medecin.id, medecin_validateur: null });
    const { start, end } = nextSlot();
    const rendezVous = await must<Record<string, unknown>>('POST', '/api/v1/appointments/', patient.token, { requested_start: start.toISOString(), requested_end: end.toISOString() });
    expect(rendezVous).toMatchObject({ id: expect.any(Number), patient: patient.id, medecin: null });
  });

  it('asks for the lists of choices and finds those that it knows', async () => {
    const lists = await must<Record<string, { value: string; label: string }[]>>('GET', `${FICHES}field-choices/`, patient.token);
    expect(Object.keys(lists)).toEqual(expect.arrayContaining(['coloration_bulbaire', 'coloration_palpebrale', 'etat_civil', 'frequence', 'sexe', 'etat', 'capacite', 'oui_non', 'oui_non_inconnu']));
    expect(lists['capacite']).toEqual([{ value: 'Top', label: 'Top' }, { value: 'Moyen', label: 'Moyen' }, { value: 'Bas', label: 'Bas' }]);
  });
});

describe('what an older client reads of a fiche', () => {
  it('of patients at a distance is the short form, with febrile_bool', async () => {
    const [oui, non] = [await posted({ is_patient_distance: true, febrile: 'Oui' }), await posted({ is_patient_distance: true, febrile: 'Non' })];
    const { results } = await must<{ results: Record<string, unknown>[] }>('GET', `${FICHES}?is_patient_distance=true&page_size=100`, patient.token);
    const [vueOui, vueNon] = [oui, non].map(({ id }) => results.find((one) => one['id'] === id));
    expect(Object.keys(vueOui ?? {}).toSorted()).toEqual(['age', 'cephalees', 'created_at', 'diagnostic_ia', 'febrile', 'febrile_bool', 'histoire_maladie', 'id', 'motif_consultation', 'nom', 'pouls', 'prenom', 'spo2', 'status', 'status_display', 'telephone', 'temperature', 'tension_arterielle']);
    expect([vueOui?.['febrile_bool'], vueNon?.['febrile_bool']]).toEqual([true, false]);
  });

  it('has times without fractions, days as YYYY-MM-DD and instants with an offset', async () => {
    const fiche = await posted({});
    expect(fiche).toMatchObject({ heure_debut: expect.stringMatching(/^\d\d:\d\d:\d\d$/), heure_fin: null, date_consultation: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), date_naissance: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/) });
  });

  it('has integers as ids, everywhere', async () => {
    const fiche = await posted({ assigned_medecin: medecin.id });
    const read = await readFiche(patient.token, fiche.id);
    for (const value of [read.id, read['user'], read['assigned_medecin'], read['version']]) expect(Number.isInteger(value)).toBe(true);
    expect(read['user']).toBe(patient.id);
    const { results } = await must<{ results: { id: unknown }[] }>('GET', FICHES, patient.token);
    expect(results.every(({ id }) => Number.isInteger(id))).toBe(true);
  });

  it('of a diagnosis that was edited is the fiche itself beside a detail', async () => {
    const { id } = await posted({});
    const { status, body } = await call<{ detail: string; fiche: Fiche }>('PATCH', `${FICHES}${id}/edit-diagnostic/`, { token: medecin.token, body: { diagnostic: 'Paludisme simple.' } });
    expect([status, typeof body.detail, body.fiche]).toEqual([200, 'string', expect.objectContaining({ id, diagnostic: 'Paludisme simple.', status: expect.any(String), nom: expect.any(String) })]);
  });
});

describe("an older client's account", () => {
  it('is changed under the French names of its form, and answered with success and data beside the user', async () => {
    const said = { prenom: 'Mado', nom: 'Kalenga', postnom: 'Ilunga', telephone: patient.phone, date_naissance: '1990-04-12', sexe: 'F', avenue: 'Kasaï 14', quartier: 'Bel Air', commune: 'Kampemba', contact_nom: 'Ilunga', contact_telephone: '0970000102', contact_adresse: 'Kasaï 14' };
    const { status, body } = await call<Record<string, unknown> & { data: Record<string, unknown> }>('PATCH', ME, { token: patient.token, body: { ...said, statut: 'x' } });
    expect(status).toBe(200);
    const { success, data, ...user } = body;
    expect([success, data]).toEqual([true, user]);
    const { prenom, nom, telephone, date_naissance, ...profil } = said;
    expect(user).toMatchObject({ id: patient.id, first_name: prenom, last_name: nom, phone: telephone, patient_profile: { date_of_birth: date_naissance, ...profil } });
    expect(await must('GET', ME, patient.token)).toEqual(user);
  });

  it("may be saved with its own e-mail, which is no conflict; another's is", async () => {
    const { email } = await must<{ email: string }>('GET', ME, patient.token);
    for (const own of [email, email.toUpperCase()]) expect((await call('PATCH', ME, { token: patient.token, body: { email: own, first_name: 'Mado' } })).status).toBe(200);
    const { email: autre } = await must<{ email: string }>('GET', ME, medecin.token);
    expect((await call('PATCH', ME, { token: patient.token, body: { email: autre } })).body).toHaveProperty('email');
  });

  it.each(['/api/v1/auth/token/', '/api/v1/auth/jwt/token/', '/api/auth/jwt/token/'])('logs in at %s', async (path) => {
    const { status, body } = await call('POST', path, { body: { username: patient.username, password: patient.password } });
    expect([status, body]).toEqual([200, { access: expect.any(String), refresh: expect.any(String) }]);
  });

  it.each(['/api/v1/auth/jwt/refresh/', '/api/auth/jwt/refresh/'])('keeps its refresh token at %s, also when it refreshes several times at once', async (path) => {
    const { refresh } = await must<{ refresh: string }>('POST', '/api/auth/jwt/token/', undefined, { username: patient.username, password: patient.password });
    const answers = await Promise.all(Array.from({ length: 3 }, () => call('POST', path, { body: { refresh } })));
    expect(answers.map(({ status, body }) => [status, Object.keys(body)])).toEqual(Array.from({ length: 3 }, () => [200, ['access']]));
  });
});

describe('an older client on the wire', () => {
  const send = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${gatewayUrl()}${path}`, { method, redirect: 'manual', headers: { authorization: `Bearer ${patient.token}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

  it('calls with or without the slash at the end, and is never redirected', async () => {
    for (const slash of ['', '/']) {
      const made = await send('POST', `${FICHES.slice(0, -1)}${slash}`, ficheComplete({ telephone: patient.phone }));
      expect([slash, made.status]).toEqual([slash, 201]);
      const { id } = (await made.json()) as Fiche;
      for (const path of [FICHES.slice(0, -1), `${FICHES}${id}`, `${FICHES}field-choices`, ME.slice(0, -1), '/api/v1/auth/csrf', '/api/health']) expect([path, slash, (await send('GET', `${path}${slash}`)).status]).toEqual([path, slash, 200]);
      expect((await send('PATCH', `${FICHES}${id}${slash}`, { attentes: 'Guérir' })).status).toBe(200);
    }
  });

  it.each(['Bearer ceci.nest.pasunjeton', 'Bearer ', 'Token 123', 'Basic eDp5'])('sends a stale authorization, %j, with its public calls, which ignore it', async (authorization) => {
    const headers = { authorization };
    const word = unique();
    const account = { username: `compat.${word}`, password: `Lubumbashi-${word}` };
    const registered = await call('POST', '/api/v1/auth/users/register/', { headers, body: { ...account, email: '', phone: '', statut: 'x' } });
    expect([registered.status, registered.body]).toEqual([201, expect.not.objectContaining({ password: expect.anything() })]);
    const { status, body } = await call<{ access: string; refresh: string }>('POST', '/api/v1/auth/token/', { headers, body: account });
    expect(status).toBe(200);
    for (const [method, path, sent] of [['POST', '/api/v1/auth/verify/', { token: body.access }], ['POST', '/api/v1/auth/jwt/refresh/', { refresh: body.refresh }], ['POST', '/api/v1/auth/refresh/', { refresh: body.refresh }], ['GET', '/api/v1/auth/csrf/', undefined], ['GET', '/api/health/', undefined]] as const) {
      expect([path, (await call(method, path, { headers, body: sent })).status]).toEqual([path, 200]);
    }
    expect((await call('GET', FICHES, { headers })).status).toBe(401);
  });
});

describe('an older client that tells a patient', () => {
  it('finds detail, message_sid and status, by SMS and by WhatsApp', async () => {
    const { id } = await posted({});
    for (const method of ['sms', 'whatsapp']) {
      const { status, body } = await call('POST', `${FICHES}${id}/send-notification/`, { token: medecin.token, body: { method, force_resend: false } });
      expect([status, body]).toEqual([200, { detail: expect.any(String), message_sid: expect.stringMatching(/^SM/), status: expect.any(String) }]);
    }
  });

  it('invites to WhatsApp under both addresses, and reads what the QR code holds', async () => {
    for (const path of [`${FICHES}whatsapp-onboarding/`, '/api/v1/whatsapp/onboarding-sms/']) expect((await call('POST', path, { token: patient.token, body: { phone_number: patient.phone } })).status).toBe(200);
    const { body } = await call('GET', `${FICHES}whatsapp-qr/`, { token: patient.token });
    expect(body).toEqual({ whatsapp_url: expect.stringMatching(/^https:\/\/wa\.me\/\d+\?text=/), phone_number: expect.stringMatching(/^\+\d+$/), message: expect.any(String), instructions: expect.any(String), qr_data: body['whatsapp_url'] });
    expect((await call('GET', `/api/v1/whatsapp/sandbox-status/?phone=${encodeURIComponent(patient.phone)}`, { token: patient.token })).body).toEqual({ is_in_sandbox: expect.any(Boolean) });
  });

  it('reads events with their French labels', async () => {
    const admin = await createCompte(await loginSuperuser(), { role: 'patient', admin: true });
    const written = { event_type: 'sms_incoming', external_id: `SM${unique()}`, sender_phone: patient.phone, recipient_phone: '+14155238886', content: 'Bonjour docteur' };
    const { status, body } = await call('POST', '/api/v1/webhooks/', { token: admin.token, body: written });
    expect([status, body]).toEqual([201, {
      ...written, id: expect.any(Number), event_type_display: 'SMS Entrant', raw_payload: {}, processing_status: 'pending', processing_status_display: 'En attente', processing_error: null, related_user: null,
      related_user_name: null, related_fiche: null, related_fiche_number: null, created_message: null, received_at: expect.any(String), processed_at: null,
    }]);
    // It comes to the patient's latest fiche, by and by: not to one that is posted after this.
    await until('the event processed', () => call<{ processing_status: string }>('GET', `/api/v1/webhooks/${Number(body['id'])}/`, { token: admin.token }), (answer) => answer.body.processing_status === 'processed');
  });
});

describe('the thread of messages of a fiche', () => {
  it('shows who wrote: the front ends read sender_id, sender_name and date_envoi beside the names of the contract', async () => {
    const { id } = await posted({});
    await must('POST', `${FICHES}${id}/messages/`, patient.token, { message: 'Bonjour docteur, la toux continue.', fiche: id, sender_name: 'Un autre' });
    await must('POST', `${FICHES}${id}/messages/`, medecin.token, { content: 'Bonjour, depuis quand ?' });
    const { first_name: prenom, last_name: nom } = await must<{ first_name: string; last_name: string }>('GET', ME, patient.token);
    const messages = await must<Record<string, unknown>[]>('GET', `${FICHES}${id}/messages/`, patient.token);
    expect(messages).toMatchObject([
      { fiche: id, author: patient.id, author_username: patient.username, sender_id: patient.id, sender_name: `${prenom} ${nom}`, content: 'Bonjour docteur, la toux continue.' },
      { fiche: id, author: medecin.id, author_username: medecin.username, sender_id: medecin.id, sender_name: 'Kabibi Tshilombo', content: 'Bonjour, depuis quand ?' },
    ]);
    for (const message of messages) expect(message['date_envoi']).toBe(message['created_at']);
  });
});

describe('the form of a reference', () => {
  it('shows under its title that the fiche has it already: a duplicate is 400, with the messages in `title`', async () => {
    const { id } = await posted({});
    await must('POST', `${FICHES}${id}/references/`, medecin.token, { title: 'Fièvre typhoïde : traitement', source: '', url: '', year: '2020' });
    const again = await call('POST', '/api/v1/references/', { token: medecin.token, body: { fiche: id, title: '  FIEVRE TYPHOIDE : traitement ' } });
    expect([again.status, again.body['title']]).toEqual([400, ['Cette fiche a déjà une référence de ce titre.']]);
  });
});
