import { HealthService } from '@mediai/contracts/health/v1/health_service';
// implement.ts alone: a process that only asks for probes does not load grpc-js.
import { implement, type Implementation } from '../grpc/implement.ts';
import { runChecks, type Checks } from './start-internal-server.ts';

/** Full name of the method, to be listed among a server's public methods. */
export const healthMethod = 'mediai.health.v1.HealthService/GetChecks';

/** The service's own word about its parts over gRPC, from which the gateway makes `/api/health/`. */
export function implementHealth(checks: Checks): Implementation {
  return implement(HealthService, { getChecks: async () => ({ checks: await runChecks(checks) }) });
}
