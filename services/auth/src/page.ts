import { AppError } from '@mediai/kit/errors';

/** A page as asked for: from 1, `pageSize` 1 to 100. */
export type Page = { page: number; pageSize: number };

/** Part of a list; `count` is exact up to 10 000. */
export type Counted = { count: number; countExact: boolean };

export const maxDepth = 10_000;
const defaultPageSize = 20;
const maxPageSize = 100;

/** A page as a client asks for it, with what it leaves open filled in. @throws AppError invalid `pagination.trop_profonde` beyond the 10 000th row */
export function readPage({ page, pageSize }: Page): Page {
  const read = { page: Math.max(1, page), pageSize: pageSize < 1 ? defaultPageSize : Math.min(pageSize, maxPageSize) };
  if (read.page * read.pageSize > maxDepth) throw new AppError('invalid', 'pagination.trop_profonde', 'Cette page est trop loin : précisez votre recherche.');
  return read;
}

/** A count that was taken up to one more than 10 000. */
export function counted(count: number): Counted {
  return { count: Math.min(count, maxDepth), countExact: count <= maxDepth };
}

/** `skip` and `take` of a page. */
export function window({ page, pageSize }: Page): { skip: number; take: number } {
  return { skip: (page - 1) * pageSize, take: pageSize };
}
