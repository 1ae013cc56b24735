export { currentBaggage, runWithBaggage } from './baggage.ts';
export type { TraceBaggage } from './baggage.ts';
export { whenTraceKept } from './kept-traces.ts';
export { currentAdresse, currentRequestId, runWithRequest } from './request-context.ts';
export type { RequestContext } from './request-context.ts';
export { beginSpan, currentTrace, currentTraceparent, markFailed, runWithTraceparent, withSpan } from './spans.ts';
export type { SpanOptions } from './spans.ts';
export { startTelemetry } from './start-telemetry.ts';
export type { Telemetry, TelemetryConfig, TelemetryOptions } from './start-telemetry.ts';
