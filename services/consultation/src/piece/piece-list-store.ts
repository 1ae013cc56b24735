import { enCompte, enPage, profondeurMax, rangDe } from '@mediai/kit/page';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { FiltrePieces, PageListee } from './piece.ts';

const { sql, raw, join, empty } = Prisma;

/** The table of one kind of piece, what is read of it, and the tables that hold the rest of it. */
export type SourcePieces = { readonly table: 'fiche_reference' | 'lab_result' | 'attachment'; readonly colonnes?: Prisma.Sql; readonly avec?: Prisma.Sql };

type Ligne = { id: number; fiche: number; fiche_user: number | null; fiche_etablissement: number };

/** A page of the pieces of a table, newest first, with what of their fiches decides; two statements, whatever is asked for. */
export async function listerPieces<R, P extends { readonly id: number }>(db: PrismaClient, { table, colonnes = sql`piece.*`, avec = empty }: SourcePieces, filtre: FiltrePieces, lire: (row: R) => P): Promise<PageListee<P>> {
  const de = sql`FROM ${raw(table)} AS piece JOIN fiche_consultation AS fiche ON fiche.id = piece.fiche`;
  const conditions = conditionsDe(filtre);
  const derriere = filtre.apres === undefined ? conditions : [...conditions, sql`piece.id < ${filtre.apres}::int`];
  const avant = filtre.apres === undefined ? rangDe(filtre) : 0;
  const [rows, [compte]] = await Promise.all([
    db.$queryRaw<(R & Ligne)[]>`SELECT ${colonnes}, fiche."user" AS fiche_user, fiche.etablissement_id AS fiche_etablissement ${de} ${avec} WHERE ${join(derriere, ' AND ')} ORDER BY piece.id DESC OFFSET ${avant}::int LIMIT ${filtre.pageSize + 1}::int`,
    db.$queryRaw<{ lues: number }[]>`SELECT count(*)::int AS lues FROM (SELECT 1 ${de} WHERE ${join(conditions, ' AND ')} LIMIT ${profondeurMax + 1}::int) AS comptees`,
  ]);
  const { lues, suite } = enPage(rows, filtre.pageSize);
  const pieces = lues.map((row) => ({ piece: lire(row), sujet: { id: row.fiche, etablissement_id: row.fiche_etablissement, user: row.fiche_user } }));
  return { pieces, suite, ...enCompte(compte?.lues ?? 0) };
}

function conditionsDe({ ficheId, user, etablissementId, visibleDe }: FiltrePieces): Prisma.Sql[] {
  return [
    sql`piece.deleted_at IS NULL AND fiche.deleted_at IS NULL`,
    ...(ficheId === undefined ? [] : [sql`piece.fiche = ${ficheId}::int`]),
    ...(user === undefined ? [] : [sql`fiche."user" = ${user}::int`]),
    ...(etablissementId === undefined ? [] : [sql`piece.etablissement_id = ${etablissementId}::int`]),
    ...(visibleDe === undefined ? [] : [sql`(fiche.assigned_medecin IS NULL OR fiche.assigned_medecin = ${visibleDe}::int OR fiche."user" = ${visibleDe}::int)`]),
  ];
}
