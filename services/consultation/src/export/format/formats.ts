import type { EcrireTable } from './colonne.ts';
import { ecrireCsv } from './ecrire-csv.ts';
import { createEcrireExcel } from './ecrire-excel.ts';
import { ecrireJson } from './ecrire-json.ts';
import { ecrireParquet } from './ecrire-parquet.ts';
import type { FormatExport } from '../export.ts';

/** How each format is written, and what its file is. */
export const FORMATS: Record<FormatExport, { readonly ecrire: EcrireTable; readonly extension: string; readonly typeMime: string }> = {
  csv: { ecrire: ecrireCsv, extension: 'csv', typeMime: 'text/csv; charset=utf-8' },
  json: { ecrire: ecrireJson, extension: 'json', typeMime: 'application/json' },
  excel: { ecrire: createEcrireExcel(), extension: 'xlsx', typeMime: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  parquet: { ecrire: ecrireParquet, extension: 'parquet', typeMime: 'application/vnd.apache.parquet' },
};
