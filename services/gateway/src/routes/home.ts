import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { renderHome, type InboxMessage } from '../pages/home-page.ts';

const INBOX_TIMEOUT_MS = 1500;

/** `/`: what this is, with links; in demo the accounts and the sandbox's inbox. */
export function addHomeRoute(app: FastifyInstance, config: Config): void {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const demo = config.MEDIAI_MODE === 'demo';
    const inbox = demo && config.SANDBOX_URL ? await readInbox(config.SANDBOX_URL).catch((err: unknown) => {
      request.log.warn({ err }, 'sandbox not answered');
      return undefined;
    }) : undefined;
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(renderHome({ demo, password: config.MEDIAI_DEMO_PASSWORD, sandboxUrl: config.SANDBOX_URL, inbox }));
  });
}

async function readInbox(sandboxUrl: string): Promise<InboxMessage[]> {
  const response = await fetch(new URL('/sandbox/messages', sandboxUrl), { signal: AbortSignal.timeout(INBOX_TIMEOUT_MS) });
  const { messages } = (await response.json()) as { messages: InboxMessage[] };
  return messages.slice(0, 20);
}
