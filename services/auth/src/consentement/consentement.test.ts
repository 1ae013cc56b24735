import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createAccountStore } from '../account/account-store.ts';
import { acte, addAccount, serviceActeur } from '../account/fixtures.memory.ts';
import { openDatabase, type Database } from '../database-store.ts';
import { createRunOnce } from '../idempotence/idempotence-store.ts';
import { createMemoryConsentements } from './consentement-store.memory.ts';
import { createConsentementStore, type ConsentementStore } from './consentement-store.ts';
import type { Consentement } from './consentement.ts';
import { createGetConsentement, createGiveConsentement, createListConsentements, createWithdrawConsentement } from './consentements.ts';

const page = { page: 1, pageSize: 20 };
const at = new Date('2026-03-02T08:00:00Z');
const later = new Date('2026-03-03T08:00:00Z');

type Opened = { consentements: ConsentementStore; /** A new account's id. */ user: () => Promise<number> };

function contract(open: () => Opened): void {
  let opened: Opened;
  beforeAll(() => {
    opened = open();
  });

  const give = async (userId: number, version: string, when = at): Promise<Consentement> => {
    const outcome = await opened.consentements.give({ userId, finalite: 'analyse_ia', version, at: when }, () => acte);
    if (!outcome || 'replayed' in outcome) throw new Error('not given');
    return outcome.done;
  };
  const withdraw = (userId: number, when = at) => opened.consentements.withdraw({ userId, finalite: 'analyse_ia', at: when }, () => acte);
  const state = (userId: number) => opened.consentements.state(userId, 'analyse_ia');
  const rows = async (userId: number) => (await opened.consentements.list(userId, page)).consentements;

  test('before anything is said there is none', async () => {
    const userId = await opened.user();
    expect(await state(userId)).toEqual({ etat: 'absent' });
    expect(await opened.consentements.list(userId, page)).toEqual({ consentements: [], count: 0, countExact: true });
  });

  test('given twice it is given once; another version takes its place', async () => {
    const userId = await opened.user();
    const first = await give(userId, 'v1');
    expect(first).toEqual({ id: expect.any(Number), finalite: 'analyse_ia', version: 'v1', accordeLe: at, retireLe: null });
    expect(await give(userId, 'v1', later)).toEqual(first);
    const second = await give(userId, 'v2', later);
    expect(await state(userId)).toEqual({ etat: 'accorde', version: 'v2' });
    expect(await rows(userId)).toEqual([second, { ...first, retireLe: later }]);
  });

  test('withdrawn it holds no more, and may be given again', async () => {
    const userId = await opened.user();
    const first = await give(userId, 'v1');
    await withdraw(userId, later);
    await withdraw(userId, new Date());
    expect(await state(userId)).toEqual({ etat: 'retire' });
    expect(await rows(userId)).toEqual([{ ...first, retireLe: later }]);
    await give(userId, 'v1', later);
    expect(await state(userId)).toEqual({ etat: 'accorde', version: 'v1' });
    expect(await rows(userId)).toHaveLength(2);
  });

  test('withdrawn without having been given is an objection', async () => {
    const userId = await opened.user();
    await withdraw(userId);
    expect(await state(userId)).toEqual({ etat: 'retire' });
    expect(await rows(userId)).toEqual([{ id: expect.any(Number), finalite: 'analyse_ia', version: '', accordeLe: null, retireLe: at }]);
  });

  test('of many who give at once one row holds', async () => {
    const userId = await opened.user();
    const given = await Promise.all(Array.from({ length: 6 }, () => give(userId, 'v1')));
    expect(new Set(given.map(({ id }) => id)).size).toBe(1);
    expect(await rows(userId)).toHaveLength(1);
  });

  test('under an idempotency key the first answer is given again, withdrawn or not', async () => {
    const userId = await opened.user();
    const key = { acteurId: userId, route: 'GiveConsentement', cle: 'k', corps: Buffer.from('a'), ecrire: ({ id }: Consentement) => Buffer.from(String(id)) };
    const once = () => opened.consentements.give({ userId, finalite: 'analyse_ia', version: 'v1', at }, () => acte, key);
    await once();
    await withdraw(userId);
    expect(await once()).toHaveProperty('replayed');
    expect(await state(userId)).toEqual({ etat: 'retire' });
  });

  test('is nothing for an account that is no more', async () => {
    expect(await opened.consentements.give({ userId: 424_242, finalite: 'analyse_ia', version: 'v', at }, () => acte)).toBeUndefined();
    await withdraw(424_242);
    expect(await state(424_242)).toEqual({ etat: 'absent' });
  });
}

