import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTelemetry, type Telemetry } from '@mediai/kit/telemetry';
import { createCostMeter, type Costs, type Prepare } from '@mediai/testing';
import { startAuth, type RunningAuth } from './service.memory.ts';

/**
 * What each operation costs, once its token is verified and what is kept is kept. A statement more makes `npm test` fail;
 * so does one less, until it is written here. `grpcCalls` counts the call that asks for the operation.
 */
const costs = {
  'IssueToken': { statements: 11, transactions: 2, roundTrips: 15, grpcCalls: 1 },
  'IssueToken, with a wrong password': { statements: 10, transactions: 2, roundTrips: 14, grpcCalls: 1 },
  'RefreshToken': { statements: 2, transactions: 1, roundTrips: 4, grpcCalls: 1 },
  'RefreshToken, with rotation': { statements: 3, transactions: 1, roundTrips: 5, grpcCalls: 1 },
  'VerifyToken': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'Logout': { statements: 3, transactions: 1, roundTrips: 5, grpcCalls: 1 },
  'GetMe': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'GetJwks': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'GetRevocations': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'IssueServiceToken': { statements: 0, transactions: 0, roundTrips: 0, grpcCalls: 1 },
  'Register': { statements: 8, transactions: 1, roundTrips: 10, grpcCalls: 1 },
  'GetUser, by an admin': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'UpdateUser, of oneself': { statements: 12, transactions: 1, roundTrips: 14, grpcCalls: 1 },
  'GetEtablissement': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
} satisfies Costs;

/** The same of lists, whatever the number of their rows. */
const listCosts = {
  'ListUsers': { statements: 5, transactions: 0, roundTrips: 5, grpcCalls: 1 },
  'ListUsers, with a search': { statements: 5, transactions: 0, roundTrips: 5, grpcCalls: 1 },
  'ListPatients': { statements: 5, transactions: 0, roundTrips: 5, grpcCalls: 1 },
  'ListMedecins': { statements: 1, transactions: 0, roundTrips: 1, grpcCalls: 1 },
  'GetUsers': { statements: 3, transactions: 0, roundTrips: 3, grpcCalls: 1 },
} satisfies Costs;

const meter = createCostMeter();
const few = 2;
const many = 20;
const password = 'palmier-bleu-7';
const adresse = '10.0.0.1';
let telemetry: Telemetry;
let auth: RunningAuth;
let token = '';
let admin = '';
let service = '';
const ids: number[] = [];
let registered = 0;

beforeAll(async () => {
  telemetry = await startTelemetry({ service: 'auth', exporter: meter.spans });
  auth = await startAuth();
  for (const role of ['patient', 'medecin']) await multiply(await register(role));
  ids.push(...(await auth.db.user.findMany({ select: { id: true }, orderBy: { id: 'asc' } })).map(({ id }) => id));
  await auth.client.register({ username: 'chef', password, role: 'medecin' });
  await auth.db.user.update({ where: { username_key: 'chef' }, data: { is_staff: true, is_superuser: true } });
  await auth.db.medecinProfile.updateMany({ data: { is_approved: true } });
  [token, admin, service] = [(await login()).access, (await login('chef')).access, await auth.serviceToken()];
}, 60_000);
afterAll(async () => {
  await auth.close();
  await telemetry.shutdown();
});

/** A new account. @returns its id */
async function register(role = 'patient'): Promise<number> {
  registered += 1;
  const { user } = await auth.client.register({ username: `compte-${registered}`, password, role, phone: `081${String(registered).padStart(7, '0')}`, firstName: 'Mwamba', lastName: 'Kalonji' });
  return user?.id ?? 0;
}

/** As many accounts like this one: the hash of a password takes long. */
async function multiply(id: number): Promise<void> {
  const { medecin_profile: profile, patient_profile: _, ...like } = await auth.db.user.findUniqueOrThrow({ where: { id }, include: { medecin_profile: true, patient_profile: true } });
  for (let copy = id * 1_000; copy < id * 1_000 + many; copy += 1) {
    await auth.db.user.create({ data: { ...like, id: copy, username: `copie-${copy}`, username_key: `copie-${copy}`, phone: null } });
    await (profile ? auth.db.medecinProfile.create({ data: { ...profile, user_id: copy } }) : auth.db.patientProfile.create({ data: { user_id: copy } }));
  }
}

const login = (username = 'compte-1') => auth.client.issueToken({ username, password, adresse });

const operations: Record<keyof typeof costs, Prepare> = {
  'IssueToken': async () => () => login(),
  'IssueToken, with a wrong password': async () => {
    await register();
    return () => expect(auth.client.issueToken({ username: `compte-${registered}`, password: 'faux', adresse: `10.0.1.${registered}` })).rejects.toMatchObject({ kind: 'unauthenticated' });
  },
  'RefreshToken': onSession(({ refresh }) => auth.client.refreshToken({ refresh, rotate: false })),
  'RefreshToken, with rotation': onSession(({ refresh }) => auth.client.refreshToken({ refresh, rotate: true })),
  'VerifyToken': async () => () => auth.client.verifyToken({ token }),
  'Logout': onSession(({ refresh }) => auth.client.logout({ refresh }, { token })),
  'GetMe': async () => () => auth.client.getMe({}, { token }),
  'GetJwks': async () => () => auth.client.getJwks({}),
  'GetRevocations': async () => () => auth.client.getRevocations({}, { token: service }),
  'IssueServiceToken': async () => () => auth.serviceToken(),
  'Register': async () => () => register(),
  'GetUser, by an admin': async () => () => auth.client.getUser({ id: ids[0] ?? 0 }, { token: admin }),
  'UpdateUser, of oneself': async () => () => auth.client.updateUser({ user: { firstName: `Mwamba ${Date.now()}` } }, { token }),
  'GetEtablissement': async () => () => auth.client.getEtablissement({ id: 1 }, { token: service }),
};

const lists: Record<keyof typeof listCosts, (rows: number) => Promise<number>> = {
  'ListUsers': async (pageSize) => (await auth.client.listUsers({ page: 1, pageSize }, { token: admin })).users.length,
  'ListUsers, with a search': async (pageSize) => (await auth.client.listUsers({ page: 1, pageSize, search: 'kalonji' }, { token: admin })).users.length,
  'ListPatients': async (pageSize) => (await auth.client.listPatients({ page: 1, pageSize }, { token: admin })).users.length,
  'ListMedecins': async (pageSize) => (await auth.client.listMedecins({ page: 1, pageSize }, { token })).users.length,
  'GetUsers': async (rows) => (await auth.client.getUsers({ ids: ids.slice(0, rows) }, { token: service })).users.length,
};

/** On a session of its own each time. */
function onSession(act: (tokens: { refresh: string }) => Promise<unknown>): Prepare {
  return async () => {
    const tokens = await login();
    return () => act(tokens);
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
