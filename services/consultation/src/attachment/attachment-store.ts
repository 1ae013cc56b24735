import { appendAudit, claimIdempotence, completeIdempotence, throwingUnavailable } from '@mediai/db';
import { cleDe, ligneAudit } from '../acces/journal-store.ts';
import type { Acte } from '../acces/journal.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { cleDe as cleFichier } from '../fichier/fichier.ts';
import { garderFichier } from '../fichier/fichier-store.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { listerPieces } from '../piece/piece-list-store.ts';
import { ATTACHMENTS_MAX, type Attachment, type AttachmentStore, type Kind } from './attachment.ts';

const { sql } = Prisma;
type Tx = Prisma.TransactionClient;
type Row = { id: number; fiche: number; fichier: string; kind: string; note: string | null; uploaded_by: number | null; created_at: Date; nom: string; type_mime: string; extension: string; taille: number; sha256: Uint8Array };

/** Thrown out of a transaction to undo it. */
class NonEcrite<Issue extends string = string> extends Error {
  override readonly name = 'NonEcrite';
  readonly issue: Issue;
  constructor(issue: Issue) {
    super(issue);
    this.issue = issue;
  }
}

/** Attachments in PostgreSQL, each with the row of its file. */
export function createAttachmentStore(db: PrismaClient, { secret }: { secret: string }): AttachmentStore {
  const trouver = (db: Pick<PrismaClient, '$queryRaw'>, id: number) => db.$queryRaw<Row[]>`SELECT ${COLONNES} FROM attachment AS piece ${AVEC_FICHIER} WHERE piece.id = ${id}::int AND piece.deleted_at IS NULL`.then(([row]) => row && versAttachment(row));

  /** Writes one that is there, beside the fiche as it was read. */
  const changer = (fiche: Fiche, id: number, acte: Acte, data: Prisma.AttachmentUncheckedUpdateManyInput): Promise<Attachment | 'perdue' | 'absent'> =>
    siEcrite<Attachment, 'perdue' | 'absent'>(db.$transaction(async (tx) => {
      await tenir(tx, fiche);
      const avant = await trouver(tx, id);
      const { count } = await tx.attachment.updateMany({ where: { id, fiche: fiche.id, deleted_at: null }, data });
      if (!avant || count === 0) throw new NonEcrite('absent');
      await appendAudit(tx, ligneAudit(fiche, acte));
      return (await trouver(tx, id)) ?? avant;
    }));

  return throwingUnavailable<AttachmentStore>({
    find: (id) => trouver(db, id),
    list: (filtre) => listerPieces<Row, Attachment>(db, { table: 'attachment', colonnes: COLONNES, avec: AVEC_FICHIER }, filtre, versAttachment),
    async create(fiche, { kind, note }, fichier, { id: par }, acte, idempotence) {
      return siEcrite<{ cree: Attachment } | { rejouee: Uint8Array }, 'perdue' | 'plein'>(db.$transaction(async (tx) => {
        const premiere = idempotence && (await claimIdempotence(tx, cleDe(idempotence), idempotence.corps, secret));
        if (premiere) return { rejouee: premiere.reponse };
        await tenir(tx, fiche);
        if ((await tx.attachment.count({ where: { fiche: fiche.id } })) >= ATTACHMENTS_MAX) throw new NonEcrite('plein');
        await garderFichier(tx, fichier);
        const data = { fiche: fiche.id, fichier: fichier.id, kind, note, uploaded_by: par, etablissement_id: fiche.etablissement_id };
        const { id, created_at } = await tx.attachment.create({ data });
        const cree: Attachment = { id, fiche: fiche.id, kind, note, uploaded_by: par, created_at, fichier };
        await appendAudit(tx, ligneAudit(fiche, acte));
        if (idempotence) await completeIdempotence(tx, cleDe(idempotence), { statut: 201, reponse: idempotence.ecrire(cree) });
        return { cree };
      }));
    },
    update: (fiche, id, { kind, note }, acte) => changer(fiche, id, acte, { kind, note }),
    delete: (fiche, id, acte) => changer(fiche, id, acte, { deleted_at: new Date() }),
  });
}

const COLONNES = sql`piece.id, piece.fiche, piece.fichier::text, piece.kind, piece.note, piece.uploaded_by, piece.created_at, fichier.nom, fichier.type_mime, fichier.extension, fichier.taille, fichier.sha256`;
const AVEC_FICHIER = sql`JOIN fichier ON fichier.id = piece.fichier`;

function versAttachment({ id, fiche, fichier, kind, note, uploaded_by, created_at, nom, type_mime: typeMime, extension, taille, sha256 }: Row): Attachment {
  return { id, fiche, kind: kind as Kind, note, uploaded_by, created_at, fichier: { id: fichier, cle: cleFichier(fichier), nom, typeMime, extension, taille, sha256 } };
}

/** The fiche stands as it was read, and stays so until the transaction ends. */
async function tenir(tx: Tx, { id, version }: Fiche): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM fiche_consultation WHERE id = ${id}::int AND version = ${version}::int AND deleted_at IS NULL FOR SHARE`;
  if (rows.length === 0) throw new NonEcrite('perdue');
}

/** What was written, or why nothing was: of the reasons that this transaction may throw. */
async function siEcrite<T, Issue extends string>(ecriture: Promise<T>): Promise<T | Issue> {
  return ecriture.catch((thrown: unknown) => {
    if (thrown instanceof NonEcrite) return thrown.issue as Issue;
    throw thrown;
  });
}
