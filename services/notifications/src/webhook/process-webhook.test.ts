import { beforeEach, describe, expect, test } from '@jest/globals';
import { AppError, invalid, unavailable } from '@mediai/kit/errors';
import { createLogger } from '@mediai/kit/log';
import { fixedClock } from '@mediai/testing';
import type { NewDelivery } from '../delivery/delivery.ts';
import { createMemoryStores } from '../stores.memory.ts';
import type { BringMessage, Entrant, Recu } from './inbound-client.ts';
import { createProcessWebhook } from './process-webhook.ts';
import { createTakeCallback } from './take-callback.ts';
import type { Parametre, Webhook } from './webhook.ts';

const texte = 'Douleur clinquantissime';
const lines: string[] = [];
const log = createLogger({ service: 'notifications', level: 'debug', stream: { write: (line) => void lines.push(line) } });
const telephone = '+243810000001';
const minute = 60_000;

let stores: ReturnType<typeof createMemoryStores>;
let clock: ReturnType<typeof fixedClock>;
/** What consultation was brought, and what it answers. */
let brought: Entrant[];
let consultation: () => Recu | undefined;
let sids = 0;

beforeEach(() => {
  stores = createMemoryStores();
  clock = fixedClock('2026-11-28T10:00:00Z');
  brought = [];
  consultation = () => ({ ficheId: 12, messageId: 5, userId: 4, etablissementId: 1 });
});

const bringMessage: BringMessage = async (entrant) => {
  brought.push(entrant);
  return consultation();
};
const take = (form: Record<string, string>, canal = 'whatsapp'): Promise<void> => {
  const parametres: Parametre[] = Object.entries(form).map(([nom, valeur]) => ({ nom, valeur }));
  return createTakeCallback({ webhooks: stores.webhooks, verifySignature: async (_canal, _form, signature) => signature === 'juste', taken: () => undefined, clock: clock.now })({ canal, parametres, signature: 'juste' });
};
const newSid = (): string => `SM${String(++sids).padStart(32, '0')}`;
const inbound = (changes: Record<string, string> = {}) => ({ MessageSid: newSid(), From: `whatsapp:${telephone}`, To: 'whatsapp:+14155238886', Body: texte, ...changes });
const status = (sid: string, state: string) => ({ MessageSid: sid, MessageStatus: state, From: 'whatsapp:+14155238886', To: `whatsapp:${telephone}` });

/** Everything due after `afterMs`; of one phone's messages one after the other. */
async function work(afterMs = 0): Promise<void> {
  clock.advance(afterMs);
  const run = createProcessWebhook({ webhooks: stores.webhooks, deliveries: stores.deliveries, oppositions: stores.oppositions, bringMessage, log, clock: clock.now });
  for (let due = await claim(); due.length > 0; due = await claim()) for (const webhook of due) await run(webhook);
}
const claim = (): Promise<Webhook[]> => stores.webhooks.claimDue(clock.now(), 50, 30_000);
const events = (): Webhook[] => [...stores.webhookRows.values()];

async function sentDelivery(etablissementId = 1): Promise<{ id: number; sid: string }> {
  const sid = newSid();
  const wanted: NewDelivery = {
    cle: sid, canal: 'whatsapp', modele: 'fiche_prete', telephone, userId: 4, prenom: '', numeroDossier: null, ficheId: 12, appointmentId: null, appointmentVersion: null, debut: null, fuseau: 'UTC', etablissementId,
  };
  const { delivery } = await stores.deliveries.open(wanted, { now: clock.now(), demandeur: { acteurId: null, acteurRole: 'service' } });
  const claimed = await stores.deliveries.claim(delivery.id, clock.now(), { leaseMs: 1, graceMs: 1 });
  await stores.deliveries.settle(claimed!, { etat: 'envoye', messageSid: sid, sentAt: clock.now(), errorCode: null, uncertainSince: null }, clock.now());
  return { id: delivery.id, sid };
}

