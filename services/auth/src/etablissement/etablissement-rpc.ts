import type { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { unauthenticated } from '@mediai/kit/errors';
import type { Handlers } from '@mediai/kit/grpc';
import type { createGetEtablissement } from './get-etablissement.ts';

/** Messages <-> use cases about établissements. */
export function createEtablissementHandlers({ getEtablissement }: { getEtablissement: ReturnType<typeof createGetEtablissement> }) {
  return {
    getEtablissement: async (request, { acteur }) => {
      if (!acteur) throw unauthenticated();
      const { id, nom, telephoneUrgence, fuseau, consentementIa } = await getEtablissement(acteur, request.id);
      return { id, nom, telephoneUrgence: telephoneUrgence ?? undefined, fuseau, consentementIa };
    },
  } satisfies Handlers<typeof AuthService>;
}
