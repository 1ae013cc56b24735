import { lirePage, profondeurMax, type Compte, type Page as Asked } from '@mediai/kit/page';
import type { FastifyRequest } from 'fastify';
import { originOf } from './origin.ts';

/** `?page=` and `?page_size=` as the contract has them. */
export const pageQuery = {
  page: { type: 'integer', minimum: 1, default: 1, description: 'Numéro de page, à partir de 1.' },
  page_size: { type: 'integer', minimum: 1, default: 20, description: 'Éléments par page, 100 au plus.' },
} as const;

/** `?cursor=` of lists that are read to their end: the place that the page before named, then `page` counts for nothing. */
export const cursorQuery = { cursor: { type: 'string', maxLength: 400, description: 'Suite de la liste, telle que `next` la donne.' } } as const;

export interface PageQuery {
  readonly page: number;
  readonly page_size: number;
  readonly cursor?: string;
}

/**
 * The page that a query asks for, its size cut to 100.
 * @throws AppError 400 `pagination.trop_profonde` beyond the 10 000th row
 */
export const readPage = ({ page, page_size: pageSize, cursor }: PageQuery): Asked => lirePage({ page: cursor ? 1 : page, pageSize });

export interface Page<T> {
  readonly count: number;
  readonly count_exact?: false;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: T[];
}

/** Where a list goes on by cursor: the place that was asked for, and the one behind the page, if there is more. */
export interface Cursors {
  readonly cursor?: string | undefined;
  readonly nextCursor?: string | undefined;
}

/**
 * A page in the contract's form, with absolute addresses of its neighbours. Pages are numbered as far as they may be
 * asked for; from there on, and behind a cursor, `next` is a cursor's link, with which one reads on to the end.
 */
export function toPage<T>(request: FastifyRequest, asked: Asked, answer: Compte, results: T[], { cursor, nextCursor }: Cursors = {}): Page<T> {
  const { page, pageSize } = asked;
  const isNumbered = cursor === undefined;
  const more = isNumbered && page * pageSize < answer.count && (page + 1) * pageSize <= profondeurMax;
  return {
    count: answer.count,
    ...(answer.countExact ? {} : { count_exact: false as const }),
    next: more ? address(request, { page: String(page + 1) }) : nextCursor === undefined ? null : address(request, { cursor: nextCursor }),
    previous: isNumbered && page > 1 ? address(request, { page: String(page - 1) }) : null,
    results,
  };
}

/** The address that was asked for, with another place in the list. */
function address(request: FastifyRequest, place: { page: string } | { cursor: string }): string {
  const url = new URL(request.url, originOf(request));
  if ('cursor' in place) url.searchParams.delete('page');
  for (const [name, value] of Object.entries(place)) url.searchParams.set(name, value);
  return url.href;
}

/** Schema of a page of `items`. */
export const pageSchema = (items: object) =>
  ({
    type: 'object',
    properties: {
      count: { type: 'integer' },
      count_exact: { type: 'boolean' },
      next: { type: ['string', 'null'] },
      previous: { type: ['string', 'null'] },
      results: { type: 'array', items },
    },
    required: ['count', 'next', 'previous', 'results'],
  }) as const;
