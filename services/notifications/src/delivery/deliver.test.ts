import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLogger } from '@mediai/kit/log';
import { fixedClock } from '@mediai/testing';
import { createNotificationsMetrics } from '../metrics.ts';
import { startTwilio, twilioAccount, twilioFrom, twilioToken } from '../sandbox.memory.ts';
import { createMemoryStores } from '../stores.memory.ts';
import { createDeliver } from './deliver.ts';
import type { Delivery, NewDelivery } from './delivery.ts';
import type { Messenger } from './messenger.ts';
import { createTwilioMessenger, type TwilioOptions } from './twilio-client.ts';

/** Deliveries through the SDK to the sandbox; the clock is moved, so that back-off costs no time. */
let twilio: Awaited<ReturnType<typeof startTwilio>>;
let stores: ReturnType<typeof createMemoryStores>;
let clock: ReturnType<typeof fixedClock>;
let metrics: ReturnType<typeof createNotificationsMetrics>;
const lines: string[] = [];
const log = createLogger({ service: 'notifications', level: 'debug', stream: { write: (line) => void lines.push(line) } });
const timing = { leaseMs: 10_000, graceMs: 15_000 };
const phone = '+243810000001';

beforeAll(async () => {
  twilio = await startTwilio();
});
beforeEach(() => {
  stores = createMemoryStores();
  clock = fixedClock(new Date().toISOString());
  metrics = createNotificationsMetrics();
});
afterEach(() => twilio.reset());
afterAll(() => twilio.close());

function messengerOf(options: Partial<TwilioOptions> = {}): Messenger {
  return createTwilioMessenger({
    accountSid: twilioAccount, authToken: twilioToken, baseUrl: twilio.baseUrl, timeoutMs: 1_000, from: { whatsapp: twilioFrom }, contentSids: {}, publicUrl: 'https://mediai.example', invitation: 'Bonjour.',
    setBreaker: (state) => metrics.setBreaker('twilio', state), ...options,
  });
}
const workerOf = (messenger = messengerOf()) => createDeliver({ deliveries: stores.deliveries, messenger, timing, isOpposed: stores.oppositions.has, log, counted: metrics.countAttempt, clock: clock.now });

async function open(changes: Partial<NewDelivery> = {}): Promise<number> {
  const wanted: NewDelivery = {
    cle: `fiche:${stores.rows.size}`, canal: 'whatsapp', modele: 'fiche_prete', telephone: phone, userId: 4, prenom: 'Ombeline-Canari', numeroDossier: 'CONS-20260302-001', ficheId: 12,
    appointmentId: null, appointmentVersion: null, debut: null, fuseau: 'Africa/Lubumbashi', etablissementId: 1, ...changes,
  };
  return (await stores.deliveries.open(wanted, { now: clock.now(), demandeur: { acteurId: null, acteurRole: 'service' } })).delivery.id;
}

/** One round of a worker, everything due by then. */
async function work(worker: ReturnType<typeof workerOf>, afterMs = 0): Promise<void> {
  clock.advance(afterMs);
  await Promise.all((await worker.claimDue(10)).map(worker.deliver));
}
const row = (id: number) => stores.rows.get(id) as Delivery;

