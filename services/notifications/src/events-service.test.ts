import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UserChangedSchema } from '@mediai/contracts/auth/v1/events';
import { FicheCreatedSchema } from '@mediai/contracts/consultation/v1/events';
import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { WebhookService } from '@mediai/contracts/notifications/v1/webhook_service';
import { WhatsappService } from '@mediai/contracts/notifications/v1/whatsapp_service';
import { topics } from '@mediai/events';
import { connect, type GrpcClient } from '@mediai/kit/grpc';
import twilio from 'twilio';
import { twilioToken } from './sandbox.memory.ts';
import { eventually, kindOf, phoneOf, publicUrl, smsFrom, startService, tokenOf } from './service.memory.ts';
import { callbackUrl } from './webhook/signature-client.ts';

let service: Awaited<ReturnType<typeof startService>>;
let webhooks: GrpcClient<typeof WebhookService>;
let whatsapp: GrpcClient<typeof WhatsappService>;
let sends: GrpcClient<typeof NotificationsService>;

const texte = 'Douleur clinquantissime depuis hier';
const patient = tokenOf('4', 'patient');
const medecin = tokenOf('9', 'medecin');
const confrere = tokenOf('10', 'medecin');
const admin = tokenOf('3', 'patient', { is_staff: true });
const adminAilleurs = tokenOf('5', 'patient', { is_staff: true, etablissement_id: 2 });
const superuser = tokenOf('6', 'patient', { is_staff: true, is_superuser: true, etablissement_id: 7 });
const page = { page: 1, pageSize: 100 };

beforeAll(async () => {
  service = await startService();
  webhooks = connect(WebhookService, { address: service.address, deadlineMs: 10_000 });
  whatsapp = connect(WhatsappService, { address: service.address, deadlineMs: 10_000 });
  sends = connect(NotificationsService, { address: service.address, deadlineMs: 10_000 });
  await service.publish(topics.user, UserChangedSchema, { id: 4, username: 'u4', firstName: 'Ombeline', lastName: 'Kalonji', role: 'patient', isActive: true, phone: phoneOf(1), etablissementId: 1, version: 1 });
  for (const [id, userId, medecinId] of [[11, 4, undefined], [12, 44, 9]] as const) {
    service.peers.fiches.set(id, { telephone: phoneOf(id), userId, etablissementId: 1, ...(medecinId ? { medecinId } : {}) });
    await service.publish(topics.fiche, FicheCreatedSchema, { fiche: { id, numeroDossier: `CONS-20261128-0${id}`, userId, assignedMedecinId: medecinId, etablissementId: 1, status: 'en_analyse', version: 1 }, taskId: randomUUID() });
  }
});
afterAll(async () => {
  for (const client of [webhooks, whatsapp, sends]) client.close();
  await service.close();
});

const newSid = (): string => `SM${randomUUID().replaceAll('-', '')}`;

/** As Twilio calls: signed over the public address. */
function told(form: Record<string, string>, canal: 'whatsapp' | 'sms' = 'whatsapp', signature = twilio.getExpectedTwilioSignature(twilioToken, callbackUrl(publicUrl, canal), form)) {
  return webhooks.takeTwilioCallback({ canal, parametres: Object.entries(form).map(([nom, valeur]) => ({ nom, valeur })), signature });
}
const inbound = (n: number, changes: Record<string, string> = {}) => ({ MessageSid: newSid(), From: `whatsapp:${phoneOf(n)}`, To: 'whatsapp:+14155238886', Body: texte, NumMedia: '0', ...changes });
const rowOf = (externalId: string) => service.db.webhookEvent.findFirst({ where: { external_id: externalId } });
const processed = (externalId: string, status = 'processed') => eventually(() => rowOf(externalId), (row) => row?.processing_status === status);
const listed = async (token: string, more: object = {}): Promise<string[]> => (await webhooks.listWebhookEvents({ ...page, ...more }, { token })).events.map(({ externalId }) => externalId);

