import { context, isSpanContextValid, propagation, SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';

const spanKinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

export type SpanOptions = { kind?: keyof typeof spanKinds; attributes?: Attributes };

/**
 * Runs `fn` inside a span that is a child of the current one. A throw marks the span failed with the error's type or
 * kind only: messages may quote what a user typed. Attributes must hold no clinical or identifying value.
 */
export async function withSpan<T>(name: string, options: SpanOptions, fn: (span: Span) => T | Promise<T>): Promise<T> {
  const spanOptions = { kind: spanKinds[options.kind ?? 'internal'], attributes: options.attributes ?? {} };
  return trace.getTracer('mediai').startActiveSpan(name, spanOptions, async (span) => {
    try {
      return await fn(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', errorType(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** W3C `traceparent` of the current span, to be stored or sent; undefined outside of any span. */
export function currentTraceparent(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'];
}

/** Runs `fn` as a continuation of the trace that `traceparent` names; without one, or with a broken one, in a new trace. */
export function runWithTraceparent<T>(traceparent: string | undefined, fn: () => T): T {
  const parent = propagation.extract(trace.deleteSpan(context.active()), traceparent ? { traceparent } : {});
  return context.with(parent, fn);
}

/** Trace and span id of the current span. */
export function currentTrace(): { traceId: string; spanId: string } | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext && isSpanContextValid(spanContext) ? { traceId: spanContext.traceId, spanId: spanContext.spanId } : undefined;
}

function errorType(error: unknown): string {
  const { kind, name } = (error ?? {}) as { kind?: unknown; name?: unknown };
  return typeof kind === 'string' ? kind : typeof name === 'string' ? name : 'unknown';
}
