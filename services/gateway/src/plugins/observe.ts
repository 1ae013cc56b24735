import { quiAgit, type Acteur } from '@mediai/kit/acteur';
import { currentTrace, markFailed, runWithBaggage, runWithRequest, runWithTraceparent, withSpan } from '@mediai/kit/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayMetrics } from '../metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Stable code of the error that was answered. */
    problemCode: string | undefined;
    finishSpan: ((end: RequestEnd) => void) | undefined;
  }
}

/** How a request ended; without `seconds` nothing was answered. */
type RequestEnd = { status: number; seconds?: number };

/**
 * A request id, a span, and the seed's three series for every request; the route is its pattern, never its address. Of
 * what a caller sends of a trace only `traceparent` is taken: no baggage comes in from outside.
 */
export function addObservation(app: FastifyInstance, metrics: GatewayMetrics): void {
  app.decorateRequest('problemCode', undefined);
  app.decorateRequest('finishSpan', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    const { method } = request;
    const route = request.routeOptions.url ?? 'unknown';
    const ended = Promise.withResolvers<RequestEnd>();
    request.finishSpan = ended.resolve;
    const attributes = { 'http.request.method': method, 'http.route': route };
    void runWithRequest({ requestId: request.id }, () =>
      runWithTraceparent(request.headers['traceparent'] as string | undefined, () =>
        withSpan(`${method} ${route}`, { kind: 'server', attributes }, async (span) => {
          reply.header('x-trace-id', currentTrace()?.traceId ?? '');
          done();
          const { status, seconds } = await ended.promise;
          span.setAttribute('http.response.status_code', status);
          if (status >= 500) markFailed(span);
          if (seconds !== undefined) metrics.apiRequestDuration.observe({ method, route }, seconds);
        }),
      ),
    );
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    metrics.apiRequests.inc({ method, route, status: String(reply.statusCode) });
    if (reply.statusCode >= 400) metrics.apiErrors.inc({ method, route, code: request.problemCode ?? String(reply.statusCode) });
    request.log.info({ method, route, status: reply.statusCode, duration_ms: Math.round(reply.elapsedTime) }, 'request');
    request.finishSpan?.({ status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    request.finishSpan?.({ status: 499 });
    done();
  });
  app.addHook('preValidation', carryQualite);
}

/** After the token is verified: what follows knows in what quality somebody acts, and where; never who. */
function carryQualite(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const { acteur } = request;
  if (acteur) runWithBaggage(baggageOf(acteur), done);
  else done();
}

function baggageOf(acteur: Acteur) {
  return { 'mediai.acteur_role': quiAgit(acteur), 'mediai.etablissement_id': String(acteur.etablissementId) };
}
