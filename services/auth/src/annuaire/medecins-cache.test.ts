import { expect, test } from '@jest/globals';
import { createSealedCache } from '@mediai/kit/cache';
import { createMemoryAccounts } from '../account/account-store.memory.ts';
import type { Account } from '../account/account.ts';
import { acte, acteurOf, addAccount } from '../account/fixtures.memory.ts';
import type { AccountFilter } from './account-list-store.ts';
import { createMedecinsEnCache } from './medecins-cache.ts';
import { createListMedecins } from './read-medecins.ts';

async function setUp() {
  const accounts = createMemoryAccounts();
  const kept = new Map<string, string>();
  const cache = createSealedCache({ cache: { get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value), del: async () => undefined }, secret: 's', scope: 's' });
  const asked: AccountFilter[] = [];
  const counted = { empreinteMedecins: accounts.empreinteMedecins, list: (filter: AccountFilter) => (asked.push(filter), accounts.list(filter)) };
  const list = createListMedecins({ accounts: counted, enCache: createMedecinsEnCache({ accounts: counted, cache }) });
  const patient = await addAccount(accounts, { username: 'patiente' });
  const ilunga = await addAccount(accounts, { username: 'ilunga', role: 'medecin', phone: '+243812345678', email: 'ilunga@exemple.cd' });
  const page = { page: 1, pageSize: 20 };
  const seenBy = async (account: Account, query = {}) => (await list(acteurOf(account), { ...page, ...query })).accounts;
  const change = (id: number, changes: Partial<Account>) => accounts.change(id, (account) => ({ account: { ...(account as Account), ...changes }, acte, sessions: 'garder' }));
  return { accounts, asked, patient, ilunga, seenBy, change };
}

test('a page is read once, whoever asks, and each question is one of its own', async () => {
  const { asked, patient, ilunga, seenBy, accounts } = await setUp();
  const first = await seenBy(patient);
  expect(await seenBy(await addAccount(accounts, { username: 'autre' }))).toEqual(first);
  expect(await seenBy(ilunga)).toEqual(first);
  expect(first).toEqual([expect.objectContaining({ id: ilunga.id, username: 'ilunga', email: null, phone: null, dateJoined: ilunga.dateJoined })]);
  expect(asked).toHaveLength(1);
  expect(await seenBy(patient, { available: false })).toEqual([]);
  expect(asked).toHaveLength(2);
});

test('what a médecin changed is seen by the next who asks, the médecin first', async () => {
  const { ilunga, patient, seenBy, change } = await setUp();
  await seenBy(patient);
  await change(ilunga.id, { medecinProfile: { ...ilunga.medecinProfile!, isAvailable: false, specialty: 'Pédiatrie' } });
  for (const account of [ilunga, patient]) expect(await seenBy(account)).toEqual([expect.objectContaining({ medecinProfile: expect.objectContaining({ isAvailable: false, specialty: 'Pédiatrie' }) })]);
  await change(ilunga.id, { isActive: false });
  expect(await seenBy(patient)).toEqual([]);
});

test('a new médecin is there at once', async () => {
  const { accounts, patient, seenBy } = await setUp();
  await seenBy(patient);
  await addAccount(accounts, { username: 'kabongo', role: 'medecin' });
  expect((await seenBy(patient)).map(({ username }) => username).sort()).toEqual(['ilunga', 'kabongo']);
});

test('an admin reads the accounts themselves, with what is for admins alone', async () => {
  const { accounts, asked, ilunga, seenBy } = await setUp();
  const admin = await addAccount(accounts, { username: 'direction', isStaff: true });
  for (let i = 0; i < 2; i++) expect(await seenBy(admin)).toEqual([expect.objectContaining({ id: ilunga.id, phone: '+243812345678', email: 'ilunga@exemple.cd' })]);
  expect(asked).toHaveLength(2);
});
