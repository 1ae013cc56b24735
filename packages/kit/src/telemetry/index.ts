export { currentAdresse, currentRequestId, runWithRequest } from './request-context.ts';
export type { RequestContext } from './request-context.ts';
export { currentTrace, currentTraceparent, runWithTraceparent, withSpan } from './spans.ts';
export type { SpanOptions } from './spans.ts';
export { startTelemetry } from './start-telemetry.ts';
export type { Telemetry, TelemetryOptions } from './start-telemetry.ts';
