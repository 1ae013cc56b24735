import { appendOutbox } from '@mediai/events';
import { appendActe } from '../audit/audit-store.ts';
import { throwingUnavailable } from '@mediai/db';
import type { Etablissement as Row, Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { etablissementChanged } from './etablissement-events.ts';
import type { ConsentementIa, Etablissement } from './etablissement.ts';

export type EtablissementStore = {
  find: (id: number) => Promise<Etablissement | undefined>;
  all: () => Promise<Etablissement[]>;
  /** Creates it when it is missing; fills an emergency number that is not set. Returns what is there, after an event and an audit line when something changed. */
  ensure: (wanted: Omit<Etablissement, 'version'>) => Promise<Etablissement>;
};

const ensureLock = 7_306_002;

/** Établissements in PostgreSQL. `committed` is called after a commit that left events to publish. */
export function createEtablissementStore(db: PrismaClient, committed: () => void): EtablissementStore {
  return throwingUnavailable({
    async find(id) {
      const row = await db.etablissement.findFirst({ where: { id, deleted_at: null } });
      return row ? toEtablissement(row) : undefined;
    },
    async all() {
      return (await db.etablissement.findMany({ where: { deleted_at: null }, orderBy: { id: 'asc' } })).map(toEtablissement);
    },
    async ensure(wanted) {
      const { etablissement, changed } = await db.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ensureLock})`;
        const row = await tx.etablissement.findUnique({ where: { id: wanted.id } });
        if (row && (row.telephone_urgence !== null || wanted.telephoneUrgence === null)) return { etablissement: toEtablissement(row), changed: false };
        const written = toEtablissement(row ? await fillTelephone(tx, wanted) : await insert(tx, wanted));
        await appendOutbox(tx, [etablissementChanged(written)]);
        await appendActe(tx, {
          acteurId: null, acteurRole: 'service', action: row ? 'etablissement.modification' : 'etablissement.creation', objetType: 'etablissement', objetId: String(written.id),
          etablissementId: written.id, issue: 'ok',
        });
        return { etablissement: written, changed: true };
      });
      if (changed) committed();
      return etablissement;
    },
  });
}

function insert(tx: Prisma.TransactionClient, { id, nom, telephoneUrgence, fuseau, consentementIa, demo }: Omit<Etablissement, 'version'>): Promise<Row> {
  return tx.etablissement.create({ data: { id, nom, telephone_urgence: telephoneUrgence, fuseau, consentement_ia: consentementIa, demo } });
}

function fillTelephone(tx: Prisma.TransactionClient, { id, telephoneUrgence }: Omit<Etablissement, 'version'>): Promise<Row> {
  return tx.etablissement.update({ where: { id }, data: { telephone_urgence: telephoneUrgence, version: { increment: 1 } } });
}

function toEtablissement(row: Row): Etablissement {
  return {
    id: row.id,
    nom: row.nom,
    telephoneUrgence: row.telephone_urgence,
    fuseau: row.fuseau,
    consentementIa: row.consentement_ia as ConsentementIa,
    demo: row.demo,
    version: row.version,
  };
}
