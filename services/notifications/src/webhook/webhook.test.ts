import { describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { callbackUrl, createVerifySignature } from './signature-client.ts';
import { cleOf, errorTold, etatTold, phoneOf, readTwilio, volonteOf, type Parametre } from './webhook.ts';

const form = (fields: Record<string, string>): Parametre[] => Object.entries(fields).map(([nom, valeur]) => ({ nom, valeur }));
const sid = `SM${'a'.repeat(32)}`;
const inbound = { MessageSid: sid, SmsSid: sid, SmsStatus: 'received', From: 'whatsapp:+243810000001', To: 'whatsapp:+14155238886', Body: 'J’ai mal à la tête', NumMedia: '0' };

describe('a form of Twilio', () => {
  test('with a text is a message that came in', () => {
    expect(readTwilio('whatsapp', form(inbound))).toEqual({
      eventType: 'whatsapp_incoming', externalId: sid, senderPhone: '+243810000001', recipientPhone: '+14155238886', content: 'J’ai mal à la tête', rawPayload: inbound,
    });
  });

  test('with a state is a state of one that went out', () => {
    const read = readTwilio('sms', form({ MessageSid: sid, MessageStatus: 'Delivered', SmsStatus: 'delivered', From: '+14155238886', To: '+243810000001' }));
    expect(read).toMatchObject({ eventType: 'sms_status', externalId: sid, content: 'delivered' });
    expect(cleOf(read!)).toBe(`statut:${sid}:delivered`);
  });

  test.each([['sms', '+243810000001', 'sms_incoming'], ['sms', 'whatsapp:+243810000001', 'whatsapp_incoming'], ['whatsapp', '+243810000001', 'whatsapp_incoming']] as const)('by %s from %s is %s', (route, from, eventType) => {
    expect(readTwilio(route, form({ ...inbound, From: from, To: '+14155238886' }))?.eventType).toBe(eventType);
  });

  test('says of files that they are not taken over, and how many', () => {
    expect(readTwilio('whatsapp', form({ ...inbound, Body: '', NumMedia: '2' }))?.content).toBe('[2 fichiers joints, qui ne sont pas repris ici]');
    expect(readTwilio('whatsapp', form({ ...inbound, NumMedia: '1' }))?.content).toBe("J’ai mal à la tête\n[1 fichier joint, qui n'est pas repris ici]");
  });

  test('is kept with its characters that nothing can keep replaced, and without the object\'s own names taken', () => {
    const read = readTwilio('whatsapp', form({ ...inbound, Body: 'a\0b\ud800c', 'x\0': '1' }).concat({ nom: '__proto__', valeur: 'p' }, { nom: 'constructor', valeur: 'c' }));
    expect(read?.content).toBe('a\uFFFDb\uFFFDc');
    expect(JSON.stringify(read)).not.toMatch(/\\u0000|\\ud800/);
    expect(Object.keys(read?.rawPayload ?? {})).toEqual(expect.arrayContaining(['x\uFFFD', 'constructor']));
  });

  test.each<Record<string, string>>([{}, { MessageSid: '' }, { MessageSid: "SM'; --" }, { MessageSid: 'x'.repeat(65) }])('without a message\'s id is none: %j', (changes) => {
    expect(readTwilio('whatsapp', form({ Body: 'x', ...changes }))).toBeUndefined();
  });
});

test('the states of Twilio are ours; others say nothing', () => {
  expect(['queued', 'sent', 'delivered', 'read', 'failed', 'undelivered', 'toString', ''].map(etatTold)).toEqual(['envoye', 'envoye', 'livre', 'livre', 'echec', 'echec', undefined, undefined]);
  expect(errorTold({ rawPayload: { ErrorCode: '63016' } })).toBe('twilio.63016');
  expect(errorTold({ rawPayload: { ErrorCode: 'x; y' } })).toBe('twilio.non_remis');
});

test.each([['STOP', 'arret'], [' Arrêt. ', 'arret'], ['désabonner', 'arret'], ['start', 'reprise'], ['Reprise', 'reprise'], ['Dois-je arrêter le traitement ?', undefined], ['stop le paracétamol', undefined], ['oui', undefined]])('%j asks for %s', (text, volonte) => {
  expect(volonteOf(text)).toBe(volonte);
});

test.each([['whatsapp:+243810000001', '+243810000001'], ['+243 81 000 0001', '+243810000001'], ['MTN', 'MTN'], ['x'.repeat(99), 'x'.repeat(30)]])('the phone of %j is %s', (address, phone) => {
  expect(phoneOf(address)).toBe(phone);
});

describe('a signature', () => {
  const publicUrl = 'https://mediai.example/';
  const verify = createVerifySignature({ authToken: 'jeton', publicUrl });
  const sign = (url: string, fields: object = inbound, token = 'jeton'): string => twilio.getExpectedTwilioSignature(token, url, fields as Record<string, string>);
  const url = callbackUrl(publicUrl, 'whatsapp');

  test('is over the public address, with its slash or without', async () => {
    expect(url).toBe('https://mediai.example/api/v1/webhooks/twilio/whatsapp/');
    expect(await verify('whatsapp', form(inbound), sign(url))).toBe(true);
    expect(await verify('whatsapp', form(inbound).toReversed(), sign(url.slice(0, -1)))).toBe(true);
  });

  test.each<[string, string]>([
    ['missing', ''],
    ['of another token', sign(url, inbound, 'autre')],
    ['of another form', sign(url, { ...inbound, Body: 'Autre' })],
    ['of the other route', sign(callbackUrl(publicUrl, 'sms'))],
    ['of another host', sign('https://evil.example/api/v1/webhooks/twilio/whatsapp/')],
    ['of another scheme', sign(url.replace('https', 'http'))],
    ['of a query', sign(`${url}?a=1`)],
    ['no signature', 'é'],
  ])('%s is refused', async (_what, signature) => {
    expect(await verify('whatsapp', form(inbound), signature)).toBe(false);
  });

  test('counts a name that comes twice with both of its values', async () => {
    const twice = [...form(inbound), { nom: 'Body', valeur: 'Ajout' }];
    expect(await verify('whatsapp', twice, sign(url))).toBe(false);
    expect(await verify('whatsapp', twice, sign(url, { ...inbound, Body: [inbound.Body, 'Ajout'] }))).toBe(true);
  });

  test('is over an address with a port and a path as configured', async () => {
    const behind = createVerifySignature({ authToken: 'jeton', publicUrl: 'http://localhost:8000/mediai' });
    expect(await behind('sms', form(inbound), sign('http://localhost:8000/mediai/api/v1/webhooks/twilio/sms/'))).toBe(true);
    expect(await behind('sms', form(inbound), sign('http://localhost:8000/api/v1/webhooks/twilio/sms/'))).toBe(false);
  });
});