describe('what Twilio tells', () => {
  test('is believed by its signature alone', async () => {
    const form = inbound(11);
    for (const signature of ['', 'x', twilio.getExpectedTwilioSignature('autre', callbackUrl(publicUrl, 'whatsapp'), form), twilio.getExpectedTwilioSignature(twilioToken, 'http://localhost:8000/api/v1/webhooks/twilio/whatsapp/', form)]) {
      await expect(told(form, 'whatsapp', signature)).rejects.toMatchObject({ kind: 'forbidden', code: 'webhook.signature_invalide', detail: expect.stringContaining('signature') });
    }
    expect(await rowOf(form.MessageSid)).toBeNull();
  });

  test('a message told three times, at once and again, is one message on the fiche', async () => {
    const forms = [inbound(11), inbound(11), inbound(12)];
    await Promise.all([...forms, ...forms.toReversed(), ...forms].map((form) => told(form)));
    for (const form of forms) await processed(form.MessageSid);
    for (const form of forms) await told(form);
    expect(service.peers.messages.filter(({ sourceId }) => forms.some(({ MessageSid }) => MessageSid === sourceId))).toHaveLength(3);
    expect(await service.db.webhookEvent.count({ where: { external_id: { in: forms.map(({ MessageSid }) => MessageSid) } } })).toBe(3);
    expect(await rowOf(forms[2]?.MessageSid ?? '')).toMatchObject({ event_type: 'whatsapp_incoming', sender_phone: phoneOf(12), content: texte, related_fiche_id: 12, related_user_id: 44, etablissement_id: 1, created_message_id: expect.any(Number) });
  });

  test('while consultation is away waits, and is not lost', async () => {
    service.peers.away = true;
    const form = inbound(11, { From: phoneOf(11), To: smsFrom });
    await told(form, 'sms');
    expect(await processed(form.MessageSid, 'failed')).toMatchObject({ processing_error: 'service.indisponible', event_type: 'sms_incoming' });
    service.peers.away = false;
    expect(await processed(form.MessageSid)).toMatchObject({ related_fiche_id: 11, processing_error: null });
    expect(service.peers.messages.filter(({ sourceId }) => sourceId === form.MessageSid)).toHaveLength(1);
  });

  test('of a message that went out is its delivery\'s state, never undone by a late one', async () => {
    const phone = phoneOf(501);
    const { messageSid = '', deliveryId } = await sends.send({ canal: 'whatsapp', modele: 'fiche_prete', telephone: phone, prenom: 'Ombeline', numeroDossier: 'CONS-20261128-011', ficheId: 11, userId: 4, cle: randomUUID(), etablissementId: 1 }, { token: tokenOf('service:consultation', 'service') });
    const status = (state: string) => ({ MessageSid: messageSid, MessageStatus: state, From: 'whatsapp:+14155238886', To: `whatsapp:${phone}` });
    for (const state of ['delivered', 'sent', 'delivered', 'queued', 'sent']) await told(status(state));
    await eventually(() => service.db.webhookEvent.count({ where: { external_id: messageSid, processing_status: 'processed' } }), (count) => count === 3);
    expect(await service.db.delivery.findUnique({ where: { id: deliveryId } })).toMatchObject({ etat: 'livre' });
    expect(await service.db.audit.findMany({ where: { objet_type: 'delivery', objet_id: String(deliveryId), action: 'delivery.suivre' } })).toHaveLength(1);
  });

  test('STOP ends messages over that channel, and the next one says why', async () => {
    const stop = inbound(502, { Body: 'STOP' });
    await told(stop);
    await processed(stop.MessageSid);
    const send = () => sends.send({ canal: 'whatsapp', modele: 'fiche_prete', telephone: phoneOf(502), prenom: '', numeroDossier: 'CONS-1', ficheId: 11, cle: randomUUID(), etablissementId: 1 }, { token: tokenOf('service:consultation', 'service') });
    const { etat, deliveryId } = await send();
    expect(etat).toBe('echec');
    expect(await service.db.delivery.findUnique({ where: { id: deliveryId } })).toMatchObject({ error_code: 'destinataire.oppose' });
    const start = inbound(502, { Body: 'START' });
    await told(start);
    await processed(start.MessageSid);
    expect((await send()).etat).toBe('envoye');
  });
});

