import { create, toBinary } from '@bufbuild/protobuf';
import { UserSchema } from '@mediai/contracts/auth/v1/auth_service';
import { appendOutbox } from '@mediai/events';
import { throwingUnavailable } from '@mediai/db';
import type { Acte } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import { holdEtablissement } from '../etablissement/etablissement-store.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import type { RunOnce } from '../idempotence/idempotence-store.ts';
import { endSessions } from '../token/end-sessions-store.ts';
import { userChanged, userTopic } from './account-events.ts';
import { accountInclude, toAccount, toMedecinColumns, toPatientColumns, toUserColumns } from './account-row-store.ts';
import { orTaken, type Taken } from './account-store.ts';
import { tokensValidFrom, type Account } from './account.ts';

/** What a decision makes of an account. */
export type AccountChange = {
  /** As it shall be; its version and `tokensValidFrom` are the store's to set. */
  account: Account;
  acte: Acte;
  /** `renouveler`: access tokens issued so far count no more, so that new ones say what is true now; `finir`: nobody stays logged in. */
  sessions: 'garder' | 'renouveler' | 'finir';
  /** The account is closed for good: no password opens it, and what was told of it before is forgotten. */
  ferme?: boolean;
};

export type AccountChangeStore = {
  /**
   * Reads an account (not a deleted one), asks `decide` what to make of it and writes that, all while nobody else can
   * change it: account, profiles, sessions, `UserChanged`, audit line and idempotency key in one transaction. `decide` is
   * pure and returns null where nothing is to be written; for a missing account it throws. Returns the account as it then
   * is. Throws `invalid` for an établissement that does not exist.
   */
  change: (id: number, decide: (account: Account | undefined) => AccountChange | null, idempotence?: Idempotence<Account>) => Promise<Once<Account> | { taken: Taken }>;
};

/** Django's mark for a password that nothing matches. */
const unusablePassword = '!';

/**
 * Changes of accounts in PostgreSQL. `committed` is called after a commit that left events to publish; `clock` is read once
 * the account is locked: a change may wait for seconds, and tokens that were issued meanwhile end as well.
 */
export function createAccountChangeStore(db: PrismaClient, committed: () => void, runOnce: RunOnce, clock: () => Date): AccountChangeStore {
  return throwingUnavailable({
    async change(id, decide, idempotence) {
      return orTaken(async () => {
        const outcome = await db.$transaction((tx) =>
          runOnce(tx, idempotence, async () => {
            const present = await lock(tx, id);
            const change = decide(present);
            if (!present || !change) return required(present);
            if (change.account.etablissementId !== present.etablissementId) await holdEtablissement(tx, change.account.etablissementId);
            const changed = await write(tx, present, change, clock());
            await appendOutbox(tx, [userChanged(changed)]);
            await appendActe(tx, change.acte);
            return changed;
          }),
        );
        committed();
        return outcome;
      });
    },
  });
}

async function lock(tx: Prisma.TransactionClient, id: number): Promise<Account | undefined> {
  const locked = await tx.$queryRaw<unknown[]>`SELECT 1 AS one FROM users WHERE id = ${id}::int AND deleted_at IS NULL FOR UPDATE`;
  return locked.length === 0 ? undefined : toAccount(await tx.user.findUniqueOrThrow({ where: { id }, include: accountInclude }));
}

function required(account: Account | undefined): Account {
  if (!account) throw new Error('A missing account was not refused.');
  return account;
}

async function write(tx: Prisma.TransactionClient, present: Account, { account, sessions, ferme }: AccountChange, at: Date): Promise<Account> {
  const { id } = present;
  if (sessions === 'finir') await endSessions(tx, id, 'compte', at);
  if (ferme) await forget(tx, present);
  const row = await tx.user.update({
    where: { id },
    data: {
      ...toUserColumns(account),
      version: { increment: 1 },
      ...(sessions === 'renouveler' ? { tokens_valid_from: tokensValidFrom(at, present.tokensValidFrom) } : {}),
      ...(ferme ? { deleted_at: at, last_login: null, password_hash: unusablePassword } : {}),
      ...profiles(present, account),
    },
    include: accountInclude,
  });
  return toAccount(row);
}

/** The profiles of the account as it shall be: written where they are, deleted where they are no more. */
function profiles(present: Account, { patientProfile, medecinProfile }: Account): Pick<Prisma.UserUpdateInput, 'patient_profile' | 'medecin_profile'> {
  const patient = patientProfile && toPatientColumns(patientProfile);
  const medecin = medecinProfile && toMedecinColumns(medecinProfile);
  return {
    ...(patient && { patient_profile: { upsert: { create: patient, update: patient } } }),
    ...(medecin && { medecin_profile: { upsert: { create: medecin, update: medecin } } }),
    ...(!patient && present.patientProfile && { patient_profile: { delete: true } }),
    ...(!medecin && present.medecinProfile && { medecin_profile: { delete: true } }),
  };
}

/** What else holds the name, e-mail or phone of a person: states told before, answers kept for repeated calls, codes sent. */
async function forget(tx: Prisma.TransactionClient, { id, username }: Account): Promise<void> {
  await tx.outbox.deleteMany({ where: { topic: userTopic, key: String(id) } });
  await tx.idempotence.deleteMany({ where: { acteur_id: id } });
  // Answers about the account that others were given, at its registration nobody: they hold this beginning of its message.
  const beginning = toBinary(UserSchema, create(UserSchema, { id, username }));
  await tx.$executeRaw`DELETE FROM idempotence WHERE position(${beginning} IN reponse) > 0`;
  await tx.passwordResetCode.deleteMany({ where: { user_id: id } });
}
