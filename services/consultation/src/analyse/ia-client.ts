import type { IaService } from '@mediai/contracts/ia/v1/ia_service';
import type { GrpcClient } from '@mediai/kit/grpc';
import type { LireAnalyse } from '../fiche/validate-fiche.ts';

/** Asks ia for an analysis, as this service. */
export function createLireAnalyse({ client, jetonDeService }: { client: GrpcClient<typeof IaService>; jetonDeService: () => Promise<string> }): LireAnalyse {
  return async (id) => {
    const { ficheId, etat, synthese, urgenceIa } = await client.getAnalyse({ id }, { token: await jetonDeService() });
    return { id, ficheId, etat, synthese: synthese ?? null, urgenceIa: urgenceIa ?? null };
  };
}
