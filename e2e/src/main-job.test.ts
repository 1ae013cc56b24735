import { describe, expect, it } from '@jest/globals';
import { call, loginMedecin, registerPatient, until } from './client.ts';
import { analysedFiche, conversationOf, createFiche, postFiche, readFiche, validateFiche } from './fiche.ts';
import { callsHolding, messagesHolding } from './sandbox.ts';

describe('the main job', () => {
  it("carries a patient's complete fiche to analysis, validation and the patient's phone", async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const posted = Date.now();
    const created = await postFiche(patient.token, { telephone: patient.phone, nom: 'Zébédayo', prenom: 'Canarina' });

    expect(created.status).toBe(201);
    expect(created.body.status).toBe('en_analyse');
    expect(created.body.numero_dossier).toMatch(/^CONS-\d{8}-\d{3,}$/);
    expect(['rouge', 'orange', 'jaune', 'vert']).toContain(created.body['urgence']);
    expect(String(created.body['orientation']).length).toBeGreaterThan(20);
    expect(created.body).not.toHaveProperty('signes_alerte');
    const { id, numero_dossier: numero } = created.body;

    const analysed = await analysedFiche(medecin, id);
    process.stdout.write(`POST to analyse_terminee: ${Date.now() - posted} ms\n`);
    expect(analysed.diagnostic_ia).toContain('SIMULATION');
    expect(Array.isArray(analysed['signes_alerte'])).toBe(true);

    const seenByMedecin = await conversationOf(medecin, id);
    expect(seenByMedecin?.messages.map((message) => message.role).toSorted()).toEqual(['claude', 'gemini', 'gpt4', 'synthese', 'user']);
    expect((await readFiche(patient.token, id)).diagnostic_ia).toBeNull();
    const seenByPatient = await conversationOf(patient.token, id);
    expect(new Set(seenByPatient?.messages.map((message) => message.role))).toEqual(new Set(['user']));
    expect(await callsHolding('Canarina')).toEqual([]);
    expect(await callsHolding('Zébédayo')).toEqual([]);

    const listed = await call<{ count: number; results: { id: number }[] }>('GET', '/api/v1/fiche-consultation/?status=analyse_terminee&page_size=100', { token: medecin });
    expect(listed.status).toBe(200);
    expect(listed.body.results.map((fiche) => fiche.id)).toContain(id);

    const edited = await call<{ fiche: { diagnostic: string } }>('PATCH', `/api/v1/fiche-consultation/${id}/edit-diagnostic/`, { token: medecin, body: { diagnostic: 'Paludisme probable.' } });
    expect(edited.status).toBe(200);
    expect(edited.body.fiche.diagnostic).toBe('Paludisme probable.');
    expect((await readFiche(patient.token, id))['diagnostic']).toBeNull();

    const validated = await validateFiche(medecin, id);
    expect(validated.status).toBe(200);
    expect(validated.body.status).toBe('valide_medecin');
    const read = await readFiche(patient.token, id);
    expect(read.diagnostic_ia).toContain('SIMULATION');
    expect(read['traitement']).toContain('Artéméther');
    await until('publication of the analysis', () => conversationOf(patient.token, id), (conversation) => conversation?.messages.some((message) => message.role === 'synthese') === true);

    const sent = await until('message to the patient', () => messagesHolding(numero), (messages) => messages.length > 0);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.to).toContain(patient.phone);
    expect(sent[0]?.body).not.toMatch(/palud|pneumon|artéméther/i);

    const again = await call<{ success: boolean; message_sid: string; fiche: number }>('POST', `/api/v1/fiche-consultation/${id}/send-whatsapp/`, { token: medecin, body: {} });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ success: true, message_sid: sent[0]?.sid, fiche: id });
    expect(await messagesHolding(numero)).toHaveLength(1);

    const forced = await call<{ message_sid: string }>('POST', `/api/v1/fiche-consultation/${id}/send-whatsapp/`, { token: medecin, body: { force_resend: true } });
    expect(forced.status).toBe(200);
    expect(forced.body.message_sid).not.toBe(sent[0]?.sid);
    expect(await messagesHolding(numero)).toHaveLength(2);
  });

  it('lets a médecin reject a fiche, and the patient correct it, which asks for a new analysis', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const body = await createFiche(patient.token, { telephone: patient.phone });
    await analysedFiche(medecin, body.id);

    const missing = await call('POST', `/api/v1/fiche-consultation/${body.id}/reject/`, { token: medecin, body: {} });
    expect(missing.status).toBe(400);
    expect(missing.body).toHaveProperty('commentaire');
    const rejected = await call('POST', `/api/v1/fiche-consultation/${body.id}/reject/`, { token: medecin, body: { commentaire: 'La tension manque, merci de la mesurer.' } });
    expect(rejected.status).toBe(200);
    expect(rejected.body['status']).toBe('rejete_medecin');

    const corrected = await call('PATCH', `/api/v1/fiche-consultation/${body.id}/`, { token: patient.token, body: { tension_arterielle: '12/8' } });
    expect(corrected.status).toBe(200);
    expect(corrected.body['status']).toBe('en_analyse');
    expect((await analysedFiche(medecin, body.id)).diagnostic_ia).toContain('SIMULATION');

    const relaunched = await call('POST', `/api/v1/fiche-consultation/${body.id}/relancer/`, { token: medecin, body: {} });
    expect(relaunched.status).toBe(202);
    expect(relaunched.body).toMatchObject({ status: 'en_analyse', task_id: expect.any(String) });
    await analysedFiche(medecin, body.id);
  });

  it('raises a red flag in the answer to the POST itself', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const created = await postFiche(patient.token, {
      telephone: patient.phone,
      motif_consultation: 'Convulsions depuis ce matin chez une femme enceinte de 8 mois, maux de tête violents et vision trouble.',
      tension_arterielle: '17/11',
      sexe: 'F',
      date_naissance: '1998-05-14',
    });
    expect(created.status).toBe(201);
    expect(created.body['urgence']).toBe('rouge');
    const seen = await readFiche(medecin, created.body.id);
    expect((seen['signes_alerte'] as { niveau: string }[]).some((sign) => sign.niveau === 'rouge')).toBe(true);
  });

  it("hides another patient's fiche as if it did not exist", async () => {
    const owner = await registerPatient();
    const other = await registerPatient();
    const body = await createFiche(owner.token, { telephone: owner.phone });
    for (const [method, path] of [['GET', ''], ['PATCH', ''], ['DELETE', '']] as const) {
      const answer = await call(method, `/api/v1/fiche-consultation/${body.id}/${path}`, { token: other.token, ...(method === 'PATCH' ? { body: { tete: 'x' } } : {}) });
      expect(answer.status).toBe(404);
    }
    expect((await call('POST', `/api/v1/fiche-consultation/${body.id}/validate/`, { token: owner.token, body: {} })).status).toBe(403);
    expect((await call('GET', `/api/v1/fiche-consultation/${body.id}/`)).status).toBe(401);
  });
});
