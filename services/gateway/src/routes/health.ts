import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';

type State = 'ok' | 'degraded' | 'down';
const RANK: Record<State, number> = { ok: 0, degraded: 1, down: 2 };
const TIMEOUT_MS = 3000;
/** Without these nothing true can be read or written: their absence is unhealthy. */
const SOURCES_OF_TRUTH = new Set(['database', 'auth', 'consultation', 'appointments']);

const worse = (a: State | undefined, b: State): State => (a === undefined || RANK[b] > RANK[a] ? b : a);
const asState = (text: string): State => (text === 'ok' || text === 'degraded' ? text : 'down');

/** The state of the suite from what each service says; an undefined answer is a service that did not answer. */
export function summarize(answers: Record<string, Record<string, string> | undefined>): { status: 'healthy' | 'degraded' | 'unhealthy'; checks: Record<string, State> } {
  const checks: Record<string, State> = {};
  for (const [service, parts] of Object.entries(answers)) {
    checks[service] = parts ? 'ok' : 'down';
    for (const [part, text] of Object.entries(parts ?? {})) checks[part] = worse(checks[part], asState(text));
  }
  const bad = Object.entries(checks).filter(([, state]) => state !== 'ok');
  const unhealthy = bad.some(([name, state]) => state === 'down' && SOURCES_OF_TRUTH.has(name));
  return { status: unhealthy ? 'unhealthy' : bad.length > 0 ? 'degraded' : 'healthy', checks };
}

/** `/api/health/`: 200 unless a part that is the source of truth is down. */
export function addHealthRoute(app: FastifyInstance, { health }: Deps): void {
  const answer = { type: 'object', properties: { status: { type: 'string', enum: ['healthy', 'degraded', 'unhealthy'] }, checks: { type: 'object', additionalProperties: { type: 'string' } } } };
  app.get('/api/health/', { schema: { tags: ['Santé du système'], summary: 'État de la suite', response: { 200: answer, 503: answer } } }, async (request, reply) => {
    const answers = await Promise.all(
      Object.entries(health).map(async ([service, client]) => {
        try {
          return [service, (await client.getChecks({}, { deadlineMs: TIMEOUT_MS, requestId: request.id })).checks] as const;
        } catch (error) {
          request.log.warn({ err: error, reason: service }, 'health not answered');
          return [service, undefined] as const;
        }
      }),
    );
    const summary = summarize(Object.fromEntries(answers));
    if (summary.status === 'unhealthy') reply.code(503).header('retry-after', 5);
    return summary;
  });
}
