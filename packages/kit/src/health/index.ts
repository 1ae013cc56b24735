export { healthMethod, implementHealth } from './implement-health.ts';
export { runChecks, startInternalServer } from './start-internal-server.ts';
export type { Checks, CheckState, InternalServer, InternalServerOptions } from './start-internal-server.ts';
