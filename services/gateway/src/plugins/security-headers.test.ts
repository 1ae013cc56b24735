import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { addSecurityHeaders } from './security-headers.ts';

function appWith(hsts: boolean) {
  const app = fastify();
  addSecurityHeaders(app, { hsts });
  app.get('/plain', async () => ({}));
  app.get('/own', (_request, reply) => reply.header('content-security-policy', "default-src 'none'").header('cache-control', 'public').send({}));
  app.get('/fails', async () => Promise.reject(new Error('x')));
  return app;
}
const headersOf = async (app: ReturnType<typeof appWith>, url: string) => (await app.inject({ method: 'GET', url })).headers;

describe('every answer', () => {
  it.each(['/plain', '/fails', '/nowhere'])('%s has the same headers', async (url) => {
    expect(await headersOf(appWith(false), url)).toMatchObject({
      'content-security-policy': "default-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;object-src 'none';frame-ancestors 'none';base-uri 'self'",
      'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN', 'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'cross-origin', 'cache-control': 'no-store',
    });
  });

  it('has what its route says in the place of them', async () => {
    expect(await headersOf(appWith(false), '/own')).toMatchObject({ 'content-security-policy': "default-src 'none'", 'cache-control': 'public', 'x-content-type-options': 'nosniff' });
  });

  it('holds browsers to HTTPS in production alone', async () => {
    expect((await headersOf(appWith(true), '/plain'))['strict-transport-security']).toMatch(/^max-age=31536000/);
    expect(await headersOf(appWith(false), '/plain')).not.toHaveProperty('strict-transport-security');
  });
});