describe('a message', () => {
  test('to a phone that asked for no more is refused, unless it had left already', async () => {
    await stores.oppositions.note(phone, 'whatsapp', 'arret', clock.now());
    const id = await open();
    await work(workerOf());
    expect(row(id)).toMatchObject({ etat: 'echec', errorCode: 'destinataire.oppose', messageSid: null });
    expect(await twilio.calls()).toEqual([]);
    const bySms = await open({ canal: 'sms' });
    await work(workerOf(messengerOf({ from: { whatsapp: twilioFrom, sms: '+14155550100' } })));
    expect(row(bySms).etat).toBe('envoye');
  });

  test('is handed over once, with its text and no more', async () => {
    const id = await open();
    const worker = workerOf();
    await work(worker);
    await work(worker, 3_600_000);
    const [message, ...others] = await twilio.messages();
    expect(others).toEqual([]);
    expect(message).toMatchObject({ to: `whatsapp:${phone}`, from: twilioFrom, body: 'Bonjour Ombeline-Canari, votre fiche CONS-20260302-001 est prête. Lisez-la ici : https://mediai.example/fiches/12' });
    expect(row(id)).toMatchObject({ etat: 'envoye', messageSid: message?.sid, attempts: 1, uncertainSince: null });
    expect(await twilio.calls()).toEqual(['create']);
  });

  test('goes as a template where one is configured, and by SMS where that is asked', async () => {
    const contentSid = `HX${'a'.repeat(32)}`;
    const worker = workerOf(messengerOf({ contentSids: { fiche_prete: contentSid }, from: { whatsapp: twilioFrom, sms: '+15550001111' } }));
    await open();
    await work(worker);
    await open({ canal: 'sms' });
    await work(worker);
    const [sms, whatsapp] = await twilio.messages();
    expect(whatsapp).toMatchObject({ contentSid, body: '', contentVariables: JSON.stringify({ 1: 'Ombeline-Canari', 2: 'CONS-20260302-001', 3: 'https://mediai.example/fiches/12' }) });
    expect(sms).toMatchObject({ to: phone, from: '+15550001111', contentSid: null });
  });

  test('refused is over, and is not sent again', async () => {
    const id = await open({ telephone: '+15005550001' });
    const worker = workerOf();
    await work(worker);
    await work(worker, 3_600_000);
    expect(row(id)).toMatchObject({ etat: 'echec', errorCode: 'twilio.21211' });
    expect(await twilio.calls()).toEqual(['create']);
  });
});

