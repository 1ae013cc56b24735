import { appendAudit, appendLectures, claimIdempotence, completeIdempotence, isBackupUnderWay, throwingUnavailable, type AuditEntry } from '@mediai/db';
import { enCompte, profondeurMax, rangDe } from '@mediai/kit/page';
import { cleDe } from '../acces/journal-store.ts';
import { auteurDe, type Acte } from '../acces/journal.ts';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { versBail, versExport, versLigneExport, type LigneBail } from './export-row-store.ts';
import { ECRITURE_MS, type ExportStore } from './ports.ts';
import type { ExportEnBail } from './export.ts';

type Tx = Prisma.TransactionClient;

const PRENDRE = `
  UPDATE export_job SET bail_jeton = gen_random_uuid(), bail_fin = $2::timestamptz, status = 'running', essais = essais + 1, started_at = coalesce(started_at, $1::timestamptz)
  WHERE id = (
    SELECT id FROM export_job
    WHERE status IN ('pending', 'running') AND prochain_essai <= $1::timestamptz AND (bail_fin IS NULL OR bail_fin < $1::timestamptz)
    ORDER BY prochain_essai, id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING *, bail_jeton::text AS jeton, (SELECT count(*)::int FROM export_objet o WHERE o.export_id = export_job.id AND o.rang IS NOT NULL) AS segments`;

const dans = (date: Date, ms: number): Date => new Date(date.getTime() + ms);

/** An act on an export as a row of the audit table. */
const ligneAudit = (job: { id: number; etablissement_id: number }, { acteur, action, raison, issue = 'ok' }: Acte): AuditEntry =>
  ({ ...auteurDe(acteur), action, objetType: 'export', objetId: job.id, etablissementId: job.etablissement_id, issue, raison: raison ?? null });

/** Locks the row for as long as the transaction takes, if the lease is still ours. */
async function tenir(tx: Tx, { id, jeton }: ExportEnBail): Promise<boolean> {
  const tenues = await tx.$queryRaw<unknown[]>`SELECT 1 AS un FROM export_job WHERE id = ${id}::int AND bail_jeton = ${jeton}::uuid AND status = 'running' FOR UPDATE`;
  return tenues.length === 1;
}