describe('events', () => {
  test('are listed to médecins by fiche and to admins by établissement; what is nobody\'s to those of the default one and superusers', async () => {
    const [free, followed, nobodys] = [inbound(11), inbound(12), inbound(999)];
    for (const form of [free, followed, nobodys]) await told(form);
    await Promise.all([processed(free.MessageSid), processed(followed.MessageSid), processed(nobodys.MessageSid, 'ignored')]);
    const seen = async (token: string) => {
      const ids = await listed(token);
      return [free, followed, nobodys].map(({ MessageSid }) => ids.includes(MessageSid));
    };
    expect(await seen(medecin)).toEqual([true, true, false]);
    expect(await seen(confrere)).toEqual([true, false, false]);
    expect(await seen(admin)).toEqual([true, true, true]);
    expect(await seen(adminAilleurs)).toEqual([false, false, false]);
    expect(await seen(superuser)).toEqual([false, false, true]);
    expect(await kindOf(listed(patient))).toBe('forbidden');
    expect(await kindOf(listed(tokenOf('9', 'medecin', { approuve: false })))).toBe('forbidden');
    expect(await kindOf(listed(tokenOf('service:consultation', 'service')))).toBe('forbidden');
    expect(service.peers.opened.some((one) => one.startsWith('9:'))).toBe(true);
    expect(await listed(admin, { status: 'ignored', eventType: 'whatsapp_incoming' })).toEqual([nobodys.MessageSid]);
    await expect(listed(admin, { status: 'x', eventType: 'y' })).rejects.toMatchObject({ fields: { status: [expect.any(String)], event_type: [expect.any(String)] } });
  });

  test('one is read by who may open its fiche; a colleague\'s with a reason', async () => {
    const form = inbound(12);
    await told(form);
    const { id = 0 } = (await processed(form.MessageSid)) ?? {};
    const get = (token: string, accessReason?: string) => webhooks.getWebhookEvent({ id }, { token, ...(accessReason ? { accessReason } : {}) });
    expect((await get(medecin)).event).toMatchObject({ id, content: texte, relatedFicheId: 12, relatedFicheNumber: 'CONS-20261128-012', rawPayload: expect.stringContaining(form.MessageSid) });
    await expect(get(confrere)).rejects.toMatchObject({ code: 'acces.motif_requis' });
    expect((await get(confrere, 'Garde de nuit')).event?.id).toBe(id);
    expect(await kindOf(get(admin))).toBe('ok');
    expect([await kindOf(get(adminAilleurs)), await kindOf(get(superuser)), await kindOf(get(patient))]).toEqual(['not_found', 'not_found', 'forbidden']);
    expect(await kindOf(webhooks.getWebhookEvent({ id: 2_147_483_647 }, { token: medecin }))).toBe('not_found');
  });

  test('what is about no fiche leaves its reading in the audit here', async () => {
    const form = inbound(998);
    await told(form);
    const { id = 0 } = (await processed(form.MessageSid, 'ignored')) ?? {};
    await webhooks.getWebhookEvent({ id }, { token: admin });
    expect(await service.db.audit.findMany({ where: { objet_type: 'webhook', objet_id: String(id) } })).toMatchObject([{ acteur_id: 3, action: 'webhook.lire', issue: 'ok' }]);
    expect(await kindOf(webhooks.getWebhookEvent({ id }, { token: medecin }))).toBe('not_found');
  });

  test('an admin writes one within the établissement, once under its key; of others it says nothing', async () => {
    const written = { eventType: 'sms_incoming', externalId: newSid(), senderPhone: '081 000 0011', recipientPhone: smsFrom, content: 'Écrit pour un essai' };
    const idempotencyKey = randomUUID();
    const first = await webhooks.createWebhookEvent(written, { token: admin, idempotencyKey });
    expect(first).toMatchObject({ replayed: false, event: { senderPhone: phoneOf(11), processingStatus: 'pending' } });
    expect(await webhooks.createWebhookEvent(written, { token: admin, idempotencyKey })).toEqual(first);
    expect(await processed(written.externalId)).toMatchObject({ related_fiche_id: 11, created_by: 3 });
    expect(await webhooks.createWebhookEvent(written, { token: admin })).toMatchObject({ replayed: true, event: { id: first.event?.id, processingStatus: 'processed' } });
    await expect(webhooks.createWebhookEvent(written, { token: adminAilleurs })).rejects.toMatchObject({ kind: 'exists' });
    await expect(webhooks.createWebhookEvent({ ...written, content: 'autre' }, { token: admin, idempotencyKey })).rejects.toMatchObject({ kind: 'unprocessable' });
    const elsewhere = { ...written, externalId: newSid() };
    await webhooks.createWebhookEvent(elsewhere, { token: adminAilleurs });
    expect(await processed(elsewhere.externalId, 'ignored')).toMatchObject({ processing_error: 'telephone.inconnu', etablissement_id: 2 });
    for (const token of [medecin, patient, tokenOf('9', 'medecin', { approuve: false })]) await expect(webhooks.createWebhookEvent(written, { token })).rejects.toMatchObject({ kind: 'forbidden', code: 'acces.refuse' });
  });

  test('what is wrong with one is said field by field', async () => {
    const call = webhooks.createWebhookEvent({ eventType: 'x', externalId: 'é', senderPhone: '', recipientPhone: 'x'.repeat(31), content: 'a\0b', rawPayload: '[1]' }, { token: admin });
    await expect(call).rejects.toMatchObject({ fields: Object.fromEntries(['event_type', 'external_id', 'sender_phone', 'recipient_phone', 'content', 'raw_payload'].map((field) => [field, [expect.any(String)]])) });
    const sound = { eventType: 'sms_status', externalId: 'SM1', senderPhone: smsFrom, recipientPhone: phoneOf(1), content: 'delivered' };
    for (const changes of [{ content: 'Livré !' }, { rawPayload: '{"a":"\\u0000"}' }, { rawPayload: '{' }]) expect(await kindOf(webhooks.createWebhookEvent({ ...sound, ...changes }, { token: admin }))).toBe('invalid');
  });
});

