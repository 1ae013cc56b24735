import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { startSandbox, type Call, type Fault, type InboundResult, type Message, type Sandbox } from './sandbox.ts';

const COMPTE = `AC${'0'.repeat(32)}`;
const JETON = 'jeton-de-test';
const DE = 'whatsapp:+14155238886';

let sandbox: Sandbox;
let client: twilio.Twilio;
let recepteur: Server;
let rappels: { url: string; signature: string; params: Record<string, string> }[] = [];
let adresse: string;

/** Twilio's SDK has no base URL: its HTTP client is wrapped and every address of api.twilio.com sent elsewhere. */
function createTwilio(base: string, jeton = JETON): twilio.Twilio {
  const inner = new twilio.RequestClient({ timeout: 5000 });
  const httpClient = { request: (options: Parameters<typeof inner.request>[0]) => inner.request({ ...options, uri: options.uri.replace(/^https:\/\/api(?:\.[\w-]+)*\.twilio\.com/u, base) }) };
  return twilio(COMPTE, jeton, { httpClient: httpClient as twilio.RequestClient });
}

beforeAll(async () => {
  sandbox = await startSandbox({ twilioAuthToken: JETON, messageStepMs: 10 });
  client = createTwilio(`${sandbox.url}/twilio`);
  recepteur = createServer((req, res) => {
    let corps = '';
    req.on('data', (morceau: Buffer) => { corps += morceau.toString(); });
    req.on('end', () => {
      rappels.push({ url: `${adresse}${req.url}`, signature: String(req.headers['x-twilio-signature']), params: Object.fromEntries(new URLSearchParams(corps)) });
      res.end();
    });
  });
  await new Promise<void>((resolve) => recepteur.listen(0, '127.0.0.1', resolve));
  adresse = `http://127.0.0.1:${(recepteur.address() as AddressInfo).port}`;
});
afterEach(async () => {
  rappels = [];
  for (const quoi of ['faults', 'ledger', 'messages']) await fetch(`${sandbox.url}/sandbox/${quoi}`, { method: 'DELETE' });
});
afterAll(async () => {
  await sandbox.close();
  recepteur.closeAllConnections();
  await new Promise((resolve) => recepteur.close(resolve));
});

const setFault = (fault: Fault) => fetch(`${sandbox.url}/sandbox/faults`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) });
const messages = async (): Promise<Message[]> => ((await (await fetch(`${sandbox.url}/sandbox/messages`)).json()) as { messages: Message[] }).messages;

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let essai = 0; essai < 200 && !(await condition()); essai += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await condition()).toBe(true);
}

