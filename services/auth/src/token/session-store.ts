import type { Account } from '../account/account.ts';
import { accountInclude, toAccount } from '../account/account-row-store.ts';
import type { Acte } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import { throwingUnavailable } from '@mediai/db';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { countRefusal, forgive } from './guessing-store.ts';
import type { GuessKeys } from './guessing.ts';
import { judgeRefreshToken, type RefreshTokenState, type RefreshVerdict } from './refresh-token.ts';

type Hash = Uint8Array<ArrayBuffer>;
export type NewToken = { hash: Hash; expiresAt: Date };
export type FoundToken = { verdict: RefreshVerdict; account: Account; familyId: string };

export type SessionStore = {
  /** A login: new family and token, last login, guesses forgiven, audit, in one transaction. */
  open: (session: { familyId: string; userId: number; token: NewToken; guesses: GuessKeys; at: Date }, acte: Acte) => Promise<void>;
  /** A refused login: counted against its address and audited. */
  refuse: (guesses: GuessKeys, at: Date, acte: Acte) => Promise<void>;
  /** What a refresh token is worth at `at`, without using it. */
  find: (hash: Hash, at: Date) => Promise<FoundToken | undefined>;
  /**
   * Uses a refresh token, alone in its family for the while: valid or in grace it is exchanged for `next` when given;
   * reused, its family is revoked with the audit line `onReuse` gives.
   */
  use: (hash: Hash, next: NewToken | undefined, at: Date, onReuse: (found: FoundToken) => Acte) => Promise<FoundToken | undefined>;
  /** Revokes a family with an audit line. */
  revoke: (familyId: string, reason: string, at: Date, acte: Acte) => Promise<void>;
  /** Deletes what expired or was last touched before `before`; returns how many rows. */
  purge: (before: Date) => Promise<number>;
};

/** Families of refresh tokens in PostgreSQL. */
export function createSessionStore(db: PrismaClient): SessionStore {
  return throwingUnavailable({
    async open({ familyId, userId, token, guesses, at }, acte) {
      await db.$transaction(async (tx) => {
        await tx.refreshFamily.create({ data: { id: familyId, user_id: userId, created_at: at }, select: { id: true } });
        await addToken(tx, familyId, token, at);
        await tx.user.update({ where: { id: userId }, data: { last_login: at }, select: { id: true } });
        await forgive(tx, guesses, at);
        await appendActe(tx, acte);
      });
    },
    async refuse(guesses, at, acte) {
      await db.$transaction(async (tx) => {
        await countRefusal(tx, guesses, at);
        await appendActe(tx, acte);
      });
    },
    find: (hash, at) => findToken(db, hash, at),
    async use(hash, next, at, onReuse) {
      return db.$transaction(async (tx) => {
        await tx.$queryRaw`SELECT 1 AS one FROM refresh_family f JOIN refresh_token t ON t.family_id = f.id WHERE t.token_hash = ${hash} FOR UPDATE OF f`;
        const found = await findToken(tx, hash, at);
        if (found?.verdict === 'reused') {
          await revokeFamily(tx, found.familyId, 'reutilisation', at);
          await appendActe(tx, onReuse(found));
        }
        if (next && found && (found.verdict === 'valid' || found.verdict === 'grace')) {
          await tx.refreshToken.updateMany({ where: { token_hash: hash, rotated_at: null }, data: { rotated_at: at } });
          await addToken(tx, found.familyId, next, at);
        }
        return found;
      });
    },
    async revoke(familyId, reason, at, acte) {
      await db.$transaction(async (tx) => {
        await revokeFamily(tx, familyId, reason, at);
        await appendActe(tx, acte);
      });
    },
    async purge(before) {
      const families = await db.refreshFamily.deleteMany({ where: { tokens: { every: { expires_at: { lt: before } } } } });
      const attempts = await db.loginAttempt.deleteMany({ where: { last_at: { lt: before } } });
      return families.count + attempts.count;
    },
  });
}

async function findToken(tx: Prisma.TransactionClient, hash: Hash, at: Date): Promise<FoundToken | undefined> {
  const row = await tx.refreshToken.findUnique({ where: { token_hash: hash }, include: { family: { include: { user: { include: accountInclude } } } } });
  if (!row) return undefined;
  const state: RefreshTokenState = {
    expiresAt: row.expires_at, rotatedAt: row.rotated_at, familyRevokedAt: row.family.revoked_at, accountIsActive: row.family.user.is_active,
  };
  return { verdict: judgeRefreshToken(state, at), account: toAccount(row.family.user), familyId: row.family_id };
}

async function addToken(tx: Prisma.TransactionClient, familyId: string, { hash, expiresAt }: NewToken, at: Date): Promise<void> {
  await tx.refreshToken.create({ data: { token_hash: hash, family_id: familyId, issued_at: at, expires_at: expiresAt }, select: { family_id: true } });
}

async function revokeFamily(tx: Prisma.TransactionClient, id: string, reason: string, at: Date): Promise<void> {
  await tx.refreshFamily.updateMany({ where: { id, revoked_at: null }, data: { revoked_at: at, revoked_reason: reason } });
}
