import type { FastifyInstance } from 'fastify';
import { summarize } from '../../../services/gateway/src/routes/health.ts';
import { appelOf, sendJson, type Protect } from '../app.ts';
import type { FloorOperations } from '../operations.ts';

const params = { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } }, required: ['id'] };

/** A conversation's messages, and the state of the databases in the form of the suite's health. */
export function addOtherRoutes(app: FastifyInstance, protect: Protect, operations: FloorOperations): void {
  app.get<{ Params: { id: number } }>('/api/v1/conversations/:id/messages/', protect('actif', { params }), async (request, reply) => sendJson(reply, await operations.listMessages(appelOf(request), request.params.id)));

  app.get('/api/health/', async (_request, reply) => {
    const summary = summarize(await operations.check());
    if (summary.status === 'unhealthy') reply.code(503).header('retry-after', 5);
    return sendJson(reply, JSON.stringify(summary));
  });
}
