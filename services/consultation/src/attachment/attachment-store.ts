import { appendAudit, claimIdempotence, completeIdempotence, throwingUnavailable } from '@mediai/db';
import { enCompte, profondeurMax, rangDe } from '@mediai/kit/page';
import { cleDe, ligneAudit } from '../acces/journal-store.ts';
import type { Acte } from '../acces/journal.ts';
import type { Fiche } from '../fiche/fiche.ts';
import { cleDe as cleFichier } from '../fichier/fichier.ts';
import { garderFichier } from '../fichier/fichier-store.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import { ATTACHMENTS_MAX, type Attachment, type AttachmentStore, type FiltreAttachments, type Kind } from './attachment.ts';

const { sql, join } = Prisma;
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
  const trouver = (db: Pick<PrismaClient, '$queryRaw'>, id: number) => db.$queryRaw<Row[]>`${AVEC_FICHIER} WHERE piece.id = ${id}::int AND piece.deleted_at IS NULL`.then(([row]) => row && versAttachment(row));

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
    async list(filtre) {
      const trouvees = sql`WHERE ${join(conditionsDe(filtre), ' AND ')}`;
      const [rows, [compte]] = await Promise.all([
        db.$queryRaw<(Row & { fiche_user: number | null; fiche_etablissement: number })[]>`${AVEC_FICHIER} ${trouvees} ORDER BY piece.id DESC OFFSET ${rangDe(filtre)}::int LIMIT ${filtre.pageSize}::int`,
        db.$queryRaw<{ lues: number }[]>`SELECT count(*)::int AS lues FROM (SELECT 1 FROM attachment AS piece JOIN fiche_consultation AS fiche ON fiche.id = piece.fiche ${trouvees} LIMIT ${profondeurMax + 1}::int) AS comptees`,
      ]);
      const trouves = rows.map((row) => ({ attachment: versAttachment(row), sujet: { id: row.fiche, etablissement_id: row.fiche_etablissement, user: row.fiche_user } }));
      return { trouves, ...enCompte(compte?.lues ?? 0) };
    },
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

const AVEC_FICHIER = sql`SELECT piece.id, piece.fiche, piece.fichier::text, piece.kind, piece.note, piece.uploaded_by, piece.created_at,
    fichier.nom, fichier.type_mime, fichier.extension, fichier.taille, fichier.sha256, fiche."user" AS fiche_user, fiche.etablissement_id AS fiche_etablissement
  FROM attachment AS piece JOIN fichier ON fichier.id = piece.fichier JOIN fiche_consultation AS fiche ON fiche.id = piece.fiche`;

function conditionsDe({ ficheId, user, etablissementId, visibleDe }: FiltreAttachments): Prisma.Sql[] {
  return [
    sql`piece.deleted_at IS NULL AND fiche.deleted_at IS NULL`,
    ...(ficheId === undefined ? [] : [sql`piece.fiche = ${ficheId}::int`]),
    ...(user === undefined ? [] : [sql`fiche."user" = ${user}::int`]),
    ...(etablissementId === undefined ? [] : [sql`piece.etablissement_id = ${etablissementId}::int`]),
    ...(visibleDe === undefined ? [] : [sql`(fiche.assigned_medecin IS NULL OR fiche.assigned_medecin = ${visibleDe}::int OR fiche."user" = ${visibleDe}::int)`]),
  ];
}

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
