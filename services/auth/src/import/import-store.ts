import { advanceSequence, auditBatch, auditTable, claimRows, etatOf, tables, type Etat } from '@mediai/import-django';
import { appendOutbox } from '@mediai/events';
import { userChanged } from '../account/account-events.ts';
import { emailKey, usernameKey } from '../account/account.ts';
import { openDatabase } from '../database-store.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { ImportedAccount } from './judge-accounts.ts';

export type AccountImportStore = ReturnType<typeof openAccountImportStore>;

/** Accounts taken over, on the service's own database. */
export function openAccountImportStore(databaseUrl: string) {
  const { db, close } = openDatabase(databaseUrl);
  return {
    close,
    etablissementExists: async (id: number): Promise<boolean> => (await db.etablissement.count({ where: { id, deleted_at: null } })) > 0,
    advance: (sequence: string, upTo: number): Promise<void> => advanceSequence(db, sequence, upTo),
    audit: (etablissementId: number) => (table: string, compte: Parameters<typeof auditTable>[2]) => auditTable(db, table, compte, { service: 'auth', etablissementId }),
    etat: (ids: readonly number[]): Promise<Etat> => etatOf(db, tables.users, 'users', ids),

    /** Who holds these keys. */
    async holders(usernames: readonly string[], emails: readonly string[]): Promise<{ usernames: Map<string, number>; emails: Map<string, number> }> {
      const rows = await db.user.findMany({
        where: { OR: [{ username_key: { in: [...usernames] } }, { email_key: { in: [...emails] } }] }, select: { id: true, username_key: true, email_key: true },
      });
      return {
        usernames: new Map(rows.map(({ id, username_key }) => [username_key, id])),
        emails: new Map(rows.flatMap(({ id, email_key }) => (email_key === null ? [] : [[email_key, id] as const]))),
      };
    },

    /** Accounts, profiles, marks, `UserChanged` and the audit line in one transaction. */
    write: (accounts: readonly ImportedAccount[], etablissementId: number): Promise<void> => db.$transaction(async (tx) => {
      const claimed = await claimRows(tx, tables.users, accounts.map(({ account }) => account.id));
      const fresh = accounts.filter(({ account }) => claimed.has(account.id));
      for (const table of [tables.patientProfiles, tables.medecinProfiles]) await claimRows(tx, table, fresh.flatMap(({ profile }) => (profile?.table === table ? [profile.id] : [])));
      await tx.user.createMany({ data: fresh.map(toUserRow) });
      await tx.patientProfile.createMany({ data: fresh.flatMap(toPatientRow) });
      await tx.medecinProfile.createMany({ data: fresh.flatMap(toMedecinRow) });
      await appendOutbox(tx, fresh.map(({ account }) => userChanged(account)));
      await auditBatch(tx, tables.users, [...claimed], { service: 'auth', etablissementId });
    }),
  };
}

function toUserRow({ account, passwordHash }: ImportedAccount): Prisma.UserCreateManyInput {
  return {
    id: account.id, username: account.username, username_key: usernameKey(account.username), password_hash: passwordHash, first_name: account.firstName, last_name: account.lastName,
    email: account.email, email_key: account.email === null ? null : emailKey(account.email), phone: account.phone, role: account.role, is_active: account.isActive,
    is_staff: account.isStaff, is_superuser: account.isSuperuser, date_joined: account.dateJoined, last_login: account.lastLogin, etablissement_id: account.etablissementId,
  };
}

function toPatientRow({ account: { id, patientProfile: profile } }: ImportedAccount): Prisma.PatientProfileCreateManyInput[] {
  return profile ? [{ user_id: id, date_of_birth: profile.dateOfBirth ? new Date(profile.dateOfBirth) : null, phone_number: profile.phoneNumber, address: profile.address }] : [];
}

function toMedecinRow({ account: { id, medecinProfile: profile } }: ImportedAccount): Prisma.MedecinProfileCreateManyInput[] {
  return profile ? [{ user_id: id, specialty: profile.specialty, phone_number: profile.phoneNumber, address: profile.address, is_available: profile.isAvailable, is_approved: profile.isApproved }] : [];
}
