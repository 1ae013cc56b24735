import { timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import type { ExportJob } from '@mediai/contracts/consultation/v1/export_service';
import { toIso } from './instant.ts';

const FORMATS: Record<string, string> = { csv: 'CSV', json: 'JSON', excel: 'Excel', parquet: 'Parquet' };
const STATUTS: Record<string, string> = { pending: 'En attente', running: 'En cours', completed: 'Terminé', failed: 'Échec' };
const UNITES = ['o', 'ko', 'Mo', 'Go', 'To'];

/** A length as people read it, in French: `12,3 Mo`. */
export function tailleLisible(octets: number): string {
  const rang = Math.min(UNITES.length - 1, Math.floor(Math.log(Math.max(octets, 1)) / Math.log(1024)));
  const valeur = octets / 1024 ** rang;
  return `${rang === 0 ? valeur : valeur.toFixed(1).replace('.', ',')} ${UNITES[rang]}`;
}

/** Seconds from the beginning to the end; null before the end. */
const dureeDe = (debut: Timestamp | undefined, fin: Timestamp | undefined): number | null => (debut && fin ? (timestampMs(fin) - timestampMs(debut)) / 1000 : null);

/** An export as JSON under the contract's names. `file_path` is the name under which it is downloaded: nothing tells where it lies. */
export function exportJson(job: ExportJob) {
  const taille = job.fileSize === undefined ? null : Number(job.fileSize);
  const { filtres } = job;
  return {
    id: job.id,
    created_by: job.createdBy,
    created_by_name: job.createdByName,
    export_format: job.exportFormat,
    export_format_display: FORMATS[job.exportFormat] ?? job.exportFormat,
    date_start: job.dateStart ?? null,
    date_end: job.dateEnd ?? null,
    include_personal_data: job.includePersonalData,
    filters: filtres ? { status: filtres.status, age_min: filtres.ageMin ?? null, age_max: filtres.ageMax ?? null, sexe: filtres.sexe ?? null } : {},
    status: job.status,
    status_display: STATUTS[job.status] ?? job.status,
    progress: job.progress,
    file_path: job.fichier ?? null,
    file_size: taille,
    file_size_formatted: taille === null ? null : tailleLisible(taille),
    records_count: job.recordsCount ?? null,
    records_total: job.recordsTotal ?? null,
    error_message: job.errorMessage ?? null,
    duration: dureeDe(job.startedAt, job.completedAt),
    started_at: toIso(job.startedAt),
    completed_at: toIso(job.completedAt),
    expires_at: toIso(job.expiresAt),
    created_at: toIso(job.createdAt),
  };
}

const texte = { type: ['string', 'null'] };
const instant = { type: ['string', 'null'], format: 'date-time' };

/** Schema of an export as answered. */
export const exportSchema = {
  $id: 'DataExportJob',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    created_by: { type: 'integer' },
    created_by_name: { type: 'string' },
    export_format: { type: 'string', enum: Object.keys(FORMATS) },
    export_format_display: { type: 'string' },
    date_start: { ...texte, format: 'date' },
    date_end: { ...texte, format: 'date' },
    include_personal_data: { type: 'boolean' },
    filters: { type: 'object', additionalProperties: true },
    status: { type: 'string', enum: Object.keys(STATUTS) },
    status_display: { type: 'string' },
    progress: { type: 'integer', minimum: 0, maximum: 100, description: 'Ne baisse jamais.' },
    file_path: { ...texte, description: 'Nom du fichier téléchargé.' },
    file_size: { type: ['integer', 'null'], description: 'Octets.' },
    file_size_formatted: { ...texte, examples: ['12,3 Mo'] },
    records_count: { type: ['integer', 'null'] },
    records_total: { type: ['integer', 'null'], description: 'Lignes comptées au début.' },
    error_message: texte,
    duration: { type: ['number', 'null'], description: 'Secondes.' },
    started_at: instant,
    completed_at: instant,
    expires_at: { ...instant, description: "Jusqu'à quand le fichier peut être téléchargé." },
    created_at: instant,
  },
} as const;
