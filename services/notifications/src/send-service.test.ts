import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { HealthService } from '@mediai/contracts/health/v1/health_service';
import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import type { AppError } from '@mediai/kit/errors';
import { connect, type GrpcClient } from '@mediai/kit/grpc';
import { testPart } from '@mediai/testing';
import { destinataire, eventually, kindOf, personnel, phoneOf, startService, tokenOf } from './service.memory.ts';

const serviceToken = tokenOf('service:consultation', 'service');
const medecin = tokenOf('9', 'medecin');

let service: Awaited<ReturnType<typeof startService>>;
let client: GrpcClient<typeof NotificationsService>;

beforeAll(async () => {
  service = await startService({ env: { REDIS_URL: testPart('redisUrl'), TWILIO_SMS_FROM: undefined, TWILIO_TIMEOUT_MS: '1000', TWILIO_RESEND_GRACE_MS: '500' } });
  client = connect(NotificationsService, { address: service.address, deadlineMs: 10_000 });
});
afterEach(() => service.twilio.reset());
afterAll(async () => {
  client.close();
  await service.close();
});

let count = 0;

/** A request about a new fiche of its own, with a recipient of its own. */
function request(changes: { canal?: string; modele?: string; telephone?: string | undefined; userId?: number; prenom?: string; cle?: string; ficheId?: number } = {}) {
  count += 1;
  return { canal: 'whatsapp', modele: 'fiche_prete', telephone: phoneOf(count), prenom: 'Ombeline-Canari', numeroDossier: `CONS-20260302-${count}`, ficheId: count, cle: `fiche:${randomUUID()}:abc`, etablissementId: 1, ...changes };
}
const send = (init: ReturnType<typeof request> & { forceResend?: boolean }, token = serviceToken) => client.send(init, { token });

