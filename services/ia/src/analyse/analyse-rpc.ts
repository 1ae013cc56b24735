import type { IaService } from '@mediai/contracts/ia/v1/ia_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import type { createGetAnalyse } from './get-analyse.ts';

/** Message <-> domain of the method about analyses. */
export function analyseRpc(getAnalyse: ReturnType<typeof createGetAnalyse>): Pick<Handlers<typeof IaService>, 'getAnalyse'> {
  return {
    getAnalyse: async ({ id }, context) => getAnalyse(acteurOf(context), id),
  };
}
