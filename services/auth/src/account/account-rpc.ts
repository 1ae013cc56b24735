import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { createAnswer } from '../idempotence/idempotence-rpc.ts';
import type { AccountPage } from '../annuaire/account-list-store.ts';
import type { Account } from './account.ts';
import type { createApproveUser } from './approve-user.ts';
import type { createCreateUser } from './create-user.ts';
import type { createDeleteUser } from './delete-user.ts';
import type { createListPatients, createListUsers, createListUsersCourts } from '../annuaire/list-accounts.ts';
import type { createGetMe, createGetUser, createGetUserCourt, createGetUsers } from './read-accounts.ts';
import type { createGetMedecin, createListMedecins } from '../annuaire/read-medecins.ts';
import type { createRegisterAccount } from '../inscription/register-account.ts';
import type { createUpdateUser } from './update-user.ts';
import { toUser, toUserCourt } from './user-message-rpc.ts';

export type AccountUseCases = {
  registerAccount: ReturnType<typeof createRegisterAccount>;
  getMe: ReturnType<typeof createGetMe>;
  getUsers: ReturnType<typeof createGetUsers>;
  listUsers: ReturnType<typeof createListUsers>;
  getUser: ReturnType<typeof createGetUser>;
  createUser: ReturnType<typeof createCreateUser>;
  updateUser: ReturnType<typeof createUpdateUser>;
  deleteUser: ReturnType<typeof createDeleteUser>;
  approveUser: ReturnType<typeof createApproveUser>;
  listMedecins: ReturnType<typeof createListMedecins>;
  getMedecin: ReturnType<typeof createGetMedecin>;
  listPatients: ReturnType<typeof createListPatients>;
  listUsersCourts: ReturnType<typeof createListUsersCourts>;
  getUserCourt: ReturnType<typeof createGetUserCourt>;
};

const userOf = (account: Account) => ({ user: toUser(account) });
const registered = createAnswer(AuthService.method.register, userOf);
const created = createAnswer(AuthService.method.createUser, userOf);
const approved = createAnswer(AuthService.method.approveUser, userOf);

/** Messages <-> use cases about accounts. */
export function createAccountHandlers(cases: AccountUseCases) {
  return {
    register: async (request, ctx) => registered.read(await cases.registerAccount(request, registered.key(request, { ...ctx, acteur: undefined }))),
    getMe: async (_request, ctx) => userOf(await cases.getMe(acteurOf(ctx))),
    getUsers: async ({ ids }, ctx) => ({ users: (await cases.getUsers(acteurOf(ctx), ids)).map(toUser) }),
    listUsers: async (request, ctx) => toPage(await cases.listUsers(acteurOf(ctx), request)),
    getUser: async ({ id }, ctx) => userOf(await cases.getUser(acteurOf(ctx), id)),
    createUser: async (request, ctx) => {
      const { username, password, user = {} } = request;
      return created.read(await cases.createUser(acteurOf(ctx), { username, password, user }, created.key(request, ctx)));
    },
    updateUser: async ({ id, user }, ctx) => userOf(await cases.updateUser(acteurOf(ctx), id, user ?? {})),
    deleteUser: async ({ id }, ctx) => {
      await cases.deleteUser(acteurOf(ctx), id);
      return {};
    },
    approveUser: async (request, ctx) => approved.read(await cases.approveUser(acteurOf(ctx), request.id, approved.key(request, ctx))),
    listMedecins: async (request, ctx) => toPage(await cases.listMedecins(acteurOf(ctx), request)),
    getMedecin: async ({ id }, ctx) => userOf(await cases.getMedecin(acteurOf(ctx), id)),
    listPatients: async (request, ctx) => toPage(await cases.listPatients(acteurOf(ctx), request)),
    listUsersCourts: async (request, ctx) => {
      const { accounts, ...counted } = await cases.listUsersCourts(acteurOf(ctx), request);
      return { users: accounts.map(toUserCourt), ...counted };
    },
    getUserCourt: async ({ id }, ctx) => ({ user: toUserCourt(await cases.getUserCourt(acteurOf(ctx), id)) }),
  } satisfies Handlers<typeof AuthService>;
}

function toPage({ accounts, ...counted }: AccountPage) {
  return { users: accounts.map(toUser), ...counted };
}
