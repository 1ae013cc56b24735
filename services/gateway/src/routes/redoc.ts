import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { redocPage, redocPolicy, redocStart } from '../pages/redoc-page.ts';

const compress = promisify(gzip);
const DAY = 'public, max-age=86400';

/** `/api/redoc/`: the schema as a page to read, with the script of the package served from here. */
export function addRedocRoutes(app: FastifyInstance): void {
  let bundle: Promise<{ plain: Buffer; gzipped: Buffer }> | undefined;

  app.get('/api/redoc/', { schema: { hide: true } }, (_request, reply) => reply.type('text/html; charset=utf-8').header('content-security-policy', redocPolicy).send(redocPage));

  app.get('/api/redoc/start.js', { schema: { hide: true } }, (_request, reply) => reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(redocStart));

  app.get('/api/redoc/redoc.standalone.js', { schema: { hide: true } }, async (request, reply) => {
    const { plain, gzipped } = await (bundle ??= readBundle());
    const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (takesGzip) reply.header('content-encoding', 'gzip');
    return reply.type('text/javascript; charset=utf-8').header('cache-control', DAY).header('vary', 'accept-encoding').send(takesGzip ? gzipped : plain);
  });
}

/** Read and compressed when it is first asked for. */
async function readBundle(): Promise<{ plain: Buffer; gzipped: Buffer }> {
  const plain = await readFile(createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js'));
  return { plain, gzipped: await compress(plain) };
}
