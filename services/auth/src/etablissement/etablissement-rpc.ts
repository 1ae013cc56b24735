import type { MessageInitShape } from '@bufbuild/protobuf';
import { AuthService, type EtablissementSchema } from '@mediai/contracts/auth/v1/auth_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { createAnswer } from '../idempotence/idempotence-rpc.ts';
import type { createCreateEtablissement, createDeleteEtablissement, createUpdateEtablissement } from './change-etablissement.ts';
import type { Etablissement } from './etablissement.ts';
import type { createGetEtablissement, createListEtablissements } from './get-etablissement.ts';

export type EtablissementUseCases = {
  getEtablissement: ReturnType<typeof createGetEtablissement>;
  listEtablissements: ReturnType<typeof createListEtablissements>;
  createEtablissement: ReturnType<typeof createCreateEtablissement>;
  updateEtablissement: ReturnType<typeof createUpdateEtablissement>;
  deleteEtablissement: ReturnType<typeof createDeleteEtablissement>;
};

const created = createAnswer(AuthService.method.createEtablissement, (etablissement: Etablissement) => ({ etablissement: toMessage(etablissement) }));

/** Messages <-> use cases about établissements. */
export function createEtablissementHandlers(cases: EtablissementUseCases) {
  return {
    getEtablissement: async ({ id }, ctx) => {
      const etablissement = await cases.getEtablissement(acteurOf(ctx), id);
      const { nom, telephoneUrgence, fuseau, consentementIa } = etablissement;
      return { id, nom, telephoneUrgence: telephoneUrgence ?? undefined, fuseau, consentementIa, etablissement: toMessage(etablissement) };
    },
    listEtablissements: async (request, ctx) => {
      const { etablissements, ...counted } = await cases.listEtablissements(acteurOf(ctx), request);
      return { etablissements: etablissements.map(toMessage), ...counted };
    },
    createEtablissement: async (request, ctx) => created.read(await cases.createEtablissement(acteurOf(ctx), request.etablissement ?? {}, created.key(request, ctx))),
    updateEtablissement: async ({ id, etablissement }, ctx) => ({ etablissement: toMessage(await cases.updateEtablissement(acteurOf(ctx), id, etablissement ?? {})) }),
    deleteEtablissement: async ({ id }, ctx) => {
      await cases.deleteEtablissement(acteurOf(ctx), id);
      return {};
    },
  } satisfies Handlers<typeof AuthService>;
}

function toMessage({ id, nom, telephoneUrgence, fuseau, consentementIa, textes, version }: Etablissement): MessageInitShape<typeof EtablissementSchema> {
  return { id, nom, telephoneUrgence: telephoneUrgence ?? undefined, fuseau, consentementIa, textes, version };
}
