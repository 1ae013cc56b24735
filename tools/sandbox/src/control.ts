import type { FastifyInstance } from 'fastify';
import { faultSchema, PROVIDERS, type Fault, type Faults } from './faults.ts';
import type { Inbox } from './inbox.ts';
import type { Ledger } from './ledger.ts';
import { renderPage } from './page.ts';
import { inboundSchema, postInbound, type Inbound } from './twilio-inbound.ts';

const depuis = { type: 'string', pattern: '^(\\d+|\\d{4}-\\d{2}-\\d{2}.*)$' } as const;

/** What tests and people ask of the sandbox itself: the ledger, the inbox, calls as Twilio makes them, the faults, the page. */
export function registerControl(app: FastifyInstance, deps: { faults: Faults; ledger: Ledger; inbox: Inbox; authToken: string }): void {
  const { faults, ledger, inbox, authToken } = deps;

  app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(renderPage(deps)));
  app.get('/healthz', () => ({ status: 'ok', mode: 'SIMULATION' }));

  app.get<{ Querystring: { provider?: string; since?: string } }>('/sandbox/ledger', { schema: { querystring: { type: 'object', properties: { provider: { enum: PROVIDERS }, since: depuis } } } },
    (request) => ({ calls: ledger.list(request.query) }));
  app.delete('/sandbox/ledger', (_request, reply) => {
    ledger.clear();
    return reply.code(204).send();
  });

  app.get<{ Querystring: { to?: string; since?: string } }>('/sandbox/messages', { schema: { querystring: { type: 'object', properties: { to: { type: 'string' }, since: depuis } } } }, (request) => {
    const { to, since } = request.query;
    const messages = inbox.list().filter((m) => (!to || m.to === to || m.to === `whatsapp:${to}`) && (!since || m.time >= new Date(since).toISOString()));
    return { messages: messages.map(({ statusCallback: _url, ...m }) => m) };
  });
  app.delete('/sandbox/messages', (_request, reply) => {
    inbox.clear();
    return reply.code(204).send();
  });

  app.post<{ Body: Inbound }>('/sandbox/inbound', { schema: { body: inboundSchema } }, (request) => postInbound(request.body, authToken));

  app.get('/sandbox/faults', () => ({ faults: faults.list() }));
  app.put<{ Body: Fault }>('/sandbox/faults', { schema: { body: faultSchema } }, (request) => {
    faults.set(request.body);
    return { faults: faults.list() };
  });
  app.delete<{ Querystring: { provider?: string } }>('/sandbox/faults', (request, reply) => {
    faults.clear(request.query.provider);
    return reply.code(204).send();
  });
}
