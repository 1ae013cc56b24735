import { SpanStatusCode, type Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';

export type TraceChoice = {
  /** Whether the share of all traces holds this one: the same answer in every process. */
  isShared: (traceId: string) => boolean;
  /** A span of so many milliseconds or more is slow. */
  slowMs: number;
  /** What is kept goes here. */
  next: SpanProcessor;
  /** Spans that are remembered at most, open or waiting for the end of their part. */
  maxSpans?: number;
};

export type TraceChooser = SpanProcessor & {
  /** Calls `fn` when the part that this span belongs to is kept: now, later or never. */
  whenKept: (span: { traceId: string; spanId: string }, fn: () => void) => void;
};

const maxTold = 100;

/** What one process does of a trace between a call that came in (or a beginning) and its end. */
type Part = { rootId: string; open: Set<string>; ended: ReadableSpan[]; kept: boolean; over: boolean; told: (() => void)[] };

/**
 * Passes on the spans of the share of traces, and of every part in which a span failed or was slow, from its first span
 * on: they wait, here, until their part has ended. Each process decides for its own part. Beyond `maxSpans` the oldest
 * parts are forgotten; of them a span that failed or was slow is still passed on, alone.
 */
export function createTraceChooser({ isShared, slowMs, next, maxSpans = 10_000 }: TraceChoice): TraceChooser {
  const parts = new Set<Part>();
  const partOf = new Map<string, Part>();
  let held = 0;

  const isNotable = ({ status, duration: [seconds, nanoseconds] }: ReadableSpan): boolean => status.code === SpanStatusCode.ERROR || seconds * 1_000 + nanoseconds / 1e6 >= slowMs;

  function keep(part: Part): void {
    part.kept = true;
    for (const span of part.ended) next.onEnd(span);
    for (const tell of part.told) tell();
    release(part);
  }

  function release(part: Part): void {
    held -= part.ended.length;
    part.ended = [];
    part.told = [];
  }

  function forget(part: Part): void {
    held -= part.open.size;
    for (const spanId of part.open) partOf.delete(spanId);
    release(part);
    parts.delete(part);
  }

  function forgetOldest(): void {
    for (const oldest of parts) {
      if (held <= maxSpans) break;
      forget(oldest);
    }
  }

  function begin(rootId: string): Part {
    const part: Part = { rootId, open: new Set(), ended: [], kept: false, over: false, told: [] };
    parts.add(part);
    return part;
  }

  return {
    onStart(span: Span, parentContext: Context) {
      next.onStart(span, parentContext);
      const { traceId, spanId } = span.spanContext();
      if (isShared(traceId)) return;
      const parent = span.parentSpanContext;
      const part = (parent && !parent.isRemote ? partOf.get(parent.spanId) : undefined) ?? begin(spanId);
      part.open.add(spanId);
      partOf.set(spanId, part);
      held += 1;
      if (held > maxSpans) forgetOldest();
    },
    onEnd(span) {
      const { traceId, spanId } = span.spanContext();
      const part = partOf.get(spanId);
      if (!part) return isShared(traceId) || isNotable(span) ? next.onEnd(span) : undefined;
      partOf.delete(spanId);
      part.open.delete(spanId);
      part.over ||= spanId === part.rootId;
      if (part.kept) {
        held -= 1;
        next.onEnd(span);
      } else {
        part.ended.push(span);
        if (isNotable(span)) keep(part);
        else if (part.over) release(part);
      }
      if (part.open.size === 0) forget(part);
    },
    whenKept({ traceId, spanId }, fn) {
      const part = partOf.get(spanId);
      if (part ? part.kept : isShared(traceId)) fn();
      else if (part && part.told.length < maxTold) part.told.push(fn);
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}
