import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NotificationsService } from '@mediai/contracts/notifications/v1/notifications_service';
import { WebhookService } from '@mediai/contracts/notifications/v1/webhook_service';
import { WhatsappService } from '@mediai/contracts/notifications/v1/whatsapp_service';
import { openPeer, type GrpcClient } from '@mediai/kit/grpc';
import { createCostMeter, type Costs, type Prepare } from '@mediai/testing';
import twilio from 'twilio';
import { twilioToken } from './sandbox.memory.ts';
import { phoneOf, publicUrl, startService, tokenOf } from './service.memory.ts';
import { callbackUrl } from './webhook/signature-client.ts';

/**
 * What each operation costs, once its token is verified and what is kept is kept. A statement more makes `npm test` fail;
 * so does one less, until it is written here. `grpcCalls` counts the call that asks for the operation.
 */
const costs = {
  'Send': { statements: 14, transactions: 3, roundTrips: 20, grpcCalls: 1 },
  'Send, of what was sent already': { statements: 4, transactions: 1, roundTrips: 6, grpcCalls: 1 },
  'TakeTwilioCallback, of a message': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'TakeTwilioCallback, told again': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'GetWebhookEvent': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'GetWhatsappQr': { statements: 0, transactions: 0, roundTrips: 0, grpcCalls: 1 },
  'GetSandboxStatus': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
} satisfies Costs;

/** The same of lists, whatever the number of their rows. */
const listCosts = {
  'ListWebhookEvents, by an admin': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
} satisfies Costs;

const meter = createCostMeter();
const few = 2;
const many = 20;
const patient = { token: tokenOf('4', 'patient') };
const admin = { token: tokenOf('3', 'patient', { is_staff: true }) };
const consultation = { token: tokenOf('service:consultation', 'service') };
let service: Awaited<ReturnType<typeof startService>>;
let sends: GrpcClient<typeof NotificationsService>;
let webhooks: GrpcClient<typeof WebhookService>;
let whatsapp: GrpcClient<typeof WhatsappService>;
let told = 0;

beforeAll(async () => {
  service = await startService({ exporter: meter.spans, works: false });
  const peer = openPeer('notifications', { address: service.address, deadlineMs: 10_000 });
  [sends, webhooks, whatsapp] = [peer.connect(NotificationsService), peer.connect(WebhookService), peer.connect(WhatsappService)];
  await service.db.userProjection.create({ data: { id: 4, username: 'compte-4', first_name: 'Mwamba', last_name: 'Kalonji', role: 'patient', is_staff: false, is_active: true, approuve: true, is_available: false, phone: phoneOf(4), etablissement_id: 1, version: 1 } });
  for (let i = 0; i < many; i += 1) await tell(inbound());
}, 60_000);
afterAll(async () => {
  for (const client of [sends, webhooks, whatsapp]) client.close();
  await service.close();
});

/** A delivery of its own. */
const delivery = () => ({ canal: 'whatsapp', modele: 'fiche_prete', telephone: phoneOf((told += 1)), prenom: 'Mwamba', numeroDossier: 'CONS-20261128-011', ficheId: 11, userId: 4, cle: randomUUID(), etablissementId: 1 });
/** A patient's message of its own, as Twilio tells it. */
const inbound = () => ({ MessageSid: `SM${randomUUID().replaceAll('-', '')}`, From: `whatsapp:${phoneOf((told += 1))}`, To: 'whatsapp:+14155238886', Body: 'Bonjour', NumMedia: '0' });
const tell = (form: Record<string, string>) =>
  webhooks.takeTwilioCallback({ canal: 'whatsapp', parametres: Object.entries(form).map(([nom, valeur]) => ({ nom, valeur })), signature: twilio.getExpectedTwilioSignature(twilioToken, callbackUrl(publicUrl, 'whatsapp'), form) });

const operations: Record<keyof typeof costs, Prepare> = {
  'Send': async () => () => sends.send(delivery(), consultation),
  'Send, of what was sent already': async () => {
    const again = delivery();
    await sends.send(again, consultation);
    return () => sends.send(again, consultation);
  },
  'TakeTwilioCallback, of a message': async () => () => tell(inbound()),
  'TakeTwilioCallback, told again': async () => {
    const again = inbound();
    await tell(again);
    return () => tell(again);
  },
  'GetWebhookEvent': async () => {
    const { id } = await service.db.webhookEvent.findFirstOrThrow();
    return () => webhooks.getWebhookEvent({ id }, admin);
  },
  'GetWhatsappQr': async () => () => whatsapp.getWhatsappQr({}, patient),
  'GetSandboxStatus': async () => () => whatsapp.getSandboxStatus({ phone: phoneOf(4) }, patient),
};

const lists: Record<keyof typeof listCosts, (rows: number) => Promise<number>> = {
  'ListWebhookEvents, by an admin': async (pageSize) => (await webhooks.listWebhookEvents({ page: 1, pageSize }, admin)).events.length,
};

describe('an operation costs what is written here', () => {
  test.each(Object.keys(costs) as (keyof typeof costs)[])('%s', async (name) => {
    expect(await meter.deviation(costs[name], operations[name])).toBeUndefined();
  });

  test.each(Object.keys(listCosts) as (keyof typeof listCosts)[])('%s: of 2 rows as of 20', async (name) => {
    for (const rows of [few, many]) {
      expect(await lists[name](rows)).toBe(rows);
      expect(await meter.deviation(listCosts[name], async () => () => lists[name](rows))).toBeUndefined();
    }
  });
});