/** Exports in PostgreSQL. `secret` is the key of the hashes of idempotent bodies. */
export function createExportStore(db: PrismaClient, { secret }: { secret: string }): ExportStore {
  /** Writes while the lease is ours; false when it is not. */
  const enTenant = (bail: ExportEnBail, ecrire: (tx: Tx) => Promise<void>): Promise<boolean> =>
    db.$transaction(async (tx) => {
      if (!(await tenir(tx, bail))) return false;
      await ecrire(tx);
      return true;
    });

  const store: ExportStore = {
    create: (nouvel, { actes, idempotence }) =>
      db.$transaction(async (tx) => {
        const premiere = idempotence && (await claimIdempotence(tx, cleDe(idempotence), idempotence.corps, secret));
        if (premiere) return { rejouee: premiere.reponse };
        const [row] = await tx.exportJob.createManyAndReturn({ data: [versLigneExport(nouvel)], skipDuplicates: true });
        const present = row ?? (await tx.exportJob.findFirst({ where: { genre: nouvel.genre, created_by: nouvel.created_by }, orderBy: { id: 'desc' } }));
        if (!present) throw new Error('An export was neither made nor there.');
        const job = versExport(present);
        if (row) for (const acte of actes) await appendAudit(tx, ligneAudit(job, acte));
        if (idempotence) await completeIdempotence(tx, cleDe(idempotence), { statut: 200, reponse: idempotence.ecrire(job) });
        return row ? { cree: job } : { existant: job };
      }),
    async find(id) {
      const row = await db.exportJob.findUnique({ where: { id } });
      return row ? versExport(row) : undefined;
    },
    async list({ genre, etablissementId, createdBy, ...page }) {
      const where = { genre, ...(etablissementId === undefined ? {} : { etablissement_id: etablissementId }), ...(createdBy === undefined ? {} : { created_by: createdBy }) };
      const [rows, count] = await Promise.all([
        db.exportJob.findMany({ where, orderBy: { id: 'desc' }, skip: rangDe(page), take: page.pageSize }),
        db.exportJob.count({ where, take: profondeurMax + 1 }),
      ]);
      return { exports: rows.map(versExport), ...enCompte(count) };
    },
    async noter(job, actes) {
      await db.$transaction(async (tx) => {
        for (const acte of actes) await appendAudit(tx, ligneAudit(job, acte));
      });
    },
    async lease(maintenant, bailMs) {
      const [ligne] = await db.$queryRawUnsafe<LigneBail[]>(PRENDRE, maintenant, dans(maintenant, bailMs));
      return ligne && versBail(ligne);
    },
    renew: (bail, maintenant, bailMs) =>
      enTenant(bail, async (tx) => {
        await tx.exportJob.update({ where: { id: bail.id }, data: { bail_fin: dans(maintenant, bailMs) }, select: { id: true } });
        await tx.exportObjet.updateMany({ where: { export_id: bail.id, rang: null, a_supprimer_le: { gt: maintenant } }, data: { a_supprimer_le: dans(maintenant, ECRITURE_MS) } });
      }),
    commencer: (bail, { total, borne }) =>
      enTenant(bail, async (tx) => void (await tx.exportJob.update({ where: { id: bail.id }, data: { records_total: total, borne_id: borne }, select: { id: true } }))),
    annoncer: (bail, cle, maintenant) =>
      enTenant(bail, async (tx) => void (await tx.exportObjet.create({ data: { cle, export_id: bail.id, a_supprimer_le: dans(maintenant, ECRITURE_MS) } }))),
    garderSegment: (bail, { cle, lignes, rang, curseur, progression }, lectures) =>
      enTenant(bail, async (tx) => {
        await tx.exportObjet.update({ where: { cle }, data: { rang, lignes, a_supprimer_le: null } });
        await tx.$executeRaw`
          UPDATE export_job SET curseur_id = ${curseur}::int, records_count = records_count + ${lignes}::int, progress = greatest(progress, ${progression}::smallint), essais = 0
          WHERE id = ${bail.id}::int`;
        if (!lectures) return;
        const fiches = lectures.fiches.map(({ id, etablissement_id: etablissementId }) => ({ id, etablissementId }));
        await appendLectures(tx, { acteurId: lectures.acteur.id, acteurRole: 'admin', action: 'fiche.exporter', objetType: 'fiche' }, fiches);
      }),
    async listSegments(exportId) {
      return db.exportObjet.findMany({ where: { export_id: exportId, rang: { not: null } }, orderBy: { rang: 'asc' }, select: { cle: true, lignes: true } });
    },
    terminer: (bail, maintenant, { cle, taille, lignes, expireLe }) =>
      enTenant(bail, async (tx) => {
        const fin = { status: 'completed', progress: 100, fichier_cle: cle, fichier_taille: BigInt(taille), records_count: lignes, completed_at: maintenant, expire_le: expireLe };
        await tx.exportJob.update({ where: { id: bail.id }, data: { ...fin, bail_jeton: null, bail_fin: null }, select: { id: true } });
        await tx.exportObjet.updateMany({ where: { export_id: bail.id, rang: { not: null } }, data: { a_supprimer_le: maintenant } });
        await tx.exportObjet.update({ where: { cle }, data: { a_supprimer_le: expireLe } });
      }),
    echouer: (bail, maintenant, code) =>
      enTenant(bail, async (tx) => {
        await tx.exportJob.update({ where: { id: bail.id }, data: { status: 'failed', erreur_code: code, completed_at: maintenant, bail_jeton: null, bail_fin: null }, select: { id: true } });
        await tx.exportObjet.updateMany({ where: { export_id: bail.id, rang: { not: null } }, data: { a_supprimer_le: maintenant } });
      }),
    async reporter({ id, jeton }, jusqua, { compter }) {
      await db.$executeRaw`
        UPDATE export_job SET bail_jeton = NULL, bail_fin = NULL, prochain_essai = ${jusqua}::timestamptz, essais = greatest(0, essais - ${compter ? 0 : 1}::int)
        WHERE id = ${id}::int AND bail_jeton = ${jeton}::uuid AND status = 'running'`;
    },
    async aSupprimer(maintenant, limite) {
      return db.$transaction(async (tx) => {
        if (await isBackupUnderWay(tx)) return [];
        const rows = await tx.exportObjet.findMany({ where: { a_supprimer_le: { lte: maintenant } }, orderBy: { a_supprimer_le: 'asc' }, take: limite, select: { cle: true } });
        return rows.map(({ cle }) => cle);
      });
    },
    async oublier(cle) {
      await db.exportObjet.deleteMany({ where: { cle } });
    },
  };
  return throwingUnavailable(store);
}
