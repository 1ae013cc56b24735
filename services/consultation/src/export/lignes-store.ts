import { throwingUnavailable } from '@mediai/db';
import { colonnesExport, type ColonneExport } from '@mediai/fiche';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { FiltreLignes, LignesFiches } from './ports.ts';

type Ligne = Record<string, unknown> & { cle_id: number };

/** The rows of a filter that are not deleted; its parameters are $1 to $7. */
const CONDITION = `deleted_at IS NULL AND etablissement_id = $1::int AND date_consultation BETWEEN $2::date AND $3::date
  AND (cardinality($4::text[]) = 0 OR status = ANY($4::text[])) AND ($5::int IS NULL OR age >= $5::int) AND ($6::int IS NULL OR age <= $6::int) AND ($7::text IS NULL OR sexe = $7)`;

const parametres = ({ etablissementId, dateStart, dateEnd, filtres }: FiltreLignes): unknown[] =>
  [etablissementId, dateStart, dateEnd, [...filtres.status], filtres.age_min, filtres.age_max, filtres.sexe];

/** What a set of columns needs of a row, each source once. */
function selection(colonnes: readonly ColonneExport[]): string {
  const sources = new Map(colonnes.flatMap(({ sources: siennes }) => siennes.map(({ nom, sql }) => [nom, sql] as const)));
  return ['id AS cle_id', ...[...sources].map(([nom, sql]) => `${sql} AS "${nom}"`)].join(', ');
}

/**
 * Rows of fiches for an export, in PostgreSQL: by id, a segment a statement, no transaction over several of them. Every
 * statement is bounded by the pool's time.
 */
export function createLignesFiches(db: PrismaClient): LignesFiches {
  const parPersonnelles = new Map([true, false].map((personnelles) => [personnelles, colonnesExport({ personnelles })]));
  const lignes: LignesFiches = {
    async compter(filtre) {
      const [row] = await db.$queryRawUnsafe<{ total: number; borne: number }[]>(`SELECT count(*)::int AS total, coalesce(max(id), 0)::int AS borne FROM fiche_consultation WHERE ${CONDITION}`, ...parametres(filtre));
      return { total: row?.total ?? 0, borne: row?.borne ?? 0 };
    },
    async lire(filtre, { apres, borne, limite, personnelles }) {
      const colonnes = parPersonnelles.get(personnelles) ?? [];
      const rows = await db.$queryRawUnsafe<Ligne[]>(
        `SELECT ${selection(colonnes)} FROM fiche_consultation WHERE ${CONDITION} AND id > $8::int AND id <= $9::int ORDER BY id LIMIT $10::int`, ...parametres(filtre), apres, borne, limite);
      return { ids: rows.map(({ cle_id: id }) => id), lignes: rows.map((row) => colonnes.map((colonne) => colonne.lire(row))) };
    },
  };
  return throwingUnavailable(lignes);
}
