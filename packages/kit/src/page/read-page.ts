import { AppError } from '../errors/index.ts';

/** A page as it was asked for: from 1, of 1 to 100. */
export type Page = { readonly page: number; readonly pageSize: number };

/** How many there are in all, exact up to 10 000. */
export type Compte = { readonly count: number; readonly countExact: boolean };

/** Lists are counted exactly and turned by page up to this row. */
export const profondeurMax = 10_000;
const pageSizeParDefaut = 20;
const pageSizeMax = 100;

/**
 * The page asked for, with what is left open filled in: from 1 (0 is 1), of 20 (0 is 20) to 100.
 * @throws AppError invalid `pagination.trop_profonde` beyond the 10 000th row
 */
export function lirePage(demande: Page): Page {
  const page = Math.max(1, demande.page);
  const pageSize = demande.pageSize < 1 ? pageSizeParDefaut : Math.min(demande.pageSize, pageSizeMax);
  if (page * pageSize > profondeurMax) throw new AppError('invalid', 'pagination.trop_profonde', 'Cette page est trop loin : précisez votre recherche.');
  return { page, pageSize };
}

/** How many rows come before a page: SQL's OFFSET. */
export const rangDe = ({ page, pageSize }: Page): number => (page - 1) * pageSize;

/** A count that went no further than one beyond `profondeurMax`, as it is told. */
export const enCompte = (lus: number): Compte => ({ count: Math.min(lus, profondeurMax), countExact: lus <= profondeurMax });