describe('Twilio messages through the SDK', () => {
  test('a created message is fetched, delivered, and each step is told with a valid signature', async () => {
    const url = `${adresse}/webhooks/twilio?jeton=été d'ici`.replace(' ', '%20');
    const cree = await client.messages.create({ from: DE, to: 'whatsapp:+243810000001', body: 'Votre fiche a été validée.', statusCallback: url });
    expect(cree.sid).toMatch(/^SM[0-9a-f]{32}$/u);
    expect(cree.status).toBe('queued');
    expect(cree.dateCreated).toBeInstanceOf(Date);
    await eventually(() => rappels.length === 3);
    expect(rappels.map((r) => r.params['MessageStatus'])).toEqual(['queued', 'sent', 'delivered']);
    for (const { signature, params } of rappels) {
      expect(twilio.validateRequest(JETON, signature, url, params)).toBe(true);
      expect(twilio.validateRequest('autre', signature, url, params)).toBe(false);
      expect(params).toMatchObject({ MessageSid: cree.sid, AccountSid: COMPTE, To: 'whatsapp:+243810000001', From: DE, ChannelPrefix: 'whatsapp' });
    }
    await eventually(async () => (await messages())[0]?.status === 'delivered');
    const lu = await client.messages(cree.sid).fetch();
    expect(lu).toMatchObject({ sid: cree.sid, status: 'delivered', body: 'Votre fiche a été validée.', errorCode: null });
    expect(Math.abs(Number(lu.dateSent) - Date.now())).toBeLessThan(10_000);
  });

  test('a template shows its content sid and variables in the inbox', async () => {
    const contentVariables = JSON.stringify({ 1: 'CONS-20260101-001' });
    await client.messages.create({ from: DE, to: 'whatsapp:+243810000002', contentSid: `HX${'a'.repeat(32)}`, contentVariables });
    expect((await messages())[0]).toMatchObject({ to: 'whatsapp:+243810000002', from: DE, contentSid: `HX${'a'.repeat(32)}`, contentVariables });
  });

  test('the list filters by To, From and DateSent and pages to the end', async () => {
    for (let n = 0; n < 5; n += 1) await client.messages.create({ from: n === 0 ? '+15550001111' : DE, to: n < 4 ? '+243810000003' : '+243810000004', body: `n° ${n}` });
    const bodies = async (filtre: Parameters<typeof client.messages.list>[0]) => (await client.messages.list(filtre)).map((m) => m.body);
    expect(await bodies({ to: '+243810000003' })).toEqual(['n° 3', 'n° 2', 'n° 1', 'n° 0']);
    expect(await bodies({ to: '+243810000003', from: DE, pageSize: 1 })).toEqual(['n° 3', 'n° 2', 'n° 1']);
    expect(await bodies({ pageSize: 2 })).toHaveLength(5);
    expect(await bodies({ limit: 3, pageSize: 2 })).toHaveLength(3);
    expect(await bodies({ dateSentAfter: new Date(Date.now() - 60_000), dateSentBefore: new Date(Date.now() + 60_000) })).toHaveLength(5);
    expect(await bodies({ dateSentAfter: new Date(Date.now() + 60_000) })).toEqual([]);
    expect(await bodies({ dateSentBefore: new Date(Date.now() - 60_000) })).toEqual([]);
    expect(await bodies({ dateSent: new Date(Date.now() - 3 * 86_400_000) })).toEqual([]);
  });

  test('what Twilio refuses is refused with its codes', async () => {
    await expect(createTwilio(`${sandbox.url}/twilio`, 'faux').messages.create({ from: DE, to: '+243810000001', body: 'x' })).rejects.toMatchObject({ status: 401, code: 20003 });
    await expect(client.messages.create({ from: DE, to: '0810000001', body: 'x' })).rejects.toMatchObject({ status: 400, code: 21211 });
    await expect(client.messages.create({ to: '+243810000001', body: 'x' })).rejects.toMatchObject({ code: 21603 });
    await expect(client.messages.create({ from: DE, to: '+243810000001' })).rejects.toMatchObject({ code: 21619 });
    await expect(client.messages(`SM${'0'.repeat(32)}`).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
    expect(await messages()).toEqual([]);
  });
});

describe('Twilio faults', () => {
  test('drop after accept: the caller gets no answer, the message is in the list', async () => {
    await setFault({ provider: 'twilio', kind: 'drop_after_accept', count: 1 });
    await expect(client.messages.create({ from: DE, to: '+243810000005', body: 'perdu ?' })).rejects.toThrow();
    expect((await client.messages.list({ to: '+243810000005' })).map((m) => m.body)).toEqual(['perdu ?']);
    const { calls } = (await (await fetch(`${sandbox.url}/sandbox/ledger?provider=twilio`)).json()) as { calls: Call[] };
    expect(calls.map((c) => [c.operation, c.outcome])).toEqual([['create', 'dropped'], ['list', 'answered']]);
    expect(calls[0]?.responseId).toBe((await messages())[0]?.sid);
  });

  test('429 carries Retry-After and leaves no message', async () => {
    await setFault({ provider: 'twilio', kind: 'status', status: 429, code: 63018, retryAfter: 3 });
    await expect(client.messages.create({ from: DE, to: '+243810000006', body: 'x' })).rejects.toMatchObject({ status: 429, code: 63018 });
    const brut = await fetch(`${sandbox.url}/twilio/2010-04-01/Accounts/${COMPTE}/Messages.json`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'To=x' });
    expect(brut.headers.get('retry-after')).toBe('3');
    expect(await messages()).toEqual([]);
  });

  test('an undelivered message ends with its error code and tells it', async () => {
    await setFault({ provider: 'twilio', kind: 'undelivered' });
    const { sid } = await client.messages.create({ from: DE, to: 'whatsapp:+243810000007', body: 'hors des 24 h', statusCallback: adresse });
    await eventually(() => rappels.length === 3);
    expect(rappels[2]?.params).toMatchObject({ MessageStatus: 'undelivered', ErrorCode: '63016' });
    expect(await client.messages(sid).fetch()).toMatchObject({ status: 'undelivered', errorCode: 63016 });
  });

  test('a receiver that is not there harms nothing', async () => {
    await client.messages.create({ from: DE, to: '+243810000008', body: 'x', statusCallback: 'http://127.0.0.1:1/' });
    await eventually(async () => (await messages())[0]?.callbacks.length === 3);
    expect((await messages())[0]?.callbacks.map((c) => c.httpStatus)).toEqual([null, null, null]);
  });
});

test('the page shows messages and calls in French and escapes what it was given', async () => {
  await client.messages.create({ from: DE, to: '+243810000009', body: '<script>alert(1)</script> code 482913' });
  const page = await (await fetch(`${sandbox.url}/`)).text();
  expect(page).toContain('SIMULATION');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; code 482913');
  expect(page).not.toContain('<script>');
  expect(page).toContain('lang="fr"');
});

describe('a message that comes in', () => {
  const form = { From: 'whatsapp:+243810000001', To: DE, Body: 'La fièvre est revenue à 39 °C.', NumMedia: '0' };
  const send = async (more: object = {}) => (await (await fetch(`${sandbox.url}/sandbox/inbound`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ url: `${adresse}/entrant/`, form, ...more }) })).json()) as InboundResult;

  test('is posted as Twilio posts it, under a signature that the SDK finds right', async () => {
    const { messageSid, status } = await send();
    expect([messageSid, status]).toEqual([expect.stringMatching(/^SM[0-9a-f]{32}$/u), 200]);
    const [rappel] = rappels;
    expect(rappel?.params).toEqual({ ...form, MessageSid: messageSid, SmsMessageSid: messageSid });
    expect(twilio.validateRequest(JETON, rappel?.signature ?? '', `${adresse}/entrant/`, rappel?.params ?? {})).toBe(true);
  });

  test.each([[{ signature: 'fausse' }], [{ signedUrl: 'https://mediai.exemple.cd/entrant/' }], [{ signature: 'absente' }]])('%j: under one that it finds wrong, or none', async (more) => {
    await send({ ...more, form: { ...form, MessageSid: `SM${'a'.repeat(32)}` } });
    const [rappel] = rappels;
    expect(rappel?.params['MessageSid']).toBe(`SM${'a'.repeat(32)}`);
    expect(twilio.validateRequest(JETON, rappel?.signature ?? '', `${adresse}/entrant/`, rappel?.params ?? {})).toBe(false);
  });
});
