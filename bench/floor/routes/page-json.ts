import type { Page } from '@mediai/kit/page';
import type { FastifyRequest } from 'fastify';
import { toPage } from '../../../services/gateway/src/wire/page.ts';
import type { JsonPage } from '../operations.ts';

/** A page in the contract's form around items that are JSON already; `count_exact` stands last, where the gateway's serializer writes it. */
export function pageJson(request: FastifyRequest, asked: Page, page: JsonPage, cursor?: string): string {
  const { count, count_exact, next, previous } = toPage(request, asked, page, [], { cursor, nextCursor: page.nextCursor });
  const last = count_exact === undefined ? '' : `,"count_exact":${count_exact}`;
  return `{"count":${count},"next":${JSON.stringify(next)},"previous":${JSON.stringify(previous)},"results":[${page.items.join(',')}]${last}}`;
}
