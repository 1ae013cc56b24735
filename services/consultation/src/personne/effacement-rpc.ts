import { create, fromBinary, toBinary, type DescMessage, type DescMethod, type Message, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AcceptEffacementResponseSchema, CreateEffacementResponseSchema, EffacementService, RejectEffacementResponseSchema, type EffacementSchema } from '@mediai/contracts/consultation/v1/effacement_service';
import type { Compte } from '@mediai/kit/page';
import { acteurOf, type CallContext, type Handlers } from '@mediai/kit/grpc';
import type { CleEffacement, createCreateEffacement } from './create-effacement.ts';
import type { DecideEffacement, ReponseEffacement } from './decide-effacement.ts';
import type { ListEffacements } from './list-effacements.ts';
import type { VueEffacement } from './vue-effacement.ts';

export type EffacementUseCases = { createEffacement: ReturnType<typeof createCreateEffacement>; listEffacements: ListEffacements; decideEffacement: DecideEffacement };

const instant = (date: Date | null) => (date === null ? undefined : timestampFromDate(date));

const versMessage = ({ demande, userName }: VueEffacement): MessageInitShape<typeof EffacementSchema> => ({
  id: demande.id, user: demande.user_id, userName, motif: demande.motif ?? undefined, statut: demande.statut, demandeLe: timestampFromDate(demande.demande_le),
  decidePar: demande.decide_par ?? undefined, decideLe: instant(demande.decide_le), motifRefus: demande.motif_refus ?? undefined, effaceLe: instant(demande.efface_le), fiches: demande.fiches ?? undefined,
});
const versPage = ({ vues, count, countExact }: { vues: VueEffacement[] } & Compte) => ({ effacements: vues.map(versMessage), count, countExact });

type Methode = 'createEffacement' | 'acceptEffacement' | 'rejectEffacement';

/** The Idempotency-Key of a call; undefined without one. */
function cleDe(methode: Methode, request: Message, { idempotencyKey: cle }: CallContext): CleEffacement | undefined {
  if (cle === undefined) return undefined;
  const { name, input, output }: DescMethod = EffacementService.method[methode];
  return { route: name, cle, corps: toBinary(input, request), ecrire: (vue) => toBinary(output, create(output, { effacement: versMessage(vue) } as MessageInitShape<typeof output>)) };
}

const enReponse = <S extends DescMessage>(schema: S, reponse: ReponseEffacement): MessageInitShape<S> =>
  ('vue' in reponse ? { effacement: versMessage(reponse.vue) } : fromBinary(schema, reponse.rejouee)) as MessageInitShape<S>;

/** Messages <-> use cases about requests to erase. */
export function createEffacementRpc({ createEffacement, listEffacements, decideEffacement }: EffacementUseCases) {
  return {
    createEffacement: async (request, ctx) => {
      const reponse = await createEffacement({ acteur: acteurOf(ctx), motif: request.motif, idempotence: cleDe('createEffacement', request, ctx) });
      return { ...enReponse(CreateEffacementResponseSchema, reponse), replayed: 'rejouee' in reponse };
    },
    listMesEffacements: async (request, ctx) => versPage(await listEffacements.siennes(acteurOf(ctx), request)),
    listEffacements: async ({ statut: statuts, page, pageSize }, ctx) => versPage(await listEffacements.deLEtablissement(acteurOf(ctx), { statuts, page, pageSize })),
    acceptEffacement: async (request, ctx) =>
      enReponse(AcceptEffacementResponseSchema, await decideEffacement.accepter({ acteur: acteurOf(ctx), id: request.id, idempotence: cleDe('acceptEffacement', request, ctx) })),
    rejectEffacement: async (request, ctx) =>
      enReponse(RejectEffacementResponseSchema, await decideEffacement.refuser({ acteur: acteurOf(ctx), id: request.id, motif: request.motif, idempotence: cleDe('rejectEffacement', request, ctx) })),
  } satisfies Handlers<typeof EffacementService>;
}
