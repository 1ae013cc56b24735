import { throwingUnavailable } from '@mediai/db';
import { emailKey, usernameKey, type AccountRole } from '../account/account.ts';
import { maxDjangoIterations } from '../account/django-hash.ts';
import type { Acte } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { TokenHolder } from '../token/access-token.ts';
import { endSessions } from '../token/end-sessions-store.ts';
import { clearGuesses, countRefusal, forgive } from '../token/guessing-store.ts';
import type { GuessKeys } from '../token/guessing.ts';
import { addFamily, findHolder, type NewToken } from '../token/session-store.ts';
import { isRightCode, maxCodesPerHour, type StoredCode } from './reset-code.ts';

/** What is known of the owner of a password. */
export type Owner = {
  id: number;
  username: string;
  firstName: string;
  email: string | null;
  phone: string | null;
  role: AccountRole;
  isStaff: boolean;
  etablissementId: number;
  passwordHash: string;
};

/** `identifiant` is a username before it is an e-mail address; `email` is no username, whoever took the address of another for one. */
export type Whose = { id: number } | { identifiant: string } | { email: string };

export type NewCode = { hash: Uint8Array<ArrayBuffer>; at: Date; expiresAt: Date; guesses: GuessKeys };

export type PasswordStore = {
  /** The open account of this id, of this e-mail address, or whose username, else whose e-mail address, is this text. */
  findOwner: (whose: Whose) => Promise<Owner | undefined>;
  /**
   * Replaces a password, ends all sessions and opens another, audited. `session` makes its token, at the instant at which
   * the others end. Undefined, and nothing done, when the password was changed or the account closed since it was verified.
   */
  change: (
    owner: Pick<Owner, 'id' | 'passwordHash'>, newHash: string, session: (at: Date) => { familyId: string; token: NewToken }, guesses: GuessKeys, acte: Acte,
  ) => Promise<{ holder: TokenHolder; at: Date } | undefined>;
  /**
   * Keeps a code, counted against its address and audited. False when it counts for nobody, because there is no `userId` or
   * that account was sent too many within the hour; what is written is the same.
   */
  addCode: (userId: number | undefined, code: NewCode, acte: (counts: boolean) => Acte) => Promise<boolean>;
  /**
   * Tries a code against the newest of the user: right, it is used up, the password replaced, all sessions ended and the
   * guesses of `cleared` forgotten; wrong, expired, used, tried too often or of nobody, a try is counted. Audited either way.
   */
  useCode: (
    userId: number | undefined, codeHash: Uint8Array, newHash: string, guesses: GuessKeys, cleared: string[], acte: (isRight: boolean) => Acte,
  ) => Promise<boolean>;
  /** The most iterations that any of Django's hashes still kept asks for; 0 when there is none. */
  mostDjangoIterations: () => Promise<number>;
  /** Deletes codes made before `before`; returns how many. */
  purge: (before: Date) => Promise<number>;
};

type OwnerRow = { id: number; username: string; first_name: string; email: string | null; phone: string | null; role: AccountRole; is_staff: boolean; etablissement_id: number; password_hash: string };
type CodeRow = { id: number; code_hash: Uint8Array; expires_at: Date; attempts: number; used_at: Date | null };

const hourMs = 3_600_000;
const reasonEnded = 'mot_de_passe';