describe('a message that came in', () => {
  test('told three times, shuffled among others, is one message on the fiche', async () => {
    const forms = [inbound(), inbound(), inbound()];
    for (const form of [...forms, ...forms.toReversed(), forms[1]!, forms[0]!, forms[2]!]) await take(form);
    await work();
    await work(minute);
    expect(events()).toHaveLength(3);
    expect(brought.map(({ sourceId }) => sourceId).toSorted()).toEqual(forms.map(({ MessageSid }) => MessageSid));
    expect(events()[0]).toMatchObject({ processingStatus: 'processed', relatedUserId: 4, relatedFicheId: 12, createdMessageId: 5, etablissementId: 1, processedAt: expect.any(Date) });
    expect(brought[0]).toEqual({ telephone, contenu: texte, sourceId: forms[0]!.MessageSid, etablissementId: null });
  });

  test('waits while consultation is away, fails with a stable code meanwhile, and arrives when it is back', async () => {
    consultation = () => { throw unavailable(); };
    await take(inbound());
    await work();
    expect(events()).toMatchObject([{ processingStatus: 'failed', processingError: 'service.indisponible' }]);
    for (let round = 0; round < 10; round += 1) await work(5 * minute);
    expect(brought).toHaveLength(11);
    consultation = () => ({ ficheId: 12, messageId: 5, userId: 4, etablissementId: 1 });
    await work(5 * minute);
    expect(events()).toMatchObject([{ processingStatus: 'processed', processingError: null, createdMessageId: 5 }]);
  });

  test('that consultation refuses for good is left failed, for people to see', async () => {
    consultation = () => { throw invalid({ contenu: ['x'] }, 'message.trop_long'); };
    await take(inbound());
    await work();
    await work(60 * minute);
    expect(brought).toHaveLength(1);
    expect(events()).toMatchObject([{ processingStatus: 'failed', processingError: 'refuse.message.trop_long' }]);
  });

  test('that fails for a week is left to people', async () => {
    consultation = () => { throw new AppError('internal'); };
    await take(inbound());
    await work();
    await work(7 * 24 * 60 * minute);
    await work(60 * minute);
    expect(brought).toHaveLength(2);
    expect(events()).toMatchObject([{ processingStatus: 'failed', processingError: 'erreur.interne' }]);
  });

  test('of an unknown phone, an unreadable one or without words is ignored, and why is kept', async () => {
    consultation = () => undefined;
    for (const form of [inbound(), inbound({ From: 'MTN' }), inbound({ Body: ' ' })]) await take(form);
    await work();
    expect(events().map(({ processingStatus, processingError }) => [processingStatus, processingError])).toEqual([['ignored', 'telephone.inconnu'], ['ignored', 'telephone.illisible'], ['ignored', 'contenu.vide']]);
  });

  test('for a fiche whose patient has no account is ignored, but known to be about it', async () => {
    consultation = () => ({ ficheId: 12, messageId: null, userId: null, etablissementId: 1 });
    await take(inbound());
    await work();
    expect(events()).toMatchObject([{ processingStatus: 'ignored', processingError: 'fiche.sans_compte', relatedFicheId: 12, createdMessageId: null, etablissementId: 1 }]);
  });

  test('comes after the one before it of the same phone', async () => {
    await take(inbound({ Body: 'un' }));
    await take(inbound({ Body: 'deux' }));
    await work();
    await work();
    expect(brought.map(({ contenu }) => contenu)).toEqual(['un', 'deux']);
  });

  test('STOP is no message: nothing more goes to that phone over that channel, until START', async () => {
    await take(inbound({ Body: 'Arrêt' }));
    await work();
    expect(brought).toEqual([]);
    expect(await Promise.all([stores.oppositions.has(telephone, 'whatsapp'), stores.oppositions.has(telephone, 'sms')])).toEqual([true, false]);
    await take(inbound({ Body: 'start' }));
    await work();
    expect(await stores.oppositions.has(telephone, 'whatsapp')).toBe(false);
    expect(events().map(({ processingStatus }) => processingStatus)).toEqual(['processed', 'processed']);
  });
});

describe('a state', () => {
  test.each([[['sent', 'delivered', 'sent']], [['delivered', 'queued', 'sent', 'delivered', 'delivered']], [['read', 'sent', 'delivered']]])('%j, however late: the message has arrived', async (told) => {
    const { id, sid } = await sentDelivery();
    for (const state of told) await take(status(sid, state));
    await work();
    expect(stores.rows.get(id)).toMatchObject({ etat: 'livre', errorCode: null });
    expect(stores.announced.filter((one) => one.id === id && one.etat === 'livre')).toHaveLength(1);
    expect(events()).toHaveLength(new Set(told).size);
    expect(events().every((event) => event.processingStatus === 'processed' && event.relatedFicheId === 12 && event.etablissementId === 1)).toBe(true);
  });

  test('of failure is kept with the provider\'s code', async () => {
    const { id, sid } = await sentDelivery();
    await take({ ...status(sid, 'undelivered'), ErrorCode: '63016' });
    await take(status(sid, 'sent'));
    await work();
    expect(stores.rows.get(id)).toMatchObject({ etat: 'echec', errorCode: 'twilio.63016' });
  });

  test('of a message whose id is not known yet waits for it; after an hour it is none of ours', async () => {
    const sid = `SM${'f'.repeat(32)}`;
    await take(status(sid, 'delivered'));
    await work();
    await work(5 * minute);
    expect(events()).toMatchObject([{ processingStatus: 'pending' }]);
    await work(60 * minute);
    expect(events()).toMatchObject([{ processingStatus: 'ignored', processingError: 'message.inconnu' }]);
  });
});

test('what is not signed is neither kept nor read further', async () => {
  const takeUnsigned = createTakeCallback({ webhooks: stores.webhooks, verifySignature: async () => false, taken: () => undefined, clock: clock.now });
  await expect(takeUnsigned({ canal: 'whatsapp', parametres: [{ nom: 'Body', valeur: texte }], signature: 'x' })).rejects.toMatchObject({ kind: 'forbidden', code: 'webhook.signature_invalide' });
  await expect(take({ Body: texte })).rejects.toMatchObject({ kind: 'invalid', code: 'webhook.illisible' });
  await expect(take(Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`x${i}`, ''])))).rejects.toMatchObject({ kind: 'invalid' });
  await expect(take(inbound(), 'fax')).rejects.toMatchObject({ fields: { canal: [expect.any(String)] } });
  expect(events()).toEqual([]);
});

test('neither text nor phone is in the log', () => {
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.join('')).not.toMatch(/clinquantissime|810000001/);
});
