import { appendOutbox } from '@mediai/events';
import type { Acte } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import { throwingUnavailable } from '@mediai/db';
import { uniqueViolation } from '../database-errors.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { userChanged } from './account-events.ts';
import { emailKey, usernameKey, type Account, type AccountRole, type Credentials, type NewAccount } from './account.ts';

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

export const accountInclude = { patient_profile: true, medecin_profile: true } satisfies Prisma.UserInclude;
const takenBy: Record<string, 'id' | 'username' | 'email'> = { users_username_key_key: 'username', users_email_key_key: 'email', users_pkey: 'id' };
type AccountRow = Prisma.UserGetPayload<{ include: typeof accountInclude }>;

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

/** A row of `users` with its profiles as the domain reads it. */
export function toAccount(row: AccountRow): Account {
  const { patient_profile: patient, medecin_profile: medecin } = row;
  return {
    id: row.id,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    phone: row.phone,
    role: row.role as AccountRole,
    isActive: row.is_active,
    isStaff: row.is_staff,
    isSuperuser: row.is_superuser,
    dateJoined: row.date_joined,
    lastLogin: row.last_login,
    etablissementId: row.etablissement_id,
    version: row.version,
    patientProfile: patient && { dateOfBirth: patient.date_of_birth?.toISOString().slice(0, 10) ?? null, phoneNumber: patient.phone_number, address: patient.address },
    medecinProfile: medecin && {
      specialty: medecin.specialty, phoneNumber: medecin.phone_number, address: medecin.address, isAvailable: medecin.is_available, isApproved: medecin.is_approved,
    },
  };
}

function toRow(account: NewAccount & { id?: number }): Prisma.UserUncheckedCreateInput {
  const { patientProfile: patient, medecinProfile: medecin } = account;
  return {
    ...(account.id === undefined ? {} : { id: account.id }),
    username: account.username,
    username_key: usernameKey(account.username),
    password_hash: account.passwordHash,
    first_name: account.firstName,
    last_name: account.lastName,
    email: account.email,
    email_key: account.email === null ? null : emailKey(account.email),
    phone: account.phone,
    role: account.role,
    is_active: account.isActive,
    is_staff: account.isStaff,
    is_superuser: account.isSuperuser,
    date_joined: account.dateJoined,
    etablissement_id: account.etablissementId,
    ...(patient && {
      patient_profile: { create: { date_of_birth: patient.dateOfBirth ? new Date(patient.dateOfBirth) : null, phone_number: patient.phoneNumber, address: patient.address } },
    }),
    ...(medecin && {
      medecin_profile: { create: { specialty: medecin.specialty, phone_number: medecin.phoneNumber, address: medecin.address, is_available: medecin.isAvailable, is_approved: medecin.isApproved } },
    }),
  };
}
