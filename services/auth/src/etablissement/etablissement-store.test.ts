import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@mediai/testing';
import { createAccountStore } from '../account/account-store.ts';
import { acte, addAccount, at, newAccount } from '../account/fixtures.memory.ts';
import { openDatabase, type Database } from '../database-store.ts';
import { createRunOnce } from '../idempotence/idempotence-store.ts';
import { createMemoryEtablissements } from './etablissement-store.memory.ts';
import { createEtablissementStore, type EtablissementStore } from './etablissement-store.ts';
import type { Etablissement } from './etablissement.ts';

type Opened = { etablissements: EtablissementStore; /** Lets an account belong to an établissement. */ use: (id: number) => Promise<void> };

const settings = { nom: 'Clinique', telephoneUrgence: null, fuseau: 'Africa/Lubumbashi', consentementIa: 'explicite' as const, textes: { accueil: "L'« accueil » ; --" }, demo: true };

function contract(open: () => Opened): void {
  let opened: Opened;
  beforeAll(async () => {
    opened = open();
    await opened.etablissements.ensure({ ...settings, id: 1 });
  });

  const make = async (changes: Partial<typeof settings> = {}): Promise<Etablissement> => {
    const outcome = await opened.etablissements.create({ ...settings, ...changes }, () => acte);
    if ('replayed' in outcome) throw new Error('No key was given.');
    return outcome.done;
  };

  test('one comes back as it was made', async () => {
    const made = await make();
    expect(made).toEqual({ ...settings, id: expect.any(Number), version: 1 });
    expect(await opened.etablissements.find(made.id)).toEqual(made);
  });

  test('under an idempotency key it is made once', async () => {
    const key = { acteurId: 7, route: 'CreateEtablissement', cle: crypto.randomUUID(), corps: Buffer.from('a'), ecrire: ({ id }: Etablissement) => Buffer.from(String(id)) };
    const before = (await opened.etablissements.all()).length;
    await opened.etablissements.create(settings, () => acte, key);
    expect(await opened.etablissements.create(settings, () => acte, key)).toHaveProperty('replayed');
    expect(await opened.etablissements.all()).toHaveLength(before + 1);
  });

  test('of ten changes at once none is lost', async () => {
    const { id } = await make({ nom: '' });
    await Promise.all(Array.from({ length: 10 }, (_, digit) => opened.etablissements.change(id, (present) => ({ etablissement: { ...present, nom: present.nom + digit }, acte }))));
    const changed = await opened.etablissements.find(id);
    expect(changed?.version).toBe(11);
    expect(Array.from(changed?.nom ?? '').sort().join('')).toBe('0123456789');
  });

  test('a change that is none, or of a missing one, writes nothing', async () => {
    const made = await make();
    expect(await opened.etablissements.change(made.id, () => null)).toEqual(made);
    expect(await opened.etablissements.change(424_242, () => { throw new Error('asked'); })).toBeUndefined();
  });

  test('pages are by id, or hold one alone', async () => {
    const made = await make();
    const all = await opened.etablissements.list({ page: 1, pageSize: 100 });
    expect(all).toMatchObject({ count: all.etablissements.length, countExact: true });
    expect(all.etablissements.map(({ id }) => id)).toEqual(all.etablissements.map(({ id }) => id).sort((a, b) => a - b));
    expect((await opened.etablissements.list({ page: 2, pageSize: 1 })).etablissements).toEqual([all.etablissements[1]]);
    expect(await opened.etablissements.list({ page: 1, pageSize: 100, id: made.id })).toEqual({ etablissements: [made], count: 1, countExact: true });
  });

  test('one is deleted when nobody belongs to it', async () => {
    const [empty, used] = [await make(), await make()];
    await opened.use(used.id);
    expect(await opened.etablissements.delete(used.id, at, acte)).toBe('utilise');
    expect(await opened.etablissements.delete(empty.id, at, acte)).toBe('supprime');
    expect(await opened.etablissements.delete(empty.id, at, acte)).toBe('introuvable');
    expect(await opened.etablissements.find(empty.id)).toBeUndefined();
    expect((await opened.etablissements.all()).map(({ id }) => id)).not.toContain(empty.id);
    expect(await opened.etablissements.change(empty.id, () => null)).toBeUndefined();
  });
}

describe('in memory', () => {
  const used = new Set<number>();
  contract(() => ({ etablissements: createMemoryEtablissements((id) => used.has(id)), use: async (id) => void used.add(id) }));
});

describe('on PostgreSQL', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  const runOnce = createRunOnce('a-key');
  const committed = (): void => undefined;

  beforeAll(async () => {
    testDatabase = await createTestDatabase('auth');
    database = openDatabase(testDatabase.appUrl);
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  contract(() => ({
    etablissements: createEtablissementStore(database.db, committed, runOnce),
    use: async (etablissementId) => void (await addAccount(createAccountStore(database.db, committed, runOnce), { etablissementId })),
  }));

  test('of one who joins and one who deletes at once, one comes too late', async () => {
    const etablissements = createEtablissementStore(database.db, committed, runOnce);
    const accounts = createAccountStore(database.db, committed, runOnce);
    for (let round = 0; round < 5; round++) {
      const outcome = await etablissements.create(settings, () => acte);
      const id = 'done' in outcome ? outcome.done.id : 0;
      const [joined, deleted] = await Promise.all([accounts.create(newAccount({ etablissementId: id }), () => acte).then(() => true, () => false), etablissements.delete(id, at, acte)]);
      expect(joined).toBe(deleted === 'utilise');
    }
  });

  test('each change leaves its event', async () => {
    const etablissements = createEtablissementStore(database.db, committed, runOnce);
    const outcome = await etablissements.create(settings, () => acte);
    const id = 'done' in outcome ? outcome.done.id : 0;
    await etablissements.change(id, (present) => ({ etablissement: { ...present, nom: 'Autre' }, acte }));
    expect(await database.db.outbox.findMany({ where: { topic: 'mediai.auth.etablissement.v1', key: String(id) }, select: { type: true } })).toEqual(Array.from({ length: 2 }, () => ({ type: 'mediai.auth.v1.EtablissementChanged' })));
  });
});
