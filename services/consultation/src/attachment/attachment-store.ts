import { throwingUnavailable } from '@mediai/db';
import type { OptionsFicheStore } from '../fiche/fiche-store.ts';
import { cleDe } from '../fichier/fichier.ts';
import { garderFichier } from '../fichier/fichier-store.ts';
import type { FichierDepose } from '../fichier/ports.ts';
import { Prisma, type Attachment as Ligne, type PrismaClient } from '../generated/prisma/client.ts';
import { listerPieces } from '../piece/piece-list-store.ts';
import { ecrireSousFiche, refuser } from '../piece/piece-store.ts';
import type { PieceStore } from '../piece/piece.ts';
import type { Attachment, EcritureAttachment, Kind } from './attachment.ts';

export type AttachmentStore = PieceStore<Attachment, EcritureAttachment>;

const { sql } = Prisma;
type Row = Pick<Ligne, 'id' | 'fiche' | 'kind' | 'note' | 'uploaded_by' | 'created_at'>;
type RowJointe = Row & { fichier: string; nom: string; type_mime: string; extension: string; taille: number; sha256: Uint8Array };

/** Attachments in PostgreSQL, each with the row of its file; a file is never replaced, and stays where its attachment is deleted. */
export function createAttachmentStore(db: PrismaClient, options: OptionsFicheStore): AttachmentStore {
  return throwingUnavailable<AttachmentStore>({
    async find(id) {
      const [row] = await db.$queryRaw<RowJointe[]>`SELECT ${COLONNES} FROM attachment AS piece ${AVEC_FICHIER} WHERE piece.id = ${id}::int AND piece.deleted_at IS NULL`;
      return row && versJointe(row);
    },
    list: (filtre) => listerPieces<RowJointe, Attachment>(db, { table: 'attachment', colonnes: COLONNES, avec: AVEC_FICHIER }, filtre, versJointe),
    async listOfFiche(fiche, limite) {
      const rows = await db.$queryRaw<RowJointe[]>`SELECT ${COLONNES} FROM attachment AS piece ${AVEC_FICHIER} WHERE piece.fiche = ${fiche}::int AND piece.deleted_at IS NULL ORDER BY piece.id DESC LIMIT ${limite}::int`;
      return rows.map(versJointe);
    },
    create: (fiche, { kind, note, fichier }, uploaded_by, effets, limite) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        if ((await tx.attachment.count({ where: { fiche: fiche.id }, take: limite })) >= limite) refuser('pleine');
        await garderFichier(tx, fichier);
        const data = { fiche: fiche.id, fichier: fichier.id, kind, note, uploaded_by, etablissement_id: fiche.etablissement_id, created_at: options.clock() };
        return versAttachment(await tx.attachment.create({ data }), fichier);
      }),
    update: (fiche, { id, fichier }, { kind, note }, effets) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        const [row] = await tx.attachment.updateManyAndReturn({ where: { id, deleted_at: null }, data: { kind, note } });
        return row ? versAttachment(row, fichier) : refuser('absente');
      }),
    delete: (fiche, { id, fichier }, effets) =>
      ecrireSousFiche(db, options, fiche, effets, async (tx) => {
        const [row] = await tx.attachment.updateManyAndReturn({ where: { id, deleted_at: null }, data: { deleted_at: options.clock() } });
        return row ? versAttachment(row, fichier) : refuser('absente');
      }),
  });
}

const COLONNES = sql`piece.id, piece.fiche, piece.fichier::text, piece.kind, piece.note, piece.uploaded_by, piece.created_at, fichier.nom, fichier.type_mime, fichier.extension, fichier.taille, fichier.sha256`;
const AVEC_FICHIER = sql`JOIN fichier ON fichier.id = piece.fichier`;

const versJointe = ({ fichier: id, nom, type_mime: typeMime, extension, taille, sha256, ...row }: RowJointe): Attachment => versAttachment(row, { id, cle: cleDe(id), nom, typeMime, extension, taille, sha256 });

function versAttachment({ id, fiche, kind, note, uploaded_by: auteur, created_at }: Row, fichier: FichierDepose): Attachment {
  return { id, fiche, auteur, kind: kind as Kind, note, created_at, fichier };
}