describe('Send', () => {
  test('sends once; again within the hour gives the same SID; force sends again', async () => {
    const init = request();
    const first = await send(init);
    expect(first).toMatchObject({ etat: 'envoye', dejaEnvoye: false });
    const [message] = await service.twilio.messages(init.telephone);
    expect(message).toMatchObject({ sid: first.messageSid, body: `Bonjour Ombeline-Canari, votre fiche ${init.numeroDossier} est prête. Lisez-la ici : https://mediai.example/fiches/${init.ficheId}` });
    expect(await send(init)).toMatchObject({ deliveryId: first.deliveryId, messageSid: first.messageSid, dejaEnvoye: true });
    expect(await service.twilio.calls()).toEqual(['create']);
    const forced = await send({ ...init, forceResend: true });
    expect(forced).toMatchObject({ etat: 'envoye', dejaEnvoye: false });
    expect(forced.messageSid).not.toBe(first.messageSid);
    expect(await send(init)).toMatchObject({ messageSid: forced.messageSid, dejaEnvoye: true });
    expect(await service.twilio.messages(init.telephone)).toHaveLength(2);
  });

  test('ten at once with one key are one message', async () => {
    const init = request();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(init)));
    expect(new Set(answers.map(({ messageSid }) => messageSid)).size).toBe(1);
    expect(answers.every(({ etat }) => etat === 'envoye')).toBe(true);
    expect(answers.filter(({ dejaEnvoye }) => !dejaEnvoye)).toHaveLength(1);
    expect(await service.twilio.messages(init.telephone)).toHaveLength(1);
  });

  test('while Twilio fails it answers en_attente, the same again, and the worker goes on', async () => {
    await service.twilio.setFault({ kind: 'status', status: 503 });
    const init = request();
    const first = await send(init);
    expect(first).toMatchObject({ etat: 'en_attente', dejaEnvoye: false });
    expect(first.messageSid).toBeUndefined();
    expect((await send(init)).dejaEnvoye).toBe(true);
    await service.twilio.clearFaults();
    const [message] = await service.messagesTo(init.telephone);
    expect(await eventually(() => send(init), ({ etat }) => etat === 'envoye')).toMatchObject({ deliveryId: first.deliveryId, messageSid: message?.sid });
    expect(await service.twilio.messages(init.telephone)).toHaveLength(1);
  });

  test('accepted and dropped: the SID is found, nothing is sent twice', async () => {
    await service.twilio.setFault({ kind: 'drop_after_accept', count: 1 });
    const init = request();
    await send(init);
    const found = await eventually(() => send(init), ({ messageSid }) => messageSid !== undefined);
    const messages = await service.twilio.messages(init.telephone);
    expect(messages.map(({ sid }) => sid)).toEqual([found.messageSid]);
  });

  test('a caller with a short deadline is answered in time', async () => {
    await service.twilio.setFault({ kind: 'latency', latencyMs: 900, count: 1 });
    const init = request();
    const answer = await client.send(init, { token: serviceToken, deadlineMs: 800 });
    expect(answer.etat).toBe('en_cours');
    await eventually(() => send(init), ({ etat }) => etat === 'envoye');
    expect(await service.twilio.messages(init.telephone)).toHaveLength(1);
  });

  test('a row left behind by a killed process is looked up: one message', async () => {
    const init = request();
    const { messageSid } = await send(init);
    // As if the process had died between Twilio's answer and the row: taken, lease over, no SID.
    await service.db.delivery.updateMany({
      where: { message_sid: messageSid ?? '' },
      data: { etat: 'en_cours', message_sid: null, sent_at: null, lease_until: new Date(0), next_attempt_at: new Date(0), uncertain_since: new Date(Date.now() - 5_000), resend_after: new Date(0) },
    });
    const [row] = await eventually(() => service.db.delivery.findMany({ where: { cle: init.cle } }), (rows) => rows[0]?.etat === 'envoye');
    expect(row?.message_sid).toBe(messageSid);
    expect(await service.twilio.messages(init.telephone)).toHaveLength(1);
  });

  test('of a person is about a fiche that consultation lets them act on; a refusal is audited', async () => {
    const [colleagues, unknown] = [request({ ficheId: 70_001 }), request({ ficheId: 70_002 })];
    service.peers.fiches.set(70_001, { telephone: phoneOf(1), userId: 4, etablissementId: 1, medecinId: 10 });
    await expect(send(colleagues, medecin)).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.motif_requis' });
    expect(await kindOf(send(unknown, medecin))).toBe('not_found');
    await expect(client.send({ ...request(), ficheId: undefined }, { token: medecin })).rejects.toMatchObject({ fields: { fiche_id: ['La fiche est obligatoire.'] } });
    expect(await kindOf(client.send({ ...request({ ficheId: 70_003 }), etablissementId: 999 }, { token: tokenOf('4', 'patient') }))).toBe('forbidden');
    expect({ asked: service.peers.asked, opened: service.peers.opened }).toEqual({ asked: ['9:70001', '9:70002'], opened: [] });
    expect(await service.twilio.messages()).toEqual([]);
    const rows = await service.db.audit.findMany({ where: { objet_type: 'fiche' }, orderBy: { id: 'asc' }, select: { acteur_id: true, acteur_role: true, action: true, objet_id: true, etablissement_id: true, issue: true, raison: true } });
    expect(rows).toEqual([
      { acteur_id: 9, acteur_role: 'medecin', action: 'delivery.demander', objet_id: '70001', etablissement_id: 1, issue: 'refus', raison: 'acces.motif_requis' },
      { acteur_id: 4, acteur_role: 'patient', action: 'delivery.demander', objet_id: '70003', etablissement_id: 1, issue: 'refus', raison: 'acces.refuse' },
    ]);
  });

  test('of a person goes to whom consultation says, about what it says, whatever they say themselves', async () => {
    const [patient, stranger] = [phoneOf(9101), phoneOf(9102)];
    service.play(9101, destinataire(patient));
    service.play(9102, { ...destinataire(phoneOf(9103)), etablissementId: 2 });
    const lies = { telephone: stranger, userId: 41, prenom: 'Ombeline-Leurre', ficheId: 9101, cle: 'appointment:801:confirmed:2' };
    const { messageSid } = await send(request(lies), medecin);
    expect((await service.twilio.messages(patient)).map(({ sid, body }) => [sid, body])).toEqual([[messageSid, 'Bonjour Ombeline-Canari, votre fiche CONS-20260302-900 est prête. Lisez-la ici : https://mediai.example/fiches/9101']]);
    expect(await send(request({ ...lies, cle: 'another' }), medecin)).toMatchObject({ messageSid, dejaEnvoye: true });
    expect(await service.db.envoiCle.findMany({ where: { cle: { contains: 'appointment:801' } } })).toEqual([]);
    expect(await kindOf(send(request({ ficheId: 9102 }), medecin))).toBe('not_found');
    service.peers.fiches.set(9199, { telephone: patient, userId: 4, etablissementId: 1 });
    expect(await kindOf(send(request({ ficheId: 9199 }), medecin))).toBe('not_found');
    await expect(send(request({ ...lies, modele: 'appointment_annule' }), medecin)).rejects.toMatchObject({ fields: { modele: [expect.any(String)] } });
    expect(await service.twilio.messages()).toHaveLength(1);
  });

  test('leaves a line of who had what sent, and how it ended, in the audit', async () => {
    service.play(9104, destinataire(phoneOf(9104)));
    const { deliveryId } = await send(request({ ficheId: 9104 }), medecin);
    const rows = await service.db.audit.findMany({ where: { objet_type: 'delivery', objet_id: String(deliveryId) }, orderBy: { id: 'asc' } });
    expect(rows).toMatchObject([
      { acteur_id: 9, acteur_role: 'medecin', action: 'delivery.demander', issue: 'ok', raison: 'fiche_prete', etablissement_id: 1, request_id: expect.any(String) },
      { acteur_id: null, acteur_role: 'service:notifications', action: 'delivery.envoyer', issue: 'ok' },
    ]);
    await expect(service.db.audit.deleteMany({})).rejects.toThrow();
  });

  test('is for services, approved médecins and admins, each within their établissement', async () => {
    expect(await kindOf(client.send(request()))).toBe('unauthenticated');
    expect(await kindOf(send(request(), tokenOf('99', 'medecin')))).toBe('unauthenticated'); // revoked
    expect(await kindOf(send(request(), tokenOf('4', 'patient')))).toBe('forbidden');
    expect(await kindOf(send(request(), tokenOf('9', 'medecin', { approuve: false })))).toBe('forbidden');
    service.play(9105, destinataire(phoneOf(9105)));
    expect(await kindOf(send(request({ ficheId: 9105 }), tokenOf('9', 'medecin', { etablissement_id: 2 })))).toBe('not_found');
    expect(await kindOf(send(request({ ficheId: 9105 }), tokenOf('3', 'patient', { is_staff: true })))).toBe('ok');
    expect(await kindOf(send(request(), tokenOf('service:auth', 'service')))).toBe('forbidden');
    expect(await service.twilio.messages()).toHaveLength(1);
  });

  test('says in French, field by field, what is wrong', async () => {
    const kinds = await Promise.all([send(request({ canal: 'fax' })), send(request({ modele: 'autre' })), send(request({ cle: '' })), send(request({ telephone: 'abc' })), send(request({ telephone: undefined }))].map((call) => call.catch((error: AppError) => Object.keys(error.fields ?? {}))));
    expect(kinds).toEqual([['canal'], ['modele'], ['cle'], ['telephone'], ['telephone']]);
    const odd = [{ cle: 'a\0b' }, { prenom: 'a\0b' }, { prenom: 'x'.repeat(201) }, { telephone: '+243\u0000810000000' }].map((changes) => send(request(changes)).catch((error: AppError) => Object.keys(error.fields ?? {})));
    expect(await Promise.all([...odd, client.send({ ...request(), numeroDossier: '\0' }, { token: serviceToken }).catch((error: AppError) => Object.keys(error.fields ?? {}))])).toEqual([['cle'], ['prenom'], ['prenom'], ['telephone'], ['numero_dossier']]);
    await expect(send(request({ canal: 'sms' }))).rejects.toMatchObject({ kind: 'invalid', code: 'notification.sms_non_configure' });
  });

  test('finds the phone of a user: projected, else asked of auth once', async () => {
    await service.publishUser(41, phoneOf(9041));
    expect(await send(request({ telephone: undefined, userId: 41, prenom: '' }))).toMatchObject({ etat: 'envoye' });
    expect((await service.twilio.messages(phoneOf(9041)))[0]?.body).toMatch(/^Bonjour Mwamba, /);
    expect(service.peers.askedAuth).toEqual([]);
    expect(await send(request({ telephone: undefined, userId: 77 }))).toMatchObject({ etat: 'envoye' });
    expect(service.peers.askedAuth).toEqual([77]);
  });
});

test('its parts are told to anybody', async () => {
  const health = connect(HealthService, { address: service.address });
  expect((await health.getChecks({})).checks).toEqual({ database: 'ok', schema: 'ok', redis: 'ok', kafka: 'ok', workers: 'ok', external_apis: 'ok' });
  health.close();
});

test('no name, phone or text is in logs, spans, metrics or events', async () => {
  const { counts, texts } = await service.told();
  for (const count of counts) expect(count).toBeGreaterThan(20);
  for (const text of texts) expect(text).not.toMatch(personnel);
});
