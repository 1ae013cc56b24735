import type { Statut } from '@mediai/fiche';

/** Formats of an export, as they are called. */
export const FORMATS_EXPORT = { csv: 'CSV', parquet: 'Parquet', json: 'JSON', excel: 'Excel' } as const;
export type FormatExport = keyof typeof FORMATS_EXPORT;
export type StatutExport = 'pending' | 'running' | 'completed' | 'failed';
/** `fiches` of an établissement for an admin, or all that is kept of a person. */
export type GenreExport = 'fiches' | 'personnel';

/** Which fiches an export holds; empty or null is no limit. Ages are in years, as they were at the consultation. */
export interface FiltresExport {
  readonly status: readonly Statut[];
  readonly age_min: number | null;
  readonly age_max: number | null;
  readonly sexe: 'M' | 'F' | null;
}

export const AUCUN_FILTRE: FiltresExport = { status: [], age_min: null, age_max: null, sexe: null };

/** What is asked for; days are `YYYY-MM-DD`, both included, null for a person's own data. */
export interface NouvelExport {
  readonly genre: GenreExport;
  readonly etablissement_id: number;
  readonly created_by: number;
  readonly export_format: FormatExport;
  readonly date_start: string | null;
  readonly date_end: string | null;
  readonly include_personal_data: boolean;
  readonly filters: FiltresExport;
}

export interface ExportJob extends NouvelExport {
  readonly id: number;
  readonly status: StatutExport;
  /** 0 to 100; never falls. */
  readonly progress: number;
  readonly records_total: number | null;
  readonly records_count: number;
  /** Key of its file in the object store; null before it is there. */
  readonly fichier_cle: string | null;
  readonly fichier_taille: number | null;
  readonly erreur_code: CodeErreur | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  readonly expire_le: Date | null;
}

/** An export in the hands of the worker that leased it. */
export interface ExportEnBail extends ExportJob {
  /** Proof of the lease: a write without it changes nothing. */
  readonly jeton: string;
  /** Taken up since something was last kept, this time included. */
  readonly essais: number;
  /** Highest id of a fiche when it began; null before that. */
  readonly borne_id: number | null;
  /** Id of the last fiche that is kept. */
  readonly curseur_id: number;
  /** Segments that are kept. */
  readonly segments: number;
}

/** How long a file can be had. */
export const GARDE_MS = 7 * 24 * 3_600_000;
/** Times that an export is taken up without keeping anything before it is given up. */
export const ESSAIS_MAX = 8;
const PAUSE_MS = 10_000;
const PAUSE_MAX_MS = 300_000;

/** How long to wait after so many attempts. */
export const pauseApres = (essais: number): number => Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** (essais - 1));

/** Why an export failed; stable codes -> what its owner reads. */
export const ERREURS = {
  'export.indisponible': "Une partie nécessaire à l'export est restée indisponible : redemandez-le plus tard.",
  'export.interrompu': "L'export a été interrompu trop de fois : redemandez-le.",
  'export.echec': "L'export n'a pas pu être produit : redemandez-le, et prévenez l'équipe technique si cela se reproduit.",
} as const;
export type CodeErreur = keyof typeof ERREURS;

const PART_LECTURE = 95;

/** How far an export is while its rows are read: the last twentieth is the writing of its file. */
export const progressionDe = (lues: number, total: number): number => (total === 0 ? PART_LECTURE : Math.min(PART_LECTURE, Math.floor((PART_LECTURE * lues) / total)));

/** Whether its file can be had now. */
export const estDisponible = ({ status, expire_le: expire, fichier_cle: cle }: ExportJob, maintenant: Date): boolean => status === 'completed' && cle !== null && expire !== null && expire > maintenant;
