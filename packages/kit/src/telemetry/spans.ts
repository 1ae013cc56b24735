import { context, isSpanContextValid, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Attributes, type Link, type Span } from '@opentelemetry/api';
import { kinds, type ErrorKind } from '../errors/kinds.ts';
import { withBaggageHeader } from './baggage.ts';

const spanKinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** `links`: the `traceparent`s of what the span works on beside its own trace; those that are missing or broken are left out. */
export type SpanOptions = { kind?: keyof typeof spanKinds; attributes?: Attributes; links?: readonly (string | undefined)[] };

/**
 * Runs `fn` inside a span that is a child of the current one. A throw leaves the error's type or kind on it, and marks
 * it failed unless it is a refusal, which is the caller's fault: messages may quote what a user typed and stay out. Attributes must hold no clinical or identifying value.
 */
export async function withSpan<T>(name: string, options: SpanOptions, fn: (span: Span) => T | Promise<T>): Promise<T> {
  const spanOptions = { kind: spanKinds[options.kind ?? 'internal'], attributes: options.attributes ?? {}, links: (options.links ?? []).flatMap(linkTo) };
  return trace.getTracer('mediai').startActiveSpan(name, spanOptions, async (span) => {
    try {
      return await fn(span);
    } catch (error) {
      markError(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

function linkTo(traceparent: string | undefined): Link[] {
  const spanContext = traceparent && trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }));
  return spanContext ? [{ context: spanContext }] : [];
}

const noSpan = (): void => undefined;

/**
 * Begins a span that is a child of the current one, and of which nothing is a child; outside of any span it makes none:
 * what is looked for again and again is no trace of its own.
 * @returns ends it, with the error that it ended with
 */
export function beginSpan(name: string, { kind = 'internal', attributes = {} }: Omit<SpanOptions, 'links'>): (error?: unknown) => void {
  if (!trace.getActiveSpan()) return noSpan;
  const span = trace.getTracer('mediai').startSpan(name, { kind: spanKinds[kind], attributes });
  return (error) => {
    if (error) markError(span, error);
    span.end();
  };
}

/** W3C `traceparent` of the current span, to be stored or sent; undefined outside of any span. */
export function currentTraceparent(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'];
}

/**
 * Runs `fn` as a continuation of the trace that `traceparent` names, with the allowed part of `baggage`; without one, or
 * with a broken one, in a new trace.
 */
export function runWithTraceparent<T>(traceparent: string | undefined, fn: () => T, baggage?: string): T {
  const parent = propagation.extract(trace.deleteSpan(context.active()), traceparent ? { traceparent } : {});
  return context.with(withBaggageHeader(parent, baggage), fn);
}

/** Marks the present span failed, where that is told by an answer and not by a throw. */
export function markFailed(span: Span): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Trace and span id of the current span. */
export function currentTrace(): { traceId: string; spanId: string } | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext && isSpanContextValid(spanContext) ? { traceId: spanContext.traceId, spanId: spanContext.spanId } : undefined;
}

function markError(span: Span, error: unknown): void {
  const type = errorType(error);
  if (!isRefusal(type)) span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', type);
}

function isRefusal(type: string): boolean {
  return type in kinds && kinds[type as ErrorKind].http < 500;
}

function errorType(error: unknown): string {
  const { kind, name } = (error ?? {}) as { kind?: unknown; name?: unknown };
  return typeof kind === 'string' ? kind : typeof name === 'string' ? name : 'unknown';
}
