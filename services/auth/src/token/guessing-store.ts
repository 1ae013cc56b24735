import { throwingUnavailable } from '@mediai/db';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { countAttempt, freeFailures, waitSeconds, type Attempts, type GuessKeys } from './guessing.ts';

export type GuessingStore = {
  /**
   * Counts an attempt against its pair before its outcome is known, so that guesses sent in parallel count too, and answers 0; or
   * counts nothing and answers the seconds to wait. A pair that logged in before is spared its own wait, not the address's.
   */
  take: (keys: GuessKeys, at: Date) => Promise<number>;
  /** Forgets attempts last made before `attemptsBefore` and addresses from which nobody has logged in since `knownBefore`; returns how many rows. */
  purge: (attemptsBefore: Date, knownBefore: Date) => Promise<number>;
};

type Row = { cle: string; failures: number; last_at: Date; blocked_until: Date | null };

/** Failed logins in PostgreSQL, so that a restart or a second replica forgets none. */
export function createGuessingStore(db: PrismaClient): GuessingStore {
  return throwingUnavailable({
    take: (keys, at) =>
      db.$transaction(async (tx) => {
        const address = await tx.loginAttempt.findUnique({ where: { cle: keys.adresse } });
        const isKnown = (await tx.knownAddress.findUnique({ where: { cle: keys.pair } })) !== null;
        const pair = await lock(tx, keys.pair, at);
        const wait = Math.max(isKnown ? 0 : waitSeconds(pair, at), address ? waitSeconds(toAttempts(address), at) : 0);
        if (wait === 0) await write(tx, keys.pair, countAttempt(pair, freeFailures.pair, at));
        return wait;
      }),
    async purge(attemptsBefore, knownBefore) {
      const attempts = await db.loginAttempt.deleteMany({ where: { last_at: { lt: attemptsBefore } } });
      const known = await db.knownAddress.deleteMany({ where: { last_seen_at: { lt: knownBefore } } });
      return attempts.count + known.count;
    },
  });
}

/** After a refused login: counted against its address. (Honest logins from a busy address count nothing, not even while they run.) */
export async function countRefusal(tx: Prisma.TransactionClient, { adresse }: GuessKeys, at: Date): Promise<void> {
  await write(tx, adresse, countAttempt(await lock(tx, adresse, at), freeFailures.adresse, at));
}

/** Failures of these pairs are forgotten. */
export async function clearGuesses(tx: Prisma.TransactionClient, pairs: string[]): Promise<void> {
  await tx.loginAttempt.deleteMany({ where: { cle: { in: pairs } } });
}

/** After a login: the pair's failures are forgotten and the pair is known. */
export async function forgive(tx: Prisma.TransactionClient, { pair }: GuessKeys, at: Date): Promise<void> {
  await clearGuesses(tx, [pair]);
  await tx.knownAddress.upsert({ where: { cle: pair }, create: { cle: pair, last_seen_at: at }, update: { last_seen_at: at } });
}

/** The row, made when missing, locked until the end of the transaction. */
async function lock(tx: Prisma.TransactionClient, cle: string, at: Date): Promise<Attempts> {
  await tx.loginAttempt.createMany({ data: { cle, failures: 0, last_at: at }, skipDuplicates: true });
  const [row] = await tx.$queryRaw<Row[]>`SELECT cle, failures, last_at, blocked_until FROM login_attempt WHERE cle = ${cle} FOR UPDATE`;
  return row ? toAttempts(row) : { failures: 0, lastAt: at, blockedUntil: null };
}

async function write(tx: Prisma.TransactionClient, cle: string, { failures, lastAt, blockedUntil }: Attempts): Promise<void> {
  const fields = { failures, last_at: lastAt, blocked_until: blockedUntil };
  await tx.loginAttempt.upsert({ where: { cle }, create: { cle, ...fields }, update: fields, select: { cle: true } });
}

function toAttempts(row: Row): Attempts {
  return { failures: row.failures, lastAt: row.last_at, blockedUntil: row.blocked_until };
}
