import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { forbidden } from '@mediai/kit/errors';
import { gunzipSync } from 'node:zlib';
import { admin, medecin, pending, startWorld, type World } from './fake-services.memory.ts';

const WEBHOOKS = '/api/v1/webhooks/';
const TWILIO = `${WEBHOOKS}twilio/whatsapp/`;
const FICHES = '/api/v1/fiche-consultation/';
const formType = { 'content-type': 'application/x-www-form-urlencoded' };
let world: World;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => world.forget());
afterAll(() => world.app.close());

const post = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) => world.app.inject({ method: 'POST', url, payload, headers: { ...formType, ...headers } });

describe('what Twilio calls', () => {
  it.each([[TWILIO, 'whatsapp'], [`${WEBHOOKS}twilio/sms`, 'sms']])('%s: the form as it was sent, with its signature, in one call; answered with an empty TwiML', async (url, canal) => {
    const answer = await post(url, 'MessageSid=SM1&Body=J%E2%80%99ai+38%2C5&Body=bis&__proto__=x', { 'x-twilio-signature': 'abc=', authorization: 'Bearer perime' });
    expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([200, 'text/xml; charset=utf-8', '<?xml version="1.0" encoding="UTF-8"?><Response/>']);
    expect(world.calls).toEqual([
      { method: 'takeTwilioCallback', request: { canal, parametres: [{ nom: 'MessageSid', valeur: 'SM1' }, { nom: 'Body', valeur: 'J’ai 38,5' }, { nom: 'Body', valeur: 'bis' }, { nom: '__proto__', valeur: 'x' }], signature: 'abc=' }, options: expect.objectContaining({ token: undefined, requestId: expect.any(String) }) },
    ]);
  });

  it('a refusal is a problem document in French', async () => {
    world.failure = forbidden('webhook.signature_invalide', "La signature de cet appel n'est pas valide.");
    const answer = await post(TWILIO, 'MessageSid=SM1');
    expect([answer.statusCode, answer.headers['content-type'], answer.json().detail, answer.json().code]).toEqual([403, expect.stringContaining('application/problem+json'), "La signature de cet appel n'est pas valide.", 'webhook.signature_invalide']);
    expect(world.calls[0]?.request['signature']).toBe('');
  });

  it.each<[string, string | Buffer, number]>([
    ['100 kB', `Body=${'a'.repeat(100_000)}`, 413],
    ['201 fields', Array.from({ length: 201 }, (_, i) => `x${i}=1`).join('&'), 400],
    ['100 000 empty fields', '&x'.repeat(32_000), 400],
  ])('a form of %s is refused and reaches no service', async (_what, payload, status) => {
    const answer = await post(TWILIO, payload, { 'x-twilio-signature': 'abc=' });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, expect.stringContaining('application/problem+json')]);
    expect(world.calls).toEqual([]);
  });

  it.each<[string, string | Buffer]>([
    ['NUL and half a surrogate pair', 'MessageSid=SM1&Body=a%00b%ED%A0%80'],
    ['bytes that are no UTF-8', Buffer.from([0x42, 0x6f, 0x64, 0x79, 0x3d, 0xff, 0xfe, 0x25, 0x7a, 0x7a])],
    ['broken escapes', 'Body=%&%=%zz&=&&&'],
    ['nothing', ''],
  ])('a form with %s is passed on, to be judged by its signature', async (_what, payload) => {
    expect((await post(TWILIO, payload)).statusCode).toBe(200);
    expect(world.calls).toHaveLength(1);
    const [call] = world.calls;
    for (const { valeur } of (call?.request['parametres'] ?? []) as { valeur: string }[]) expect(valeur.isWellFormed()).toBe(true);
  });

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded-not'])('another type is a 415: %s', async (type) => {
    const answer = await post(TWILIO, '{"MessageSid":"SM1"}', { 'content-type': type });
    expect([answer.statusCode, answer.json().detail]).toEqual([415, "Ce type de contenu n'est pas pris en charge : envoyez un formulaire."]);
    expect(world.calls).toEqual([]);
  });

  it('no other route takes a form', async () => {
    expect((await world.send('POST', WEBHOOKS, { payload: 'event_type=sms_incoming', headers: formType, claims: admin })).statusCode).toBe(415);
  });
});

describe('events', () => {
  it('are read in the contract\'s form', async () => {
    const answer = await world.send('GET', `${WEBHOOKS}?status=processed&event_type=whatsapp_incoming&page_size=5`, { claims: medecin });
    expect(world.calls[0]).toMatchObject({ method: 'listWebhookEvents', request: { status: 'processed', eventType: 'whatsapp_incoming', page: 1, pageSize: 5 } });
    expect(answer.json()).toEqual({
      count: 1, next: null, previous: null,
      results: [{
        id: 6, event_type: 'whatsapp_incoming', event_type_display: 'WhatsApp Entrant', external_id: 'SM1', sender_phone: '+243970000001', recipient_phone: '+14155238886', content: 'La fièvre est revenue.',
        raw_payload: { Body: 'La fièvre est revenue.' }, processing_status: 'processed', processing_status_display: 'Traité', processing_error: null, related_user: 7, related_user_name: 'Jean Kabila', related_fiche: 12,
        related_fiche_number: 'CONS-20261124-001', created_message: 31, received_at: '2026-11-24T09:00:00.000Z', processed_at: '2026-11-24T09:00:01.000Z',
      }],
    });
    expect((await world.send('GET', `${WEBHOOKS}6/`, { claims: medecin, headers: { 'x-access-reason': 'Garde' } })).json()).toMatchObject({ id: 6 });
    expect(world.calls[1]).toMatchObject({ method: 'getWebhookEvent', request: { id: 6 }, options: { accessReason: 'Garde' } });
  });

  it('one is written by an admin, under a key', async () => {
    const payload = { event_type: 'sms_incoming', external_id: 'SM2', sender_phone: '+243970000001', recipient_phone: '+14155238886', content: 'Essai', raw_payload: { a: { b: 1 } } };
    const answer = await world.send('POST', WEBHOOKS, { payload, claims: admin, headers: { 'idempotency-key': 'k1' } });
    expect([answer.statusCode, answer.headers['location']]).toEqual([201, `${WEBHOOKS}6/`]);
    expect(world.calls[0]).toMatchObject({ method: 'createWebhookEvent', request: { eventType: 'sms_incoming', externalId: 'SM2', rawPayload: '{"a":{"b":1}}' }, options: { idempotencyKey: 'k1' } });
  });

  it('what is wrong with one is named; who may not write one is told only that', async () => {
    expect((await world.send('POST', WEBHOOKS, { payload: { event_type: 'fax', content: '' }, claims: admin })).json()).toMatchObject({ status: 400, event_type: [expect.any(String)], external_id: ['Ce champ est obligatoire.'], content: [expect.any(String)] });
    for (const claims of [medecin, {}, pending]) expect((await world.send('POST', WEBHOOKS, { payload: {}, claims })).statusCode).toBe(403);
    expect((await world.send('GET', `${WEBHOOKS}x/`, { claims: {} })).statusCode).toBe(403);
  });
});

