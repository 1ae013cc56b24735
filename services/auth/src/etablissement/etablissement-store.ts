import { appendOutbox } from '@mediai/events';
import { throwingUnavailable } from '@mediai/db';
import { invalid } from '@mediai/kit/errors';
import { enCompte, profondeurMax, rangDe, type Compte, type Page } from '@mediai/kit/page';
import { acteDuService, type Acte } from '../audit/acte.ts';
import { appendActe } from '../audit/audit-store.ts';
import type { Etablissement as Row, Prisma, PrismaClient } from '../generated/prisma/client.ts';
import type { Idempotence, Once } from '../idempotence/idempotence.ts';
import type { RunOnce } from '../idempotence/idempotence-store.ts';
import { etablissementChanged } from './etablissement-events.ts';
import type { ConsentementIa, Etablissement, EtablissementSettings } from './etablissement.ts';

export type EtablissementChange = { etablissement: Etablissement; acte: Acte };
export type EtablissementPage = Compte & { etablissements: Etablissement[] };

export type EtablissementStore = {
  find: (id: number) => Promise<Etablissement | undefined>;
  all: () => Promise<Etablissement[]>;
  /** By id; only `id` when it is given. */
  list: (page: Page & { id?: number }) => Promise<EtablissementPage>;
  /** Creates it when it is missing; fills an emergency number that is not set. Returns what is there, after an event and an audit line when something changed. */
  ensure: (wanted: Omit<Etablissement, 'version' | 'textes'>) => Promise<Etablissement>;
  /** Établissement, event, audit line and idempotency key in one transaction. */
  create: (settings: EtablissementSettings & { demo: boolean }, acte: (etablissement: Etablissement) => Acte, idempotence?: Idempotence<Etablissement>) => Promise<Once<Etablissement>>;
  /** Reads it, asks the pure `decide` what to make of it (null: nothing) and writes that, while nobody else can; the version rises. Undefined when it is missing. */
  change: (id: number, decide: (present: Etablissement) => EtablissementChange | null) => Promise<Etablissement | undefined>;
  /** Deletes it unless an account that is not deleted belongs to it. */
  delete: (id: number, at: Date, acte: Acte) => Promise<'supprime' | 'utilise' | 'introuvable'>;
};

const ensureLock = 7_306_002;

/** Holds an établissement until the transaction ends, so that it is not deleted under an account that joins it; throws `invalid` for one that is missing. */
export async function holdEtablissement(tx: Prisma.TransactionClient, id: number): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`SELECT 1 AS one FROM etablissement WHERE id = ${id}::int AND deleted_at IS NULL FOR SHARE`;
  if (held.length === 0) throw invalid({ etablissement_id: [`L'établissement « ${id} » n'existe pas.`] }, 'compte.invalide');
}

/** Établissements in PostgreSQL. `committed` is called after a commit that left events to publish. */
export function createEtablissementStore(db: PrismaClient, committed: () => void, runOnce: RunOnce): EtablissementStore {
  return throwingUnavailable({
    async find(id) {
      const row = await db.etablissement.findFirst({ where: { id, deleted_at: null } });
      return row ? toEtablissement(row) : undefined;
    },
    async all() {
      return (await db.etablissement.findMany({ where: { deleted_at: null }, orderBy: { id: 'asc' } })).map(toEtablissement);
    },
    async list({ id, ...page }) {
      const where = { deleted_at: null, id };
      const [rows, count] = await Promise.all([
        db.etablissement.findMany({ where, orderBy: { id: 'asc' }, skip: rangDe(page), take: page.pageSize }),
        db.etablissement.count({ where, take: profondeurMax + 1 }),
      ]);
      return { etablissements: rows.map(toEtablissement), ...enCompte(count) };
    },
    async ensure(wanted) {
      const { etablissement, changed } = await db.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ensureLock})`;
        const row = await tx.etablissement.findUnique({ where: { id: wanted.id } });
        if (row && (row.telephone_urgence !== null || wanted.telephoneUrgence === null)) return { etablissement: toEtablissement(row), changed: false };
        const written = toEtablissement(row ? await fillTelephone(tx, wanted) : await tx.etablissement.create({ data: { id: wanted.id, ...toColumns({ ...wanted, textes: {} }) } }));
        await appendOutbox(tx, [etablissementChanged(written)]);
        const action = row ? 'etablissement.modification' : 'etablissement.creation';
        await appendActe(tx, acteDuService({ action, objetType: 'etablissement', objetId: String(written.id), etablissementId: written.id }));
        return { etablissement: written, changed: true };
      });
      if (changed) committed();
      return etablissement;
    },
    async create(settings, acte, idempotence) {
      const outcome = await db.$transaction((tx) =>
        runOnce(tx, idempotence, async () => {
          const created = toEtablissement(await tx.etablissement.create({ data: toColumns(settings) }));
          await appendOutbox(tx, [etablissementChanged(created)]);
          await appendActe(tx, acte(created));
          return created;
        }),
      );
      committed();
      return outcome;
    },
    async change(id, decide) {
      const changed = await db.$transaction(async (tx) => {
        const present = await lock(tx, id);
        const change = present && decide(present);
        if (!change) return present;
        const row = await tx.etablissement.update({ where: { id }, data: { ...toColumns(change.etablissement), version: { increment: 1 } } });
        const written = toEtablissement(row);
        await appendOutbox(tx, [etablissementChanged(written)]);
        await appendActe(tx, change.acte);
        return written;
      });
      committed();
      return changed;
    },
    async delete(id, at, acte) {
      return db.$transaction(async (tx) => {
        if (!(await lock(tx, id))) return 'introuvable';
        if (await tx.user.findFirst({ where: { etablissement_id: id, deleted_at: null }, select: { id: true } })) return 'utilise';
        await tx.etablissement.update({ where: { id }, data: { deleted_at: at, version: { increment: 1 } }, select: { id: true } });
        await appendActe(tx, acte);
        return 'supprime';
      });
    },
  });
}

async function lock(tx: Prisma.TransactionClient, id: number): Promise<Etablissement | undefined> {
  await tx.$queryRaw`SELECT 1 AS one FROM etablissement WHERE id = ${id}::int FOR UPDATE`;
  const row = await tx.etablissement.findFirst({ where: { id, deleted_at: null } });
  return row ? toEtablissement(row) : undefined;
}

function fillTelephone(tx: Prisma.TransactionClient, { id, telephoneUrgence }: Pick<Etablissement, 'id' | 'telephoneUrgence'>): Promise<Row> {
  return tx.etablissement.update({ where: { id }, data: { telephone_urgence: telephoneUrgence, version: { increment: 1 } } });
}

function toColumns({ nom, telephoneUrgence, fuseau, consentementIa, textes, demo }: EtablissementSettings & { demo: boolean }) {
  return { nom, telephone_urgence: telephoneUrgence, fuseau, consentement_ia: consentementIa, textes, demo };
}

function toEtablissement(row: Row): Etablissement {
  return {
    id: row.id,
    nom: row.nom,
    telephoneUrgence: row.telephone_urgence,
    fuseau: row.fuseau,
    consentementIa: row.consentement_ia as ConsentementIa,
    textes: row.textes as Record<string, string>,
    demo: row.demo,
    version: row.version,
  };
}