/** Passwords and the codes that replace them, in PostgreSQL. `clock` is read once the account is locked: sessions that were opened until then end. */
export function createPasswordStore(db: PrismaClient, clock: () => Date): PasswordStore {
  return throwingUnavailable({
    async findOwner(whose) {
      // One statement, whether there is such an account or not.
      const { id = 0, identifiant = '', email = identifiant } = whose as Partial<Record<'identifiant' | 'email', string>> & { id?: number };
      const [name, address] = [usernameKey(identifiant.replaceAll('\0', '')), emailKey(email.replaceAll('\0', ''))];
      const [row] = await db.$queryRaw<OwnerRow[]>`
        SELECT id, username, first_name, email, phone, role, is_staff, etablissement_id, password_hash FROM users
        WHERE (id = ${id}::int OR username_key = ${name} OR email_key = ${address}) AND is_active AND deleted_at IS NULL ORDER BY username_key = ${name} DESC LIMIT 1`;
      return row && toOwner(row);
    },
    async change({ id, passwordHash }, newHash, session, guesses, acte) {
      return db.$transaction(async (tx) => {
        const changed = await tx.user.updateMany({ where: { id, password_hash: passwordHash, is_active: true, deleted_at: null }, data: { password_hash: newHash } });
        if (changed.count === 0) return undefined;
        const at = clock();
        await endSessions(tx, id, reasonEnded, at);
        await tx.passwordResetCode.updateMany({ where: { user_id: id, used_at: null }, data: { used_at: at } });
        await addFamily(tx, { ...session(at), userId: id, at });
        await forgive(tx, guesses, at);
        await appendActe(tx, acte);
        const holder = await findHolder(tx, id);
        return holder && { holder, at };
      });
    },
    async addCode(userId, { hash, at, expiresAt, guesses }, acte) {
      return db.$transaction(async (tx) => {
        await lockUser(tx, userId);
        const sent = await tx.passwordResetCode.count({ where: { user_id: userId ?? 0, created_at: { gt: new Date(at.getTime() - hourMs) } } });
        const counts = userId !== undefined && sent < maxCodesPerHour;
        await tx.passwordResetCode.create({ data: { user_id: counts ? userId : null, code_hash: hash, created_at: at, expires_at: expiresAt }, select: { id: true } });
        await countRefusal(tx, guesses, at);
        await appendActe(tx, acte(counts));
        return counts;
      });
    },
    async useCode(userId, codeHash, newHash, guesses, cleared, acte) {
      return db.$transaction(async (tx) => {
        const id = await lockUser(tx, userId);
        const at = clock();
        const [row] = await tx.$queryRaw<CodeRow[]>`SELECT id, code_hash, expires_at, attempts, used_at FROM password_reset_code WHERE user_id = ${id}::int ORDER BY id DESC LIMIT 1`;
        const isRight = row !== undefined && isRightCode(toCode(row), codeHash, at);
        await tx.passwordResetCode.updateMany({ where: { id: row?.id ?? 0 }, data: { attempts: { increment: 1 }, ...(isRight ? { used_at: at } : {}) } });
        if (isRight) {
          await tx.user.update({ where: { id }, data: { password_hash: newHash }, select: { id: true } });
          await endSessions(tx, id, reasonEnded, at);
          await clearGuesses(tx, cleared);
        } else await countRefusal(tx, guesses, at);
        await appendActe(tx, acte(isRight));
        return isRight;
      });
    },
    async mostDjangoIterations() {
      const [row] = await db.$queryRaw<{ most: number | null }[]>`
        SELECT max(substring(password_hash FROM '^pbkdf2_sha256[$]([0-9]{1,7})[$]')::int) AS most FROM users WHERE password_hash LIKE 'pbkdf2_sha256$%'`;
      return Math.min(row?.most ?? 0, maxDjangoIterations);
    },
    purge: async (before) => (await db.passwordResetCode.deleteMany({ where: { created_at: { lt: before } } })).count,
  });
}

/** Locks the row of an open account until the end of the transaction; returns its id, or 0. */
async function lockUser(tx: Prisma.TransactionClient, userId: number | undefined): Promise<number> {
  const [row] = await tx.$queryRaw<{ id: number }[]>`SELECT id FROM users WHERE id = ${userId ?? 0}::int AND is_active AND deleted_at IS NULL FOR UPDATE`;
  return row?.id ?? 0;
}

function toOwner(row: OwnerRow): Owner {
  const { id, username, email, phone, role } = row;
  return { id, username, email, phone, role, isStaff: row.is_staff, firstName: row.first_name, etablissementId: row.etablissement_id, passwordHash: row.password_hash };
}

function toCode({ code_hash: hash, expires_at: expiresAt, attempts, used_at: usedAt }: CodeRow): StoredCode {
  return { hash, expiresAt, attempts, usedAt };
}
