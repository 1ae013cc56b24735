import { currentTraceparent, runWithRequest, runWithTraceparent, withSpan } from '@mediai/kit/telemetry';
import type { FastifyInstance } from 'fastify';
import type { GatewayMetrics } from '../metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Stable code of the error that was answered. */
    problemCode: string | undefined;
    finishSpan: ((status: number) => void) | undefined;
  }
}

/** A request id, a span, and the seed's three series for every request; the route is its pattern, never its address. */
export function addObservation(app: FastifyInstance, metrics: GatewayMetrics): void {
  app.decorateRequest('problemCode', undefined);
  app.decorateRequest('finishSpan', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    const route = request.routeOptions.url ?? 'unknown';
    const ended = Promise.withResolvers<number>();
    request.finishSpan = ended.resolve;
    const attributes = { 'http.request.method': request.method, 'http.route': route };
    void runWithRequest({ requestId: request.id }, () =>
      runWithTraceparent(request.headers['traceparent'] as string | undefined, () =>
        withSpan(`${request.method} ${route}`, { kind: 'server', attributes }, async (span) => {
          reply.header('x-trace-id', (currentTraceparent() ?? '').split('-')[1] ?? '');
          done();
          const status = await ended.promise;
          span.setAttribute('http.response.status_code', status);
        }),
      ),
    );
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    metrics.apiRequests.inc({ method, route, status: String(reply.statusCode) });
    metrics.apiRequestDuration.observe({ method, route }, reply.elapsedTime / 1000);
    if (reply.statusCode >= 400) metrics.apiErrors.inc({ method, route, code: request.problemCode ?? String(reply.statusCode) });
    request.log.info({ method, route, status: reply.statusCode, duration_ms: Math.round(reply.elapsedTime) }, 'request');
    request.finishSpan?.(reply.statusCode);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    request.finishSpan?.(499);
    done();
  });
}