describe('in memory', () => {
  let nextId = 1;
  contract(() => ({ consentements: createMemoryConsentements((id) => id < 1000), user: async () => nextId++ }));
});

describe('on PostgreSQL', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  const runOnce = createRunOnce('a-key');

  beforeAll(async () => {
    testDatabase = await createTestDatabase('auth');
    database = openDatabase(testDatabase.appUrl);
    await database.db.etablissement.create({ data: { id: 1, nom: 'Centre' } });
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  contract(() => ({ consentements: createConsentementStore(database.db, runOnce), user: async () => (await addAccount(createAccountStore(database.db, () => undefined, runOnce))).id }));
});

describe('a person', () => {
  const patient: Acteur = { id: 10, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: '' };
  const enAttente: Acteur = { ...patient, id: 11, role: 'medecin', approuve: false };
  const form = { finalite: 'analyse_ia', version: ' 2026-1 ' };

  function setUp() {
    const consentements = createMemoryConsentements();
    const needs = { consentements, clock: () => at };
    return { consentements, give: createGiveConsentement(needs), withdraw: createWithdrawConsentement(needs), list: createListConsentements(needs), get: createGetConsentement(needs) };
  }

  test('gives and withdraws their own, approved or not; both are audited, a repetition is not', async () => {
    const { consentements, give, withdraw, list } = setUp();
    for (const acteur of [patient, enAttente]) {
      await give(acteur, form);
      await give(acteur, form);
      expect((await list(acteur, page)).consentements).toMatchObject([{ version: '2026-1', retireLe: null }]);
    }
    await withdraw(patient, 'analyse_ia');
    await withdraw(patient, 'analyse_ia');
    expect(consentements.actes.map(({ acteurId, action, raison }) => [acteurId, action, raison])).toEqual([
      [10, 'consentement.accord', 'analyse_ia 2026-1'], [11, 'consentement.accord', 'analyse_ia 2026-1'], [10, 'consentement.retrait', 'analyse_ia 2026-1'],
    ]);
  });

  test('is told what is wrong', async () => {
    const { give, withdraw } = setUp();
    await expect(give(patient, { finalite: 'vente', version: '' })).rejects.toMatchObject({ kind: 'invalid', fields: { finalite: [expect.any(String)], version: [expect.any(String)] } });
    for (const version of ['v'.repeat(41), 'a\0', '\ud800']) await expect(give(patient, { finalite: 'analyse_ia', version })).rejects.toMatchObject({ fields: { version: [expect.any(String)] } });
    await expect(withdraw(patient, '')).rejects.toMatchObject({ fields: { finalite: ['Ce champ ne peut être vide.'] } });
  });

  test('is asked about by services alone, who have none of their own', async () => {
    const { give, withdraw, list, get } = setUp();
    await give(patient, form);
    expect(await get(serviceActeur, 10, 'analyse_ia')).toEqual({ etat: 'accorde', version: '2026-1' });
    for (const acteur of [patient, { ...patient, estAdmin: true, estSuperuser: true }]) await expect(get(acteur, 10, 'analyse_ia')).rejects.toMatchObject({ kind: 'forbidden' });
    for (const call of [give(serviceActeur, form), withdraw(serviceActeur, 'analyse_ia'), list(serviceActeur, page)]) await expect(call).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
