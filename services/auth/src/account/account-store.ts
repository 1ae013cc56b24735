import { appendOutbox } from '@mediai/events';
import type { Acte } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import { throwingUnavailable } from '@mediai/db';
import { uniqueViolation } from '../database-errors.ts';
import { holdEtablissement } from '../etablissement/etablissement-store.ts';
import type { Db } from '../database-store.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import type { RunOnce } from '../idempotence/idempotence-store.ts';
import { userChanged } from './account-events.ts';
import { readAccount } from './account-read-store.ts';
import { accountInclude, toAccount, toMedecinColumns, toPatientColumns, toUserColumns } from './account-row-store.ts';
import { usernameKey, type Account, type AccountRole, type Credentials, type NewAccount } from './account.ts';

/** What another account has already. */
export type Taken = 'id' | 'username' | 'email';

export type AccountStore = {
  /**
   * Account, audit line, `UserChanged` and idempotency key in one transaction; `id` is given by demonstrations only.
   * Throws `invalid` for an établissement that does not exist.
   */
  create: (account: NewAccount & { id?: number }, acte: (account: Account) => Acte, idempotence?: Idempotence<Account>) => Promise<Once<Account> | { taken: Taken }>;
  changePassword: (id: number, passwordHash: string, acte: Acte) => Promise<void>;
  /** By username in any case and Unicode form; the same one query whether there is such an account or not. */
  findCredentials: (username: string) => Promise<Credentials | undefined>;
  /** Not one that was deleted. */
  findAccount: (id: number) => Promise<Account | undefined>;
  /** Those found, deleted ones included, in no order. */
  findAccounts: (ids: number[]) => Promise<Account[]>;
};

/** Accounts in PostgreSQL. `committed` is called after a commit that left events to publish. */
export function createAccountStore(db: Db, committed: () => void, runOnce: RunOnce): AccountStore {
  return throwingUnavailable({
    async create(account, acte, idempotence) {
      return orTaken(async () => {
        const outcome = await db.$transaction((tx) =>
          runOnce(tx, idempotence, async () => {
            await holdEtablissement(tx, account.etablissementId);
            const row = toAccount(await tx.user.create({ data: toRow(account), include: accountInclude }));
            await appendOutbox(tx, [userChanged(row)]);
            await appendActe(tx, acte(row));
            return row;
          }),
        );
        committed();
        return outcome;
      });
    },
    async changePassword(id, passwordHash, acte) {
      await db.$transaction(async (tx) => {
        await tx.user.update({ where: { id }, data: { password_hash: passwordHash }, select: { id: true } });
        await appendActe(tx, acte);
      });
    },
    async findCredentials(username) {
      const select = { id: true, role: true, is_active: true, is_staff: true, etablissement_id: true, password_hash: true };
      const row = await db.user.findFirst({ where: { username_key: usernameKey(username), deleted_at: null }, select });
      return row ? { account: { id: row.id, role: row.role as AccountRole, isActive: row.is_active, isStaff: row.is_staff, etablissementId: row.etablissement_id }, passwordHash: row.password_hash } : undefined;
    },
    async findAccount(id) {
      return readAccount(db.sql, id);
    },
    async findAccounts(ids) {
      const rows = await db.user.findMany({ where: { id: { in: ids } }, include: accountInclude });
      return rows.map(toAccount);
    },
  });
}

const takenBy: Record<string, Taken> = { users_username_key_key: 'username', users_email_key_key: 'email', users_pkey: 'id' };

/** What `write` returns, or what another account has already. */
export async function orTaken<T>(write: () => Promise<T>): Promise<T | { taken: Taken }> {
  try {
    return await write();
  } catch (error) {
    const taken = takenBy[uniqueViolation(error) ?? ''];
    if (taken) return { taken };
    throw error;
  }
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