describe('telling the patient', () => {
  it('goes by the channel asked for, in one call', async () => {
    const answer = await world.send('POST', `${FICHES}12/send-notification/`, { payload: { method: 'sms', force_resend: true }, claims: medecin, headers: { 'idempotency-key': 'k2' } });
    expect(answer.json()).toEqual({ detail: 'Message envoyé.', message_sid: 'SM2', status: 'envoye' });
    expect(world.calls).toMatchObject([{ method: 'sendNotification', request: { id: 12, canal: 'sms', forceResend: true }, options: { idempotencyKey: 'k2' } }]);
  });

  it.each([{}, { method: 'fax' }, { method: null }])('by %j is a 400 that names the field', async (payload) => {
    expect((await world.send('POST', `${FICHES}12/send-notification/`, { payload, claims: medecin })).json()).toMatchObject({ status: 400, method: [expect.any(String)] });
  });
});

describe('the way into WhatsApp', () => {
  it.each([`${FICHES}whatsapp-onboarding/`, '/api/v1/whatsapp/onboarding-sms/'])('POST %s sends instructions', async (url) => {
    const answer = await world.send('POST', url, { payload: { phone_number: '081 234 5678' }, claims: pending });
    expect(answer.json()).toEqual({ detail: 'Les instructions ont été envoyées par SMS.', message_sid: 'SM3', status: 'envoye' });
    expect(world.calls).toMatchObject([{ method: 'sendOnboarding', request: { phoneNumber: '081 234 5678' } }]);
    expect((await world.send('POST', url, { payload: {} })).json()).toMatchObject({ status: 400, phone_number: ['Ce champ est obligatoire.'] });
  });

  it('the QR code and the status are no fiche of that id', async () => {
    const lien = 'https://wa.me/14155238886?text=join%20mangue';
    expect((await world.send('GET', `${FICHES}whatsapp-qr/`)).json()).toEqual({ whatsapp_url: lien, phone_number: '+14155238886', message: 'join mangue', instructions: 'Scannez le code.', qr_data: lien });
    expect((await world.send('GET', '/api/v1/whatsapp/sandbox-status/?phone=%2B243970000001')).json()).toEqual({ is_in_sandbox: true });
    expect(world.calls.at(-1)?.request).toEqual({ phone: '+243970000001' });
    expect((await world.send('GET', '/api/v1/whatsapp/sandbox-status/')).json()).toMatchObject({ status: 400, phone: ['Ce champ est obligatoire.'] });
    const other = await world.send('GET', `${FICHES}whatsapp-onboarding/`);
    expect([other.statusCode, other.headers['allow']]).toEqual([405, 'POST']);
  });
});

describe('the reference', () => {
  it('is a page in French that loads from here alone', async () => {
    const page = await world.app.inject({ method: 'GET', url: '/api/redoc/' });
    expect([page.statusCode, page.headers['content-type'], page.body.match(/<title>(.*)<\/title>/)?.[1], page.body.match(/<html lang="(..)"/)?.[1]]).toEqual([200, 'text/html; charset=utf-8', "MediAI : référence de l'API", 'fr']);
    expect([...page.body.matchAll(/<\w+ (?:src|href)="([^"]+)"/g)].map(([, address]) => address).filter((address) => address?.startsWith('http'))).toEqual([]);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'self'.*worker-src 'self' blob:/);
    expect(page.headers['content-security-policy']).not.toMatch(/script-src|unsafe-eval|https?:/);
    expect((await world.app.inject({ method: 'GET', url: '/' })).headers['content-security-policy']).not.toContain('blob:');
  });

  it('serves its script from the package, compressed to who takes it so', async () => {
    const plain = await world.app.inject({ method: 'GET', url: '/api/redoc/redoc.standalone.js' });
    const gzipped = await world.app.inject({ method: 'GET', url: '/api/redoc/redoc.standalone.js', headers: { 'accept-encoding': 'br, gzip' } });
    expect([plain.statusCode, plain.headers['content-type'], plain.headers['content-encoding'], gzipped.headers['content-encoding']]).toEqual([200, 'text/javascript; charset=utf-8', undefined, 'gzip']);
    expect(gunzipSync(gzipped.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(gzipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    expect((await world.app.inject({ method: 'GET', url: '/api/redoc/start.js' })).body).toContain("Redoc.init('/api/schema/'");
  });
});
