import { trace } from '@opentelemetry/api';

type WhenKept = (span: { traceId: string; spanId: string }, fn: () => void) => void;

let whenKept: WhenKept | undefined;

/** Says who decides which traces are kept; undefined: none is. For `startTelemetry` alone. */
export function setTraceKeeper(keeper: WhenKept | undefined): void {
  whenKept = keeper;
}

/**
 * Calls `fn` with the id of the present trace if it is kept: at once where that is known, else when it turns out, which
 * may be after the work that calls this; never outside of a span, nor where nothing is exported.
 */
export function whenTraceKept(fn: (traceId: string) => void): void {
  if (!whenKept) return;
  const span = trace.getActiveSpan()?.spanContext();
  if (span) whenKept(span, () => fn(span.traceId));
}
