import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import type { Handlers } from '@mediai/kit/grpc';
import { lecture } from '../fiche/demande-rpc.ts';
import type { createListAccesFiche } from './list-acces-fiche.ts';

export type AccesUseCases = { listAccesFiche: ReturnType<typeof createListAccesFiche> };

/** Messages <-> the openings of a dossier. */
export function createAccesRpc({ listAccesFiche }: AccesUseCases) {
  return {
    listAccesFiche: async (request, ctx) => {
      const { acces, count, countExact } = await listAccesFiche({ ...lecture(request, ctx), page: request.page, pageSize: request.pageSize });
      const lignes = acces.map(({ id, le, acteurId, username, nom, acteurRole, action, raison }) => ({
        id, le: timestampFromDate(le), acteurId: acteurId ?? undefined, acteurUsername: username, acteurNom: nom, acteurRole: acteurRole.replace(/:.*$/, ''), action, raison: raison ?? undefined,
      }));
      return { acces: lignes, count, countExact };
    },
  } satisfies Handlers<typeof FicheService>;
}
