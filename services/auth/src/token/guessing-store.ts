import { throwingUnavailable } from '../database-errors.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { countAttempt, forgiveAttempt, freeFailures, waitSeconds, type Attempts, type GuessKeys } from './guessing.ts';

export type GuessingStore = {
  /** Counts an attempt and answers 0, or counts nothing and answers the seconds to wait; a pair that logged in before is spared its own wait. */
  take: (keys: GuessKeys, at: Date) => Promise<number>;
};

type Row = { cle: string; failures: number; last_at: Date; blocked_until: Date | null };

/** Failed logins in PostgreSQL, so that a restart or a second replica forgets none. */
export function createGuessingStore(db: PrismaClient): GuessingStore {
  return throwingUnavailable({
    take: (keys, at) =>
      db.$transaction(async (tx) => {
        const { pair, adresse } = await lock(tx, keys, at);
        const known = (await tx.knownAddress.findUnique({ where: { cle: keys.pair } })) !== null;
        const wait = Math.max(known ? 0 : waitSeconds(pair, at), waitSeconds(adresse, at));
        if (wait > 0) return wait;
        await write(tx, keys.pair, countAttempt(pair, freeFailures.pair, at));
        await write(tx, keys.adresse, countAttempt(adresse, freeFailures.adresse, at));
        return 0;
      }),
  });
}

/** After a login: the pair's failures are forgotten, the address's attempt is taken back, the pair is known. */
export async function forgive(tx: Prisma.TransactionClient, keys: GuessKeys, at: Date): Promise<void> {
  const { adresse } = await lock(tx, keys, at);
  await tx.loginAttempt.delete({ where: { cle: keys.pair } });
  await write(tx, keys.adresse, forgiveAttempt(adresse));
  await tx.knownAddress.upsert({ where: { cle: keys.pair }, create: { cle: keys.pair, last_seen_at: at }, update: { last_seen_at: at } });
}

/** Both rows, made when missing, locked in the order of their keys so that two logins never wait for each other. */
async function lock(tx: Prisma.TransactionClient, { pair, adresse }: GuessKeys, at: Date): Promise<{ pair: Attempts; adresse: Attempts }> {
  const cles = [pair, adresse].sort();
  await tx.loginAttempt.createMany({ data: cles.map((cle) => ({ cle, failures: 0, last_at: at })), skipDuplicates: true });
  const rows = await tx.$queryRaw<Row[]>`SELECT cle, failures, last_at, blocked_until FROM login_attempt WHERE cle = ANY(${cles}) ORDER BY cle FOR UPDATE`;
  const find = (cle: string): Attempts => {
    const row = rows.find((candidate) => candidate.cle === cle) as Row;
    return { failures: row.failures, lastAt: row.last_at, blockedUntil: row.blocked_until };
  };
  return { pair: find(pair), adresse: find(adresse) };
}

async function write(tx: Prisma.TransactionClient, cle: string, { failures, lastAt, blockedUntil }: Attempts): Promise<void> {
  await tx.loginAttempt.update({ where: { cle }, data: { failures, last_at: lastAt, blocked_until: blockedUntil } });
}