describe('the way into WhatsApp', () => {
  test('instructions go by SMS, once in ten minutes to a phone, whoever asks', async () => {
    const phoneNumber = '081 000 0601';
    const first = await whatsapp.sendOnboarding({ phoneNumber }, { token: patient });
    expect(first).toMatchObject({ etat: 'envoye', detail: 'Les instructions ont été envoyées par SMS.', messageSid: expect.any(String) });
    const answers = await Promise.all([patient, medecin, admin, tokenOf('9', 'medecin', { approuve: false })].map((token) => whatsapp.sendOnboarding({ phoneNumber: phoneOf(601) }, { token })));
    expect(new Set(answers.map(({ messageSid }) => messageSid))).toEqual(new Set([first.messageSid]));
    expect((await service.twilio.messages(phoneOf(601))).map(({ body, from }) => [body, from])).toEqual([['Bonjour, pour recevoir vos messages MediAI sur WhatsApp, envoyez "join mangue-pluie" au +14155238886 : https://wa.me/14155238886?text=join%20mangue-pluie', smsFrom]]);
  });

  test('a repeated call is answered as the first, also after the ten minutes; a sixth within a day is refused', async () => {
    const ask = (idempotencyKey?: string) => whatsapp.sendOnboarding({ phoneNumber: phoneOf(602) }, { token: patient, ...(idempotencyKey ? { idempotencyKey } : {}) });
    const age = () => service.db.delivery.updateMany({ where: { telephone: phoneOf(602) }, data: { sent_at: new Date(Date.now() - 600_001) } });
    const key = randomUUID();
    const first = await ask(key);
    for (let time = 0; time < 4; time += 1) {
      await age();
      expect((await ask()).messageSid).not.toBe(first.messageSid);
    }
    await age();
    await expect(ask()).rejects.toMatchObject({ kind: 'exhausted' });
    expect((await ask(key)).messageSid).toBe(first.messageSid);
    await expect(whatsapp.sendOnboarding({ phoneNumber: phoneOf(603) }, { token: patient, idempotencyKey: key })).rejects.toMatchObject({ kind: 'unprocessable' });
    expect(await service.twilio.messages(phoneOf(602))).toHaveLength(5);
  });

  test('a phone that is none is refused by name', async () => {
    for (const phoneNumber of ['', 'abc', '12', '+243\u0000810000001']) await expect(whatsapp.sendOnboarding({ phoneNumber }, { token: patient })).rejects.toMatchObject({ fields: { phone_number: [expect.stringContaining('numéro')] } });
    await expect(whatsapp.getSandboxStatus({ phone: 'x' }, { token: patient })).rejects.toMatchObject({ fields: { phone: [expect.any(String)] } });
  });

  test('the QR code opens the conversation', async () => {
    const lien = 'https://wa.me/14155238886?text=join%20mangue-pluie';
    expect(await whatsapp.getWhatsappQr({}, { token: patient })).toMatchObject({ whatsappUrl: lien, qrData: lien, phoneNumber: '+14155238886', message: 'join mangue-pluie', instructions: expect.stringContaining('« join mangue-pluie »') });
    expect(await kindOf(whatsapp.getWhatsappQr({}))).toBe('unauthenticated');
    expect(await kindOf(whatsapp.getWhatsappQr({}, { token: tokenOf('service:ia', 'service') }))).toBe('forbidden');
  });

  test('whether messages arrive is told of one\'s own phone, and to those who care; of any other phone no', async () => {
    const isIn = async (phone: string, token: string) => (await whatsapp.getSandboxStatus({ phone }, { token })).isInSandbox;
    const stranger = tokenOf('71', 'patient');
    expect(await isIn(phoneOf(1), patient)).toBe(false);
    const own = inbound(1);
    await told(own);
    await processed(own.MessageSid, 'ignored');
    expect([await isIn(phoneOf(1), patient), await isIn('081 000 0001', patient), await isIn(phoneOf(1), stranger), await isIn(phoneOf(1), medecin)]).toEqual([true, true, false, true]);
    expect([await isIn(phoneOf(11), patient), await isIn(phoneOf(11), stranger), await isIn(phoneOf(12), patient)]).toEqual([true, false, false]);
    expect([await isIn(phoneOf(11), medecin), await isIn(phoneOf(11), admin), await isIn(phoneOf(11), adminAilleurs), await isIn(phoneOf(11), tokenOf('9', 'medecin', { approuve: false }))]).toEqual([true, true, false, false]);
    // A delivery counts as well, and a message of more than 72 h ago does not.
    await service.db.webhookEvent.updateMany({ where: { sender_phone: phoneOf(1) }, data: { received_at: new Date(Date.now() - 73 * 3_600_000) } });
    expect(await isIn(phoneOf(1), patient)).toBe(false);
    expect([await isIn(phoneOf(501), patient), await isIn(phoneOf(501), stranger)]).toEqual([true, false]);
  });
});

