import type { Nom } from '../fiche/ports.ts';
import { FORMATS } from './format/formats.ts';
import type { ExportJob } from './export.ts';

/** An export as it is shown; nothing tells where its file is kept. */
export interface VueExport {
  readonly job: ExportJob;
  /** Who asked for it; empty when it is not known here. */
  readonly createdByName: string;
  /** Name under which its file is downloaded; null while there is none. */
  readonly fichier: string | null;
}

const compact = (jour: string | null): string => (jour ?? '').replaceAll('-', '');

/** Name of an export's file. */
export function nomFichier({ genre, id, export_format: format, date_start: debut, date_end: fin }: ExportJob): string {
  const { extension } = FORMATS[format];
  return genre === 'personnel' ? `mes_donnees_${id}.${extension}` : `fiches_${compact(debut)}_${compact(fin)}_${id}.${extension}`;
}

/** A view of an export, with the names that are known. */
export const vueExport = (job: ExportJob, noms: ReadonlyMap<number, Nom>): VueExport => {
  const nom = noms.get(job.created_by);
  return { job, createdByName: nom?.nom || nom?.username || '', fichier: job.fichier_cle === null ? null : nomFichier(job) };
};
