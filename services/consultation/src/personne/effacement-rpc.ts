import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { CreateEffacementRequestSchema, CreateEffacementResponseSchema, type EffacementSchema, type EffacementService } from '@mediai/contracts/consultation/v1/effacement_service';
import type { Compte } from '@mediai/kit/page';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import type { createCreateEffacement } from './create-effacement.ts';
import type { DecideEffacement } from './decide-effacement.ts';
import type { ListEffacements } from './list-effacements.ts';
import type { VueEffacement } from './vue-effacement.ts';

export type EffacementUseCases = { createEffacement: ReturnType<typeof createCreateEffacement>; listEffacements: ListEffacements; decideEffacement: DecideEffacement };

const instant = (date: Date | null) => (date === null ? undefined : timestampFromDate(date));

const versMessage = ({ demande, userName }: VueEffacement): MessageInitShape<typeof EffacementSchema> => ({
  id: demande.id, user: demande.user_id, userName, motif: demande.motif ?? undefined, statut: demande.statut, demandeLe: timestampFromDate(demande.demande_le),
  decidePar: demande.decide_par ?? undefined, decideLe: instant(demande.decide_le), motifRefus: demande.motif_refus ?? undefined, effaceLe: instant(demande.efface_le), fiches: demande.fiches ?? undefined,
});
const versPage = ({ vues, count, countExact }: { vues: VueEffacement[] } & Compte) => ({ effacements: vues.map(versMessage), count, countExact });
const ecrire = (vue: VueEffacement): Uint8Array => toBinary(CreateEffacementResponseSchema, create(CreateEffacementResponseSchema, { effacement: versMessage(vue) }));

/** Messages <-> use cases about requests to erase. */
export function createEffacementRpc({ createEffacement, listEffacements, decideEffacement }: EffacementUseCases) {
  return {
    createEffacement: async (request, ctx) => {
      const cle = ctx.idempotencyKey;
      const idempotence = cle === undefined ? undefined : { route: 'CreateEffacement', cle, corps: toBinary(CreateEffacementRequestSchema, request), ecrire };
      const reponse = await createEffacement({ acteur: acteurOf(ctx), motif: request.motif, idempotence });
      if ('vue' in reponse) return { effacement: versMessage(reponse.vue) };
      return { ...fromBinary(CreateEffacementResponseSchema, reponse.rejouee), replayed: true } as MessageInitShape<typeof CreateEffacementResponseSchema>;
    },
    listMesEffacements: async (request, ctx) => versPage(await listEffacements.siennes(acteurOf(ctx), request)),
    listEffacements: async ({ statut: statuts, page, pageSize }, ctx) => versPage(await listEffacements.deLEtablissement(acteurOf(ctx), { statuts, page, pageSize })),
    acceptEffacement: async ({ id }, ctx) => ({ effacement: versMessage(await decideEffacement.accepter({ acteur: acteurOf(ctx), id })) }),
    rejectEffacement: async ({ id, motif }, ctx) => ({ effacement: versMessage(await decideEffacement.refuser({ acteur: acteurOf(ctx), id, motif })) }),
  } satisfies Handlers<typeof EffacementService>;
}