test('of an account that was deleted what its person wrote is emptied; of one that is only closed it is not', async () => {
  const form = inbound(12);
  await told(form);
  await processed(form.MessageSid);
  const closed = { id: 44, firstName: '', lastName: '', role: 'patient', isActive: false, etablissementId: 1 };
  await service.publish(topics.user, UserChangedSchema, { ...closed, username: 'u44', version: 2 });
  expect(await rowOf(form.MessageSid)).toMatchObject({ content: texte });
  await service.publish(topics.user, UserChangedSchema, { ...closed, username: 'supprime-44', version: 3 });
  expect(await rowOf(form.MessageSid)).toMatchObject({ content: '', sender_phone: '', raw_payload: {}, processing_status: 'processed' });
});

test('of one that no event is left of as well', async () => {
  const form = inbound(11);
  await told(form);
  await processed(form.MessageSid);
  const headers = { ce_specversion: '1.0', ce_id: randomUUID(), ce_source: '/mediai/test', ce_type: UserChangedSchema.typeName, ce_time: new Date().toISOString(), ce_subject: '4' };
  await service.bus.producer.send([{ topic: topics.user.name, key: '4', value: null, headers }]);
  expect(await eventually(() => rowOf(form.MessageSid), (row) => row?.content === '')).toMatchObject({ sender_phone: '', raw_payload: {}, processing_status: 'processed' });
});

test('no text, name or phone is in logs, spans, metrics or events', async () => {
  await eventually(() => service.db.outbox.count({ where: { sent_at: null } }), (unsent) => unsent === 0);
  const events = service.bus.published(topics.delivery.name).map(({ key, value }) => `${key} ${Buffer.from(value ?? []).toString('latin1')}`);
  expect([events.length > 5, service.spans.length > 20, service.lines.length > 20]).toEqual([true, true, true]);
  for (const kept of [service.lines.join(''), JSON.stringify(service.spans), await service.metrics.registry.metrics(), events.join('')]) expect(kept).not.toMatch(/clinquantissime|Ombeline|Kalonji|2438100\d{5}|mangue|whatsapp:\+/i);
});
