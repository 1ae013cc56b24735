import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { AuthService, type ConsentementSchema } from '@mediai/contracts/auth/v1/auth_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import { createAnswer } from '../idempotence/idempotence-rpc.ts';
import type { Consentement } from './consentement.ts';
import type { createGetConsentement, createGiveConsentement, createListConsentements, createWithdrawConsentement } from './consentements.ts';

export type ConsentementUseCases = {
  listConsentements: ReturnType<typeof createListConsentements>;
  giveConsentement: ReturnType<typeof createGiveConsentement>;
  withdrawConsentement: ReturnType<typeof createWithdrawConsentement>;
  getConsentement: ReturnType<typeof createGetConsentement>;
};

const given = createAnswer(AuthService.method.giveConsentement, (consentement: Consentement) => ({ consentement: toMessage(consentement) }));

/** Messages <-> use cases about consents. */
export function createConsentementHandlers({ listConsentements, giveConsentement, withdrawConsentement, getConsentement }: ConsentementUseCases) {
  return {
    listConsentements: async (request, ctx) => {
      const { consentements, ...counted } = await listConsentements(acteurOf(ctx), request);
      return { consentements: consentements.map(toMessage), ...counted };
    },
    giveConsentement: async (request, ctx) => given.read(await giveConsentement(acteurOf(ctx), request, given.key(request, ctx))),
    withdrawConsentement: async ({ finalite }, ctx) => {
      await withdrawConsentement(acteurOf(ctx), finalite);
      return {};
    },
    getConsentement: ({ userId, finalite }, ctx) => getConsentement(acteurOf(ctx), userId, finalite),
  } satisfies Handlers<typeof AuthService>;
}

function toMessage({ id, finalite, version, accordeLe, retireLe }: Consentement): MessageInitShape<typeof ConsentementSchema> {
  return { id, finalite, version, accordeLe: accordeLe ? timestampFromDate(accordeLe) : undefined, retireLe: retireLe ? timestampFromDate(retireLe) : undefined };
}
