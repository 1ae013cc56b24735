import { isBackupUnderWay, throwingUnavailable, together, type SqlExecutor, type Statement } from '@mediai/db';
import { unavailable } from '@mediai/kit/errors';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { cleDe } from './fichier.ts';
import type { FichierDepose, FichierStore } from './ports.ts';

/** The rows of files in PostgreSQL. */
export function createFichierStore(db: PrismaClient): FichierStore {
  return throwingUnavailable<FichierStore>({
    async commencer(id, etablissementId) {
      await db.fichier.create({ data: { id, etablissement_id: etablissementId, etat: 'en_cours' } });
    },
    async find(id) {
      const row = await db.fichier.findFirst({ where: { id, etat: 'garde' } });
      if (!row) return undefined;
      const { nom, type_mime: typeMime, extension, taille, sha256 } = row;
      return { id, cle: cleDe(id), nom: nom ?? '', typeMime: typeMime ?? '', extension: extension ?? '', taille: taille ?? 0, sha256: sha256 ?? new Uint8Array() };
    },
    async aSupprimer(commencesAvant, limite) {
      return db.$transaction(async (tx) => {
        if (await isBackupUnderWay(tx)) return [];
        // What is taken here can no longer be kept by who began it.
        await tx.fichier.updateMany({ where: { etat: 'en_cours', created_at: { lt: commencesAvant } }, data: { etat: 'a_supprimer' } });
        const rows = await tx.fichier.findMany({ where: { etat: 'a_supprimer' }, orderBy: { created_at: 'asc' }, take: limite, select: { id: true } });
        return rows.map(({ id }) => id);
      });
    },
    async reprendre(id) {
      // Waits for a transaction that is keeping it.
      const { count } = await db.fichier.updateMany({ where: { id, etat: 'en_cours' }, data: { etat: 'a_supprimer' } });
      return count > 0;
    },
    async oublier(id) {
      await db.fichier.deleteMany({ where: { id, etat: { not: 'garde' } } });
    },
  });
}

/**
 * The part of a statement that keeps a deposited file, to which something then refers. It has no row where the sweep was
 * faster, because the call took longer than an hour: the rest is then to be undone.
 * @param portes conditions on other parts, without which nothing is done
 */
export function partieGarde({ id, nom, typeMime, extension, taille, sha256 }: FichierDepose, portes: readonly string[] = []): Statement {
  return {
    sql: `garde AS (UPDATE fichier SET etat = 'garde', nom = $2, type_mime = $3, extension = $4, taille = $5::int, sha256 = $6::bytea WHERE ${["id = $1::uuid", "etat = 'en_cours'", ...portes].join(' AND ')} RETURNING 1)`,
    params: [id, nom, typeMime, extension, taille, Buffer.from(sha256)],
  };
}

/** The part of a statement that lets a file go, to which nothing refers any longer; the sweep deletes it soon. */
export function partieRelache(id: string, portes: readonly string[] = []): Statement {
  return { sql: `relache AS (UPDATE fichier SET etat = 'a_supprimer' WHERE ${["id = $1::uuid", "etat = 'garde'", ...portes].join(' AND ')})`, params: [id] };
}

/**
 * Keeps a deposited file, in the transaction of what refers to it.
 * @throws AppError unavailable when the sweep was faster: the call took longer than an hour
 */
export async function garderFichier(tx: SqlExecutor, fichier: FichierDepose): Promise<void> {
  const { sql, params } = together([partieGarde(fichier)], { sql: 'SELECT count(*)::int AS gardes FROM garde', params: [] });
  const [row] = await tx.$queryRawUnsafe<{ gardes: number }[]>(sql, ...params);
  if (row?.gardes !== 1) throw unavailable();
}

/** Lets a file go, in the transaction of what no longer refers to it; the sweep deletes it soon. */
export async function relacherFichier(tx: SqlExecutor, id: string): Promise<void> {
  const { sql, params } = together([partieRelache(id)], { sql: 'SELECT 1', params: [] });
  await tx.$executeRawUnsafe(sql, ...params);
}
