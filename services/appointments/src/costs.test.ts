import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { createCostMeter, type Costs, type Prepare } from '@mediai/testing';
import { openDatabase } from './database-store.ts';
import { startService, tokenOf } from './service.memory.ts';

/**
 * What each operation costs, once its token is verified and what is kept is kept. A statement more makes `npm test` fail;
 * so does one less, until it is written here. `grpcCalls` counts the call that asks for the operation.
 */
const costs = {
  'GetAppointment, by its patient': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'GetAppointment, by a médecin whom it does not name': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'CreateAppointment': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'CreateAppointment, about a fiche': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 2 },
  'CreateAppointment, under an Idempotency-Key': { statements: 5, transactions: 1, roundTrips: 7, grpcCalls: 1 },
  'ConfirmAppointment': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'DeclineAppointment': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'CancelAppointment': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
} satisfies Costs;

/** The same of lists, whatever the number of their rows. */
const listCosts = {
  'ListAppointments, by a patient': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'ListAppointments, by a médecin': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
  'ListAppointments, by an admin': { statements: 2, transactions: 0, roundTrips: 2, grpcCalls: 1 },
} satisfies Costs;

const meter = createCostMeter();
const few = 2;
const many = 20;
const patients = Array.from({ length: many }, (_, i) => 1001 + i * 2);
const patient = { token: tokenOf({ sub: '1001', role: 'patient' }) };
const medecin = { token: tokenOf({ sub: '1002', role: 'medecin' }) };
const confrere = { token: tokenOf({ sub: '1004', role: 'medecin' }), accessReason: 'Garde de nuit' };
const admin = { token: tokenOf({ sub: '1006', role: 'medecin', is_staff: true }) };
let telemetry: Telemetry;
let service: Awaited<ReturnType<typeof startService>>;
let minutes = 0;

beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'appointments', exporter: meter.spans });
  service = await startService();
  const { db, close } = openDatabase(service.database.appUrl);
  for (const id of [...patients, 1002]) {
    const role = id === 1002 ? 'medecin' : 'patient';
    await db.userProjection.create({ data: { id, username: `compte-${id}`, first_name: 'Mwamba', last_name: 'Kalonji', role, is_staff: false, is_active: true, approuve: true, is_available: true, etablissement_id: 1, version: 1 } });
  }
  await close();
  for (const id of patients) await ask({}, tokenOf({ sub: String(id), role: 'patient' }));
  for (let i = 0; i < many; i += 1) await ask();
}, 60_000);
afterAll(async () => {
  await service.close();
  await telemetry.shutdown();
});

/** Half an hour that nobody else has. */
function slot() {
  minutes += 60;
  const start = Math.ceil(Date.now() / 60_000) * 60_000 + 48 * 3_600_000 + minutes * 60_000;
  return { start: timestampFromDate(new Date(start)), end: timestampFromDate(new Date(start + 30 * 60_000)) };
}

/** A new appointment. @returns its id */
async function ask(more: { fiche?: number } = {}, token = patient.token, idempotencyKey?: string): Promise<number> {
  const { start, end } = slot();
  const { appointment } = await service.client.createAppointment({ medecin: 1002, requestedStart: start, requestedEnd: end, messagePatient: 'Toux', ...more }, { token, ...(idempotencyKey ? { idempotencyKey } : {}) });
  return appointment?.id ?? 0;
}

const operations: Record<keyof typeof costs, Prepare> = {
  'GetAppointment, by its patient': onNewAppointment((id) => service.client.getAppointment({ id }, patient)),
  'GetAppointment, by a médecin whom it does not name': onNewAppointment((id) => service.client.getAppointment({ id }, confrere)),
  'CreateAppointment': async () => () => ask(),
  'CreateAppointment, about a fiche': async () => () => ask({ fiche: 12 }),
  'CreateAppointment, under an Idempotency-Key': async () => () => ask({}, patient.token, crypto.randomUUID()),
  'ConfirmAppointment': onNewAppointment((id) => {
    const { start, end } = slot();
    return service.client.confirmAppointment({ id, confirmedStart: start, confirmedEnd: end }, medecin);
  }),
  'DeclineAppointment': onNewAppointment((id) => service.client.declineAppointment({ id }, medecin)),
  'CancelAppointment': onNewAppointment((id) => service.client.cancelAppointment({ id, message: 'En voyage' }, patient)),
};

const lists: Record<keyof typeof listCosts, (rows: number) => Promise<number>> = {
  'ListAppointments, by a patient': async (pageSize) => (await service.client.listAppointments({ page: 1, pageSize }, patient)).appointments.length,
  'ListAppointments, by a médecin': async (pageSize) => (await service.client.listAppointments({ page: 1, pageSize }, medecin)).appointments.length,
  'ListAppointments, by an admin': async (pageSize) => (await service.client.listAppointments({ page: 1, pageSize }, admin)).appointments.length,
};

/** On an appointment of its own each time. */
function onNewAppointment(act: (id: number) => Promise<unknown>): Prepare {
  return async () => {
    const id = await ask();
    return () => act(id);
  };
}

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
