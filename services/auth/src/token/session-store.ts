import { throwingUnavailable } from '@mediai/db';
import type { AccountRole } from '../account/account.ts';
import type { Acte } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { TokenHolder } from './access-token.ts';
import { countRefusal, forgive } from './guessing-store.ts';
import type { GuessKeys } from './guessing.ts';
import { judgeRefreshToken, type RefreshVerdict } from './refresh-token.ts';

type Hash = Uint8Array<ArrayBuffer>;
export type NewToken = { hash: Hash; expiresAt: Date };
export type FoundToken = { verdict: RefreshVerdict; holder: TokenHolder; familyId: string };

export type NewSession = {
  familyId: string;
  userId: number;
  /** The hash by which the password was found right, and the one to keep in its place when that is outdated. */
  passwordHash: { verified: string; renewed?: string };
  token: NewToken;
  guesses: GuessKeys;
  at: Date;
};

export type SessionStore = {
  /**
   * A login: new family and token, last login, a renewed hash, guesses forgiven, audit, in one transaction. Undefined, and
   * nothing done, when the password was changed or the account closed since the hash was read.
   */
  open: (session: NewSession, acte: Acte) => Promise<TokenHolder | undefined>;
  /** A refused login: counted against its address and audited. */
  refuse: (guesses: GuessKeys, at: Date, acte: Acte) => Promise<void>;
  /** What a refresh token is worth at `at`, without using it. */
  find: (hash: Hash, at: Date) => Promise<FoundToken | undefined>;
  /**
   * Uses a refresh token, alone in its family for the while: valid or in grace it is exchanged for `next` when given;
   * reused, its family is revoked with the audit line `onReuse` gives.
   */
  use: (hash: Hash, next: NewToken | undefined, at: Date, onReuse: (found: FoundToken) => Acte) => Promise<FoundToken | undefined>;
  /** Users some of whose access tokens, issued at `since` or later, count no more; `validFrom` in Unix seconds. */
  revocations: (since: Date) => Promise<{ userId: number; validFrom: number }[]>;
  /** Deletes tokens that expired before `before`, and families that have no other; returns how many rows. */
  purge: (before: Date) => Promise<number>;
};

type HolderRow = { id: number; role: AccountRole; is_staff: boolean; is_superuser: boolean; etablissement_id: number; tokens_valid_from: Date | null; approuve: boolean };
type TokenRow = HolderRow & { expires_at: Date; rotated_at: Date | null; family_id: string; revoked_at: Date | null; is_open: boolean };

const holderColumns = Prisma.sql`u.id, u.role, u.is_staff, u.is_superuser, u.etablissement_id, u.tokens_valid_from,
  u.role <> 'medecin' OR EXISTS (SELECT 1 FROM medecin_profile m WHERE m.user_id = u.id AND m.is_approved) AS approuve`;

/** The user before the family, as whatever ends sessions locks them: a refresh and an end wait for each other, never both. */
export const locked = Prisma.sql`FOR SHARE OF u FOR UPDATE OF f, t`;

