import { describe, expect, test } from '@jest/globals';
import type { Acteur } from '@mediai/kit/acteur';
import { createMemoryAccounts } from './account-store.memory.ts';
import type { NewAccount } from './account.ts';
import { createGetMe, createGetUsers } from './read-accounts.ts';

const acteur: Acteur = { id: 10, role: 'patient', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 1, token: 't' };
const service: Acteur = { ...acteur, id: 0, role: 'service', etablissementId: 0, service: 'consultation' };

async function setUp() {
  const accounts = createMemoryAccounts();
  const add = (id: number, etablissementId: number, isActive = true) =>
    accounts.create({ ...newAccount, id, username: `u${id}`, etablissementId, isActive }, () => ({ acteurId: null, acteurRole: 'service:auth', action: 'test', objetType: 'users', objetId: '', etablissementId: 1, issue: 'ok' }));
  await add(10, 1);
  await add(11, 1, false);
  await add(20, 2);
  return { getMe: createGetMe({ accounts }), getUsers: createGetUsers({ accounts }) };
}

const newAccount: NewAccount = {
  username: '', firstName: '', lastName: '', email: null, phone: null, role: 'patient', isActive: true, isStaff: false, isSuperuser: false,
  dateJoined: new Date(0), etablissementId: 1, patientProfile: null, medecinProfile: null, passwordHash: '',
};

describe('getMe', () => {
  test('gives the own account', async () => {
    expect(await (await setUp()).getMe(acteur)).toMatchObject({ id: 10 });
  });

  test('refuses a deactivated account, though its token is still valid', async () => {
    await expect((await setUp()).getMe({ ...acteur, id: 11 })).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  test('is nothing for a service', async () => {
    await expect((await setUp()).getMe(service)).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('getUsers', () => {
  const idsSeen = async (who: Acteur): Promise<number[]> => (await (await setUp()).getUsers(who, [10, 10, 11, 20, 99])).map(({ id }) => id).sort();

  test('gives a service every account and leaves unknown ids out', async () => {
    expect(await idsSeen(service)).toEqual([10, 11, 20]);
  });

  test('is for services alone', async () => {
    for (const who of [acteur, { ...acteur, role: 'medecin' as const }, { ...acteur, estAdmin: true }, { ...acteur, estSuperuser: true }]) {
      await expect(idsSeen(who)).rejects.toMatchObject({ kind: 'forbidden' });
    }
  });

  test('takes 200 ids at most', async () => {
    const { getUsers } = await setUp();
    await expect(getUsers(service, Array.from({ length: 201 }, (_, index) => index + 1))).rejects.toMatchObject({ kind: 'invalid' });
  });
});
