import { throwingUnavailable } from '@mediai/db';
import { enCompte, profondeurMax, rangDe, type Compte, type Page } from '@mediai/kit/page';
import type { Acte } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import type { Consentement as Row, Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import type { RunOnce } from '../idempotence/idempotence-store.ts';
import { etatDe, type Consentement, type EtatConsentement, type Finalite } from './consentement.ts';

export type ConsentementPage = Compte & { consentements: Consentement[] };

type Given = { userId: number; finalite: Finalite; version: string; at: Date };
type ActeOf = (consentement: Consentement) => Acte;

export type ConsentementStore = {
  /** A user's, withdrawn ones included, newest first. */
  list: (userId: number, page: Page) => Promise<ConsentementPage>;
  /**
   * The one that holds: the same again when that version holds already, else a new one (which ends one of another version),
   * with its audit line and idempotency key in one transaction. Undefined for an account that is no more.
   */
  give: (given: Given, acte: ActeOf, idempotence?: Idempotence<Consentement>) => Promise<Once<Consentement> | undefined>;
  /** Ends the one that holds; without any ever given, records the objection. Nothing happens when it is withdrawn already. */
  withdraw: (withdrawn: Omit<Given, 'version'>, acte: ActeOf) => Promise<void>;
  state: (userId: number, finalite: Finalite) => Promise<EtatConsentement>;
};

/** Consents in PostgreSQL. */
export function createConsentementStore(db: PrismaClient, runOnce: RunOnce): ConsentementStore {
  return throwingUnavailable({
    async list(userId, page) {
      const where = { user_id: userId };
      const [rows, count] = await Promise.all([db.consentement.findMany({ where, orderBy: { id: 'desc' }, skip: rangDe(page), take: page.pageSize }), db.consentement.count({ where, take: profondeurMax + 1 })]);
      return { consentements: rows.map(toConsentement), ...enCompte(count) };
    },
    async give({ userId, finalite, version, at }, acte, idempotence) {
      return db.$transaction(async (tx) => {
        if (!(await holdUser(tx, userId))) return undefined;
        return runOnce(tx, idempotence, async () => {
          const held = await tx.consentement.findFirst({ where: { user_id: userId, finalite, retire_le: null } });
          if (held?.version === version) return toConsentement(held);
          if (held) await tx.consentement.update({ where: { id: held.id }, data: { retire_le: at }, select: { id: true } });
          const given = toConsentement(await tx.consentement.create({ data: { user_id: userId, finalite, version, accorde_le: at } }));
          await appendActe(tx, acte(given));
          return given;
        });
      });
    },
    async withdraw({ userId, finalite, at }, acte) {
      await db.$transaction(async (tx) => {
        if (!(await holdUser(tx, userId))) return;
        const [latest] = await tx.consentement.findMany({ where: { user_id: userId, finalite }, orderBy: [{ retire_le: { sort: 'desc', nulls: 'first' } }, { id: 'desc' }], take: 1 });
        if (latest && latest.retire_le !== null) return;
        const row = latest
          ? await tx.consentement.update({ where: { id: latest.id }, data: { retire_le: at } })
          : await tx.consentement.create({ data: { user_id: userId, finalite, version: '', retire_le: at } });
        await appendActe(tx, acte(toConsentement(row)));
      });
    },
    async state(userId, finalite) {
      const held = await db.consentement.findFirst({ where: { user_id: userId, finalite }, orderBy: [{ retire_le: { sort: 'desc', nulls: 'first' } }, { id: 'desc' }] });
      return etatDe(held ? [toConsentement(held)] : []);
    },
  });
}

/** Locks the account, so that a person's consents are changed one change at a time. */
async function holdUser(tx: Prisma.TransactionClient, id: number): Promise<boolean> {
  const held = await tx.$queryRaw<unknown[]>`SELECT 1 AS one FROM users WHERE id = ${id}::int AND deleted_at IS NULL FOR UPDATE`;
  return held.length > 0;
}

function toConsentement({ id, finalite, version, accorde_le, retire_le }: Row): Consentement {
  return { id, finalite: finalite as Finalite, version, accordeLe: accorde_le, retireLe: retire_le };
}
