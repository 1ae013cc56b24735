import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createAccountStore } from '../account/account-store.ts';
import { createPasswords } from '../account/password-hash.ts';
import type { Db } from '../database-store.ts';
import { PrismaClient } from '../generated/prisma/client.ts';
import { createGuessingStore } from '../token/guessing-store.ts';
import { createIssueToken } from '../token/issue-token.ts';
import { createSessionStore } from '../token/session-store.ts';
import { createConfirmReset } from './confirm-reset.ts';
import { createPasswordStore } from './password-store.ts';
import { createRequestReset } from './request-reset.ts';
import { createResetCodes } from './reset-code.ts';

/** How long an answer takes tells whether there is an account when it takes other statements: they are counted, for time is not to be measured. */
let testDatabase: TestDatabase;
let db: Db;
let statements: string[] = [];
let count = 0;

const typed = { ouvert: 'ouvert', inactif: 'inactif', supprime: 'supprime-3', inconnu: 'inconnu' };

beforeAll(async () => {
  testDatabase = await createTestDatabase('auth');
  const counting = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDatabase.appUrl }), log: [{ emit: 'event', level: 'query' }] });
  counting.$on('query', ({ query }) => void statements.push(query));
  db = Object.assign(counting as unknown as PrismaClient, { sql: { $queryRawUnsafe: counting.$queryRawUnsafe.bind(counting), $executeRawUnsafe: counting.$executeRawUnsafe.bind(counting), transaction: counting.$transaction.bind(counting) } }) as Db;
  await db.etablissement.create({ data: { id: 1, nom: 'Hôpital' } });
  for (const [username, changes] of [['ouvert', {}], ['inactif', { is_active: false }], ['supprime-3', { deleted_at: new Date() }]] as const) {
    await db.user.create({ data: { username, username_key: username, phone: '+243812345678', role: 'medecin', etablissement_id: 1, password_hash: await (await createPasswords()).hash('palmier-bleu-7'), medecin_profile: { create: {} }, ...changes } });
  }
});
afterAll(async () => {
  await db.$disconnect();
  await testDatabase.drop();
});

async function useCases() {
  const clock = (): Date => new Date();
  const store = createPasswordStore(db, clock);
  const needs = {
    store, sessions: createSessionStore(db), guessing: createGuessingStore(db), accounts: createAccountStore(db, () => undefined, undefined as never), passwords: await createPasswords(),
    codes: createResetCodes('a-secret-of-at-least-32-characters'), post: () => undefined, accessTokens: undefined as never, refreshSeconds: 600, counted: () => undefined, clock,
  };
  const [issueToken, request, confirm] = [createIssueToken(needs), createRequestReset(needs), createConfirmReset(needs)];
  return {
    'a refused login': (username: string, adresse: string) => issueToken({ username, password: 'faux-mot-de-passe', adresse }),
    'a request for a code': (identifiant: string, adresse: string) => request({ identifiant, adresse }),
    'a wrong code': (identifiant: string, adresse: string) => confirm({ identifiant, code: '00000000', newPassword: 'manguier-vert-8', adresse }),
  };
}

test.each(['a refused login', 'a request for a code', 'a wrong code'] as const)('%s takes the same statements whether the account is open, closed, deleted or was never there', async (name) => {
  const call = (await useCases())[name];
  const taken: Record<string, string[]> = {};
  for (const [who, username] of Object.entries(typed)) {
    statements = [];
    await call(username, `10.0.0.${++count}`).catch((error: { kind?: string }) => expect(['unauthenticated', 'invalid']).toContain(error.kind));
    taken[who] = statements;
  }
  expect(taken['ouvert']?.length).toBeGreaterThan(3);
  for (const who of Object.keys(typed)) expect([who, taken[who]]).toEqual([who, taken['ouvert']]);
});
