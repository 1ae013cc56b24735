import type { ExportJob as ExportRow, Prisma } from '../generated/prisma/client.ts';
import type { CodeErreur, ExportEnBail, ExportJob, FiltresExport, FormatExport, GenreExport, NouvelExport, StatutExport } from './export.ts';

export type LigneBail = ExportRow & { jeton: string; segments: number };

const jourDe = (date: Date | null): string | null => date?.toISOString().slice(0, 10) ?? null;
const versJour = (jour: string | null): Date | null => (jour === null ? null : new Date(`${jour}T00:00:00Z`));

/** A row of `export_job` as the domain reads it. */
export function versExport(row: ExportRow): ExportJob {
  return {
    id: row.id,
    genre: row.genre as GenreExport,
    etablissement_id: row.etablissement_id,
    created_by: row.created_by,
    export_format: row.export_format as FormatExport,
    date_start: jourDe(row.date_start),
    date_end: jourDe(row.date_end),
    include_personal_data: row.include_personal_data,
    filters: row.filters as unknown as FiltresExport,
    status: row.status as StatutExport,
    progress: row.progress,
    records_total: row.records_total,
    records_count: row.records_count,
    fichier_cle: row.fichier_cle,
    fichier_taille: row.fichier_taille === null ? null : Number(row.fichier_taille),
    erreur_code: row.erreur_code as CodeErreur | null,
    created_at: row.created_at,
    started_at: row.started_at,
    completed_at: row.completed_at,
    expire_le: row.expire_le,
  };
}

export const versBail = (ligne: LigneBail): ExportEnBail => ({ ...versExport(ligne), jeton: ligne.jeton, essais: ligne.essais, borne_id: ligne.borne_id, curseur_id: ligne.curseur_id, segments: ligne.segments });

/** A new export as columns. */
export const versLigneExport = (nouvel: NouvelExport): Prisma.ExportJobCreateManyInput => ({
  ...nouvel,
  date_start: versJour(nouvel.date_start),
  date_end: versJour(nouvel.date_end),
  filters: { ...nouvel.filters, status: [...nouvel.filters.status] },
});
