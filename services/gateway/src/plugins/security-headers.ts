import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

const contentSecurityPolicy = {
  useDefaults: false,
  directives: { defaultSrc: ["'self'"], styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'], objectSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'self'"] },
};

/** Every answer has helmet's headers, and is kept by no browser and no proxy unless its route says otherwise (RFC 9111, section 5.2.2.5). */
export function addSecurityHeaders(app: FastifyInstance, { hsts }: { readonly hsts: boolean }): void {
  const headers = headersOf({ contentSecurityPolicy, crossOriginResourcePolicy: { policy: 'cross-origin' }, strictTransportSecurity: hsts });
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done();
  });
}

/** What helmet says of any request: the policy is the same for all, so that it need not be written for each. */
function headersOf(options: Parameters<typeof helmet>[0]): Record<string, string> {
  const headers: Record<string, string> = {};
  const answer = { setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value), removeHeader: () => undefined };
  helmet(options)({} as never, answer as never, (error) => {
    if (error) throw error;
  });
  return headers;
}
