import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { call, loginMedecin, registerPatient, until } from './client.ts';
import { analysedFiche, conversationOf, createFiche, postFiche, readFiche, validateFiche, type Fiche } from './fiche.ts';
import { clearFaults, messagesHolding, setFault } from './sandbox.ts';
import { killService, serviceReady, startPart, startService, stopPart, stopService, type Service } from './suite.ts';

/** A fiche that any rule table must find red. */
const ROUGE = { motif_consultation: "Difficulté respiratoire majeure, ne peut pas finir ses phrases, lèvres bleues.", spo2: 84, frequence_respiratoire: 38 };

describe('when something fails', () => {
  afterEach(async () => {
    await clearFaults();
  });

  it('every model down: red flags are in the 201, the failure is said to the médecin, who can validate', async () => {
    await setFault({ provider: 'openai', kind: 'status', status: 500 });
    await setFault({ provider: 'anthropic', kind: 'status', status: 500 });
    await setFault({ provider: 'google', kind: 'status', status: 500 });
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const created = await postFiche(patient.token, { telephone: patient.phone, ...ROUGE });
    expect(created.status).toBe(201);
    expect(created.body['urgence']).toBe('rouge');
    const ended = await analysedFiche(medecin, created.body.id);
    expect(ended.diagnostic_ia).toBeNull();
    expect(ended['analyse_echec']).toMatchObject({ code: expect.any(String) });
    expect((await validateFiche(medecin, created.body.id)).status).toBe(200);
  });

  it('ia and Kafka down: the fiche is saved with its red flags and can be validated', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    await stopService('ia');
    await stopPart('kafka');
    try {
      const created = await postFiche(patient.token, { telephone: patient.phone, ...ROUGE });
      expect(created.status).toBe(201);
      expect(created.body['urgence']).toBe('rouge');
      expect((await readFiche(medecin, created.body.id))['signes_alerte']).not.toEqual([]);
      expect((await validateFiche(medecin, created.body.id)).status).toBe(200);
    } finally {
      await startPart('kafka');
      await startService('ia');
    }
  });

  it('Twilio down: validation succeeds and the message comes once Twilio is back', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const body = await createFiche(patient.token, { telephone: patient.phone });
    await analysedFiche(medecin, body.id);
    await setFault({ provider: 'twilio', kind: 'status', status: 503 });
    expect((await validateFiche(medecin, body.id)).status).toBe(200);
    await new Promise((wake) => setTimeout(wake, 2000));
    expect(await messagesHolding(body.numero_dossier)).toEqual([]);
    await clearFaults();
    expect(await until('the retried message', () => messagesHolding(body.numero_dossier), (messages) => messages.length > 0)).toHaveLength(1);
  });

  it('Twilio accepts and drops the line: the message is found again, not sent twice', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    const body = await createFiche(patient.token, { telephone: patient.phone });
    await analysedFiche(medecin, body.id);
    await setFault({ provider: 'twilio', kind: 'drop_after_accept', count: 1 });
    expect((await validateFiche(medecin, body.id)).status).toBe(200);
    const [message] = await until('the accepted message', () => messagesHolding(body.numero_dossier), (messages) => messages.length > 0);
    const answer = await until(
      'the reconciled delivery',
      () => call<{ success: boolean; message_sid: string }>('POST', `/api/v1/fiche-consultation/${body.id}/send-whatsapp/`, { token: medecin, body: {} }),
      (sent) => sent.body?.success === true,
    );
    expect(answer.body.message_sid).toBe(message?.sid);
    expect(await messagesHolding(body.numero_dossier)).toHaveLength(1);
  });

  it('Redis stopped: the main job still passes', async () => {
    await stopPart('redis');
    try {
      const patient = await registerPatient();
      const medecin = await loginMedecin();
      const body = await createFiche(patient.token, { telephone: patient.phone });
      await analysedFiche(medecin, body.id);
      expect((await validateFiche(medecin, body.id)).status).toBe(200);
      expect(await until('the message', () => messagesHolding(body.numero_dossier), (messages) => messages.length > 0)).toHaveLength(1);
      const health = await call<{ status: string; checks: Record<string, string> }>('GET', '/api/health/');
      expect(health.status).toBe(200);
      expect(health.body.status).toBe('degraded');
    } finally {
      await startPart('redis');
    }
  });

  it('Kafka stopped for 30 s during the POST: 201, and the analysis comes when Kafka is back', async () => {
    const patient = await registerPatient();
    const medecin = await loginMedecin();
    await stopPart('kafka');
    let created: { status: number; body: Fiche };
    try {
      created = await postFiche(patient.token, { telephone: patient.phone });
      expect(created.status).toBe(201);
      await new Promise((wake) => setTimeout(wake, 30_000));
      expect((await readFiche(medecin, created.body.id)).status).toBe('en_analyse');
    } finally {
      await startPart('kafka');
    }
    await analysedFiche(medecin, created.body.id, 90_000);
  }, 180_000);

  it.each<Service>(['gateway', 'auth', 'consultation', 'ia', 'notifications', 'appointments'])(
    'kill -9 of %s in mid-journey: the journey completes, nothing doubled',
    async (service) => {
      const patient = await registerPatient();
      const medecin = await loginMedecin();
      await setFault({ provider: 'anthropic', kind: 'latency', latencyMs: 1500 });
      const key = randomUUID();
      const body = await createFiche(patient.token, { telephone: patient.phone }, { 'idempotency-key': key });
      await killService(service);
      await serviceReady(service);
      const replayed = await until('the POST repeated with its key', () => postFiche(patient.token, { telephone: patient.phone }, { 'idempotency-key': key }), (answer) => answer.status === 201);
      expect(replayed.body.id).toBe(body.id);
      await analysedFiche(medecin, body.id, 90_000);
      const conversation = await conversationOf(medecin, body.id);
      expect(conversation?.messages.map((message) => message.role).toSorted()).toEqual(['claude', 'gemini', 'gpt4', 'synthese', 'user']);
      const validation = validateFiche(medecin, body.id);
      if (service === 'notifications') await killService(service);
      expect((await validation).status).toBe(200);
      await until('the message', () => messagesHolding(body.numero_dossier), (messages) => messages.length > 0);
      await new Promise((wake) => setTimeout(wake, 1500));
      expect(await messagesHolding(body.numero_dossier)).toHaveLength(1);
    },
    180_000,
  );
});
