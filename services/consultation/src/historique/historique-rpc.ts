import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { DossierService } from '@mediai/contracts/consultation/v1/dossier_service';
import type { Handlers } from '@mediai/kit/grpc';
import { lecture } from '../fiche/demande-rpc.ts';
import type { ChampChange } from './lecture-historique.ts';
import type { createListHistorique } from './list-historique.ts';

export type HistoriqueUseCases = { listHistorique: ReturnType<typeof createListHistorique> };

/** Messages <-> the history of a fiche. */
export function createHistoriqueRpc({ listHistorique }: HistoriqueUseCases) {
  return {
    listHistorique: async (request, ctx) => {
      const { changements, count, countExact } = await listHistorique({ ...lecture(request, ctx), page: request.page, pageSize: request.pageSize });
      const lignes = changements.map(({ version, le, acteurId, username, nom, acteurRole, action, champs }) => ({
        version, le: timestampFromDate(le), acteurId: acteurId ?? undefined, acteurUsername: username, acteurNom: nom, acteurRole: acteurRole.replace(/:.*$/, ''), action, champs: champs.map(champMessage),
      }));
      return { changements: lignes, count, countExact };
    },
  } satisfies Handlers<typeof DossierService>;
}

const champMessage = ({ champ, libelle, valeurs }: ChampChange) => ({ champ, libelle, ...(valeurs ? { avant: JSON.stringify(valeurs.avant), apres: JSON.stringify(valeurs.apres) } : {}) });
