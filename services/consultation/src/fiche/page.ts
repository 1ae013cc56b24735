import { AppError } from '@mediai/kit/errors';

/** Lists are counted exactly and turned by page up to this row. */
export const PROFONDEUR_MAX = 10_000;
const PAGE_SIZE = 20;
const PAGE_SIZE_MAX = 100;

/**
 * The page asked for: from 1 (0 is 1), of 20 (0 is 20) to 100.
 * @throws AppError invalid `pagination.trop_profonde` beyond the 10 000th row
 */
export function lirePage(demande: { page: number; pageSize: number }): { page: number; pageSize: number } {
  const page = Math.max(1, demande.page);
  const pageSize = demande.pageSize < 1 ? PAGE_SIZE : Math.min(demande.pageSize, PAGE_SIZE_MAX);
  if (page * pageSize > PROFONDEUR_MAX) throw new AppError('invalid', 'pagination.trop_profonde', 'Cette page est trop loin : précisez votre recherche.');
  return { page, pageSize };
}
