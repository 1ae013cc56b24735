import { appendOutbox } from '@mediai/events';
import type { Acte } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import { throwingUnavailable } from '@mediai/db';
import { uniqueViolation } from '../database-errors.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { userChanged } from './account-events.ts';
import { accountInclude, toAccount, toMedecinColumns, toPatientColumns, toUserColumns } from './account-row-store.ts';
import { usernameKey, type Account, type Credentials, type NewAccount } from './account.ts';

export type AccountStore = {
  /** Account, audit line and `UserChanged` in one transaction; `id` is given by demonstrations only. */
  create: (account: NewAccount & { id?: number }, acte: (account: Account) => Acte) => Promise<{ created: Account } | { taken: 'id' | 'username' | 'email' }>;
  changePassword: (id: number, passwordHash: string, acte: Acte) => Promise<void>;
  /** By username in any case and Unicode form. */
  findCredentials: (username: string) => Promise<Credentials | undefined>;
  findAccount: (id: number) => Promise<Account | undefined>;
  /** Those found, of one établissement when it is given, in no order. */
  findAccounts: (ids: number[], etablissementId?: number) => Promise<Account[]>;
};

const takenBy: Record<string, 'id' | 'username' | 'email'> = { users_username_key_key: 'username', users_email_key_key: 'email', users_pkey: 'id' };

/** Accounts in PostgreSQL. `committed` is called after a commit that left events to publish. */
export function createAccountStore(db: PrismaClient, committed: () => void): AccountStore {
  return throwingUnavailable({
    async create(account, acte) {
      try {
        const created = await db.$transaction(async (tx) => {
          const row = toAccount(await tx.user.create({ data: toRow(account), include: accountInclude }));
          await appendOutbox(tx, [userChanged(row)]);
          await appendActe(tx, acte(row));
          return row;
        });
        committed();
        return { created };
      } catch (error) {
        const taken = takenBy[uniqueViolation(error) ?? ''];
        if (taken) return { taken };
        throw error;
      }
    },
    async changePassword(id, passwordHash, acte) {
      await db.$transaction(async (tx) => {
        await tx.user.update({ where: { id }, data: { password_hash: passwordHash }, select: { id: true } });
        await appendActe(tx, acte);
      });
    },
    async findCredentials(username) {
      const row = await db.user.findFirst({ where: { username_key: usernameKey(username), deleted_at: null }, include: accountInclude });
      return row ? { account: toAccount(row), passwordHash: row.password_hash } : undefined;
    },
    async findAccount(id) {
      const row = await db.user.findUnique({ where: { id }, include: accountInclude });
      return row ? toAccount(row) : undefined;
    },
    async findAccounts(ids, etablissementId) {
      const rows = await db.user.findMany({ where: { id: { in: ids }, etablissement_id: etablissementId }, include: accountInclude });
      return rows.map(toAccount);
    },
  });
}

function toRow({ patientProfile, medecinProfile, passwordHash, id, ...account }: NewAccount & { id?: number }): Prisma.UserUncheckedCreateInput {
  return {
    ...(id === undefined ? {} : { id }),
    ...toUserColumns({ ...account, patientProfile, medecinProfile }),
    password_hash: passwordHash,
    ...(patientProfile && { patient_profile: { create: toPatientColumns(patientProfile) } }),
    ...(medecinProfile && { medecin_profile: { create: toMedecinColumns(medecinProfile) } }),
  };
}