/** Families of refresh tokens in PostgreSQL. */
export function createSessionStore(db: PrismaClient): SessionStore {
  return throwingUnavailable({
    async open({ familyId, userId, passwordHash: { verified, renewed }, token, guesses, at }, acte) {
      return db.$transaction(async (tx) => {
        const [row] = await tx.$queryRaw<HolderRow[]>`
          UPDATE users u SET last_login = ${at}::timestamptz, password_hash = ${renewed ?? verified}
          WHERE id = ${userId}::int AND password_hash = ${verified} AND is_active AND deleted_at IS NULL RETURNING ${holderColumns}`;
        if (!row) return undefined;
        await addFamily(tx, { familyId, userId, token, at });
        await forgive(tx, guesses, at);
        await appendActe(tx, acte);
        return toHolder(row);
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
      const seen = await findToken(db, hash, at);
      if (!seen || seen.verdict === 'refused') return seen;
      return db.$transaction(async (tx) => {
        const found = await findToken(tx, hash, at, locked);
        if (found?.verdict === 'reused') {
          await revokeFamily(tx, found.familyId, 'reutilisation', at);
          await appendActe(tx, onReuse(found));
        }
        if (next && found && (found.verdict === 'valid' || found.verdict === 'grace')) await exchange(tx, hash, found.familyId, next, at);
        return found;
      });
    },
    async revocations(since) {
      const rows = await db.user.findMany({ where: { tokens_valid_from: { gte: since } }, select: { id: true, tokens_valid_from: true } });
      return rows.map(({ id, tokens_valid_from: from }) => ({ userId: id, validFrom: Math.ceil((from?.getTime() ?? 0) / 1000) }));
    },
    async purge(before) {
      const families = await db.refreshFamily.deleteMany({ where: { tokens: { every: { expires_at: { lt: before } } } } });
      const tokens = await db.refreshToken.deleteMany({ where: { expires_at: { lt: before } } });
      return families.count + tokens.count;
    },
  });
}

/** A new family with its first token, in the caller's transaction. */
export async function addFamily(tx: Prisma.TransactionClient, { familyId, userId, token, at }: Pick<NewSession, 'familyId' | 'userId' | 'token' | 'at'>): Promise<void> {
  await tx.$executeRaw`
    WITH f AS (INSERT INTO refresh_family (id, user_id, created_at) VALUES (${familyId}::uuid, ${userId}::int, ${at}::timestamptz) RETURNING id)
    INSERT INTO refresh_token (token_hash, family_id, issued_at, expires_at) SELECT ${token.hash}, f.id, ${at}::timestamptz, ${token.expiresAt}::timestamptz FROM f`;
}

/** What access tokens say of a user, in the caller's transaction; undefined for one who is no more. */
export async function findHolder(tx: Prisma.TransactionClient, userId: number): Promise<TokenHolder | undefined> {
  const [row] = await tx.$queryRaw<HolderRow[]>`SELECT ${holderColumns} FROM users u WHERE u.id = ${userId}::int AND u.deleted_at IS NULL`;
  return row && toHolder(row);
}

/** What a refresh token is worth at `at`; with `lock` nobody else uses it or its family until the transaction ends. */
export async function findToken(tx: Prisma.TransactionClient, hash: Hash, at: Date, lock = Prisma.empty): Promise<FoundToken | undefined> {
  const [row] = await tx.$queryRaw<TokenRow[]>`
    SELECT t.expires_at, t.rotated_at, t.family_id, f.revoked_at, u.is_active AND u.deleted_at IS NULL AS is_open, ${holderColumns}
    FROM refresh_token t JOIN refresh_family f ON f.id = t.family_id JOIN users u ON u.id = f.user_id WHERE t.token_hash = ${hash} ${lock}`;
  if (!row) return undefined;
  const state = { expiresAt: row.expires_at, rotatedAt: row.rotated_at, familyRevokedAt: row.revoked_at, accountIsActive: row.is_open };
  return { verdict: judgeRefreshToken(state, at), holder: toHolder(row), familyId: row.family_id };
}

async function exchange(tx: Prisma.TransactionClient, hash: Hash, familyId: string, next: NewToken, at: Date): Promise<void> {
  await tx.$executeRaw`
    WITH old AS (UPDATE refresh_token SET rotated_at = ${at}::timestamptz WHERE token_hash = ${hash} AND rotated_at IS NULL)
    INSERT INTO refresh_token (token_hash, family_id, issued_at, expires_at) VALUES (${next.hash}, ${familyId}::uuid, ${at}::timestamptz, ${next.expiresAt}::timestamptz)`;
}

/** Revokes a family that is not revoked yet, in the caller's transaction. */
export async function revokeFamily(tx: Prisma.TransactionClient, id: string, reason: string, at: Date): Promise<void> {
  await tx.refreshFamily.updateMany({ where: { id, revoked_at: null }, data: { revoked_at: at, revoked_reason: reason } });
}

function toHolder(row: HolderRow): TokenHolder {
  return {
    id: row.id, role: row.role, isStaff: row.is_staff, isSuperuser: row.is_superuser, approuve: row.approuve, etablissementId: row.etablissement_id, tokensValidFrom: row.tokens_valid_from,
  };
}
