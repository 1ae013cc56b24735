import { lirePage, profondeurMax, type Compte, type Page as Asked } from '@mediai/kit/page';
import type { FastifyRequest } from 'fastify';
import { originOf } from './origin.ts';

/** `?page=` and `?page_size=` as the contract has them. */
export const pageQuery = {
  page: { type: 'integer', minimum: 1, default: 1, description: 'Numéro de page, à partir de 1.' },
  page_size: { type: 'integer', minimum: 1, default: 20, description: 'Éléments par page, 100 au plus.' },
} as const;

export interface PageQuery {
  readonly page: number;
  readonly page_size: number;
}

/**
 * The page that a query asks for, its size cut to 100.
 * @throws AppError 400 `pagination.trop_profonde` beyond the 10 000th row
 */
export const readPage = ({ page, page_size: pageSize }: PageQuery): Asked => lirePage({ page, pageSize });

export interface Page<T> {
  readonly count: number;
  readonly count_exact?: false;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: T[];
}

/** A page in the contract's form, with absolute addresses of its neighbours. */
export function toPage<T>(request: FastifyRequest, asked: Asked, answer: Compte, results: T[]): Page<T> {
  const { page, pageSize } = asked;
  const more = page * pageSize < answer.count && (page + 1) * pageSize <= profondeurMax;
  return {
    count: answer.count,
    ...(answer.countExact ? {} : { count_exact: false as const }),
    next: more ? address(request, page + 1) : null,
    previous: page > 1 ? address(request, page - 1) : null,
    results,
  };
}

function address(request: FastifyRequest, page: number): string {
  const url = new URL(request.url, originOf(request));
  url.searchParams.set('page', String(page));
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
