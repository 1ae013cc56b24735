import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { createCostMeter, type Costs, type Prepare } from '@mediai/testing';
import { startService, tokenOf } from './service.memory.ts';

/**
 * What each operation costs, once its token is verified and what is kept is kept. A statement more makes `npm test` fail;
 * so does one less, until it is written here. `grpcCalls` counts the call that asks for the operation.
 */
const costs = {
  'GetMessage, by its patient': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'GetAnalyse, by consultation': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
} satisfies Costs;

/** The same of what holds many rows, whatever their number. */
const listCosts = {
  'ListConversations, by a patient': { statements: 3, transactions: 0, roundTrips: 3, grpcCalls: 1 },
  'ListConversations, by a médecin': { statements: 3, transactions: 0, roundTrips: 3, grpcCalls: 2 },
  'GetConversation, by a médecin': { statements: 4, transactions: 0, roundTrips: 4, grpcCalls: 2 },
  'ListConversationMessages, by its patient': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'ListConversationMessages, by a médecin': { statements: 3, transactions: 0, roundTrips: 3, grpcCalls: 2 },
  'ListMessages, by a patient': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'ListMessages, by a médecin': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 2 },
} satisfies Costs;

const meter = createCostMeter();
const few = 2;
const many = 20;
const patients = Array.from({ length: many }, (_, i) => 100 + i);
const patient = { token: tokenOf({ sub: '100', role: 'patient' }) };
const medecin = { token: tokenOf({ sub: '20', role: 'medecin' }) };
const consultation = { token: tokenOf({ sub: 'service:consultation', role: 'service' }) };
let telemetry: Telemetry;
let service: Awaited<ReturnType<typeof startService>>;

beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'ia', exporter: meter.spans });
  service = await startService();
  for (const id of patients) {
    await service.db.userProjection.create({ data: { id, username: `compte-${id}`, first_name: 'Mwamba', last_name: 'Kalonji', role: 'patient', is_staff: false, is_active: true, approuve: true, is_available: false, etablissement_id: 1, version: 1 } });
    await converse(id, id);
  }
  for (let i = 1; i < many; i += 1) await converse(1_000 + i, 100);
  for (let i = 1; i < many; i += 1) await service.db.messageIa.create({ data: { conversation_id: 100, etablissement_id: 1, role: 'user', content: `Toux, jour ${i}` } });
});
afterAll(async () => {
  await service.close();
  await telemetry.shutdown();
});

/** A conversation of a fiche of the same number, with one analysis and one message. */
async function converse(id: number, userId: number): Promise<void> {
  await service.db.ficheProjection.create({ data: { id, numero_dossier: `CONS-${id}`, user_id: userId, etablissement_id: 1, status: 'en_analyse', version: 1, published_analyse_ids: [] } });
  await service.db.conversation.create({ data: { id, user_id: userId, fiche_id: id, etablissement_id: 1 } });
  await service.db.analyse.create({ data: { id, task_id: `t${id}`, conversation_id: id, fiche_id: id, etablissement_id: 1, fiche_version: 1, etat: 'terminee' } });
  await service.db.messageIa.create({ data: { id: 10_000 + id, conversation_id: id, etablissement_id: 1, role: 'user', content: 'Fièvre depuis trois jours', analyse_id: id } });
}

const operations: Record<keyof typeof costs, Prepare> = {
  'GetMessage, by its patient': async () => () => service.client.getMessage({ id: 10_100 }, patient),
  'GetAnalyse, by consultation': async () => () => service.client.getAnalyse({ id: 100 }, consultation),
};

/** Conversation 101 has one message, 100 has many. */
const conversationOf = (rows: number): number => (rows === few ? 101 : 100);
const readerOf = (rows: number) => (rows === few ? { token: tokenOf({ sub: '101', role: 'patient' }) } : patient);

const lists: Record<keyof typeof listCosts, (rows: number) => Promise<number>> = {
  'ListConversations, by a patient': async (pageSize) => (await service.client.listConversations({ page: 1, pageSize }, patient)).conversations.length,
  'ListConversations, by a médecin': async (pageSize) => (await service.client.listConversations({ page: 1, pageSize }, medecin)).conversations.length,
  'GetConversation, by a médecin': async (rows) => (await service.client.getConversation({ id: conversationOf(rows) }, medecin)).conversation?.messages.length ?? 0,
  'ListConversationMessages, by its patient': async (rows) => (await service.client.listConversationMessages({ conversationId: conversationOf(rows) }, readerOf(rows))).messages.length,
  'ListConversationMessages, by a médecin': async (rows) => (await service.client.listConversationMessages({ conversationId: conversationOf(rows) }, medecin)).messages.length,
  'ListMessages, by a patient': async (pageSize) => (await service.client.listMessages({ page: 1, pageSize }, patient)).messages.length,
  'ListMessages, by a médecin': async (pageSize) => (await service.client.listMessages({ page: 1, pageSize }, medecin)).messages.length,
};

describe('an operation costs what is written here', () => {
  test.each(Object.keys(costs) as (keyof typeof costs)[])('%s', async (name) => {
    expect(await meter.deviation(costs[name], operations[name])).toBeUndefined();
  });

  test.each(Object.keys(listCosts) as (keyof typeof listCosts)[])('%s: of few rows as of many', async (name) => {
    const rows = [await lists[name](few), await lists[name](many)] as const;
    expect(rows[1]).toBeGreaterThan(rows[0]);
    for (const count of [few, many]) expect(await meter.deviation(listCosts[name], async () => () => lists[name](count))).toBeUndefined();
  });
});
