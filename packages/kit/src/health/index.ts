export { healthMethod, implementHealth } from './implement-health.ts';
export { createReadiness } from './readiness.ts';
export type { Readiness } from './readiness.ts';
export { runChecks, startInternalServer } from './start-internal-server.ts';
export type { Checks, CheckState, InternalServer, InternalServerOptions } from './start-internal-server.ts';