describe('with faults of Twilio', () => {
  test('503 then ok: one message, looked up before it is sent again', async () => {
    await twilio.setFault({ kind: 'status', status: 503, count: 1 });
    const id = await open();
    const worker = workerOf();
    await work(worker);
    expect(row(id)).toMatchObject({ etat: 'en_attente', errorCode: 'twilio.20500' });
    await work(worker, 100);
    expect(await twilio.calls()).toEqual(['create']);
    await work(worker, 1_000);
    expect(row(id)).toMatchObject({ etat: 'envoye', attempts: 2 });
    expect(await twilio.calls()).toEqual(['create', 'list', 'create']);
    expect(await twilio.messages()).toHaveLength(1);
  });

  test('429 waits as long as it says', async () => {
    await twilio.setFault({ kind: 'status', status: 429, code: 63_018, retryAfter: 30, count: 1 });
    const id = await open();
    const worker = workerOf();
    await work(worker);
    expect(row(id)).toMatchObject({ etat: 'en_attente', errorCode: 'twilio.63018', uncertainSince: null });
    await work(worker, 29_900);
    expect(await twilio.messages()).toEqual([]);
    await work(worker, 200);
    expect(row(id).etat).toBe('envoye');
    expect(await twilio.calls()).toEqual(['create', 'create']);
  });

  test('accepted and dropped: one message, its SID adopted', async () => {
    await twilio.setFault({ kind: 'drop_after_accept', count: 1 });
    const id = await open();
    const worker = workerOf();
    await work(worker);
    expect(row(id)).toMatchObject({ etat: 'inconnu', messageSid: null });
    await work(worker, 1_000);
    const messages = await twilio.messages();
    expect(messages).toHaveLength(1);
    expect(row(id)).toMatchObject({ etat: 'envoye', messageSid: messages[0]?.sid });
    expect(await metrics.registry.metrics()).toMatch(/whatsapp_notifications_sent\{status="reconcilie",service="notifications"\} 1/);
  });

  test('accepted and dropped, as a template whose text is not known', async () => {
    await twilio.setFault({ kind: 'drop_after_accept', count: 1 });
    const id = await open();
    const worker = workerOf(messengerOf({ contentSids: { fiche_prete: `HX${'a'.repeat(32)}` } }));
    await work(worker);
    await work(worker, 1_000);
    expect(await twilio.messages()).toHaveLength(1);
    expect(row(id).etat).toBe('envoye');
  });

  test('no answer and no message: sent again only when it can no longer turn up', async () => {
    await twilio.setFault({ kind: 'hang', count: 1 });
    const id = await open();
    const worker = workerOf(messengerOf({ timeoutMs: 150 }));
    await work(worker);
    expect(row(id).etat).toBe('inconnu');
    await work(worker, 1_000);
    expect(row(id)).toMatchObject({ etat: 'inconnu', errorCode: 'reconciliation' });
    await work(worker, 15_000);
    expect(row(id).etat).toBe('envoye');
    expect(await twilio.calls()).toEqual(['create', 'list', 'list', 'create']);
    expect(await twilio.messages()).toHaveLength(1);
  });

  test('an answer that comes byte by byte is waited for no longer than any other', async () => {
    const slow = createServer((request, response) => {
      request.resume();
      response.writeHead(201);
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const id = await open();
    await work(workerOf(messengerOf({ timeoutMs: 300, baseUrl: `http://127.0.0.1:${(slow.address() as AddressInfo).port}` })));
    slow.closeAllConnections();
    slow.close();
    expect(row(id)).toMatchObject({ etat: 'inconnu', errorCode: 'reseau.sans_reponse' });
  });

  test('an answer that cannot be read is looked up as well', async () => {
    await twilio.setFault({ kind: 'schema_invalid', count: 1 });
    const id = await open();
    const worker = workerOf();
    await work(worker);
    expect(row(id)).toMatchObject({ etat: 'inconnu', errorCode: 'twilio.reponse_illisible' });
    await work(worker, 1_000);
    expect(row(id).etat).toBe('envoye');
    expect(await twilio.messages()).toHaveLength(1);
  });

  test('two messages of the same text that were both dropped keep a SID each', async () => {
    await twilio.setFault({ kind: 'drop_after_accept', count: 2 });
    const ids = [await open({ cle: 'a' }), await open({ cle: 'b' })];
    const worker = workerOf();
    await work(worker);
    for (let round = 0; round < 4; round += 1) await work(worker, 11_000);
    const messages = await twilio.messages();
    expect(messages).toHaveLength(2);
    expect(new Set(ids.map((id) => row(id).messageSid))).toEqual(new Set(messages.map(({ sid }) => sid)));
  });

  test('five failures in a row: Twilio is left alone for a while', async () => {
    await twilio.setFault({ kind: 'status', status: 503 });
    const worker = workerOf();
    for (let n = 0; n < 5; n += 1) await open();
    await work(worker);
    expect(await twilio.calls()).toHaveLength(5);
    await work(worker, 60_000);
    expect(await twilio.calls()).toHaveLength(5);
    expect(await metrics.registry.metrics()).toMatch(/breaker_state\{breaker="twilio",service="notifications"\} 2/);
  });

  test('a connection that was never made leaves nothing to look up', async () => {
    const id = await open();
    await work(workerOf(messengerOf({ baseUrl: 'http://127.0.0.1:1' })));
    expect(row(id)).toMatchObject({ etat: 'en_attente', errorCode: 'reseau.ECONNREFUSED', uncertainSince: null });
    await work(workerOf(), 1_000);
    expect(await twilio.calls()).toEqual(['create']);
  });
});

describe('with processes that die', () => {
  test('killed after Twilio accepted: one message', async () => {
    const id = await open();
    const dying = messengerOf();
    const [taken] = await workerOf(dying).claimDue(1);
    if (taken) await dying.send(taken);
    const worker = workerOf();
    await work(worker, 9_000);
    expect(row(id).etat).toBe('en_cours');
    await work(worker, 1_000);
    const messages = await twilio.messages();
    expect(messages).toHaveLength(1);
    expect(row(id)).toMatchObject({ etat: 'envoye', messageSid: messages[0]?.sid });
  });

  test('killed before anything left: one message', async () => {
    const id = await open();
    await workerOf().claimDue(1);
    const worker = workerOf();
    for (let round = 0; round < 3; round += 1) await work(worker, 10_000);
    expect(row(id).etat).toBe('envoye');
    expect(await twilio.messages()).toHaveLength(1);
  });

  test('two workers at once: one message', async () => {
    const id = await open();
    const [a, b] = [workerOf(), workerOf()];
    await Promise.all([work(a), work(b), a.tryNow(id), b.tryNow(id)]);
    expect(await twilio.messages()).toHaveLength(1);
  });

  test('a worker whose lease is over sends nothing', async () => {
    await open();
    const worker = workerOf();
    const [taken] = await worker.claimDue(1);
    clock.advance(9_500);
    if (taken) await worker.deliver(taken);
    expect(await twilio.calls()).toEqual([]);
  });
});

test('no name, phone or text is in the logs or the metrics', async () => {
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.join('') + (await metrics.registry.metrics())).not.toMatch(/Canari|243810000001|15005550001|fiche CONS|prête/);
});
