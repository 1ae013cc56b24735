import { isBackupUnderWay, throwingUnavailable } from '@mediai/db';
import { unavailable } from '@mediai/kit/errors';
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { cleDe } from './fichier.ts';
import type { FichierDepose, FichierStore } from './ports.ts';

type Tx = Pick<Prisma.TransactionClient, 'fichier'>;

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
 * Keeps a deposited file, in the transaction of what refers to it.
 * @throws AppError unavailable when the sweep was faster: the call took longer than an hour
 */
export async function garderFichier(tx: Tx, { id, nom, typeMime, extension, taille, sha256 }: FichierDepose): Promise<void> {
  const data = { etat: 'garde', nom, type_mime: typeMime, extension, taille, sha256: Buffer.from(sha256) };
  const { count } = await tx.fichier.updateMany({ where: { id, etat: 'en_cours' }, data });
  if (count === 0) throw unavailable();
}

/** Lets a file go, in the transaction of what no longer refers to it; the sweep deletes it soon. */
export async function relacherFichier(tx: Tx, id: string): Promise<void> {
  await tx.fichier.updateMany({ where: { id, etat: 'garde' }, data: { etat: 'a_supprimer' } });
}
