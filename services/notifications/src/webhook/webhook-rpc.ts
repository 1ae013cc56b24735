import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { CreateWebhookEventRequestSchema, CreateWebhookEventResponseSchema, type WebhookEventSchema, type WebhookService } from '@mediai/contracts/notifications/v1/webhook_service';
import { acteurOf, type Handlers } from '@mediai/kit/grpc';
import type { CreateWebhook } from './create-webhook.ts';
import type { ReadWebhooks } from './read-webhooks.ts';
import type { TakeCallback } from './take-callback.ts';
import type { Cree, WebhookNomme } from './webhook-store.ts';

export type WebhookUseCases = { takeCallback: TakeCallback; readWebhooks: ReadWebhooks; createWebhook: CreateWebhook };

function versMessage(webhook: WebhookNomme): MessageInitShape<typeof WebhookEventSchema> {
  const { id, eventType, externalId, senderPhone, recipientPhone, content, processingStatus, relatedUserName, relatedFicheNumber } = webhook;
  return {
    id, eventType, externalId, senderPhone, recipientPhone, content, processingStatus, relatedUserName, relatedFicheNumber,
    rawPayload: JSON.stringify(webhook.rawPayload),
    processingError: webhook.processingError ?? undefined,
    relatedUserId: webhook.relatedUserId ?? undefined,
    relatedFicheId: webhook.relatedFicheId ?? undefined,
    createdMessageId: webhook.createdMessageId ?? undefined,
    receivedAt: timestampFromDate(webhook.receivedAt),
    ...(webhook.processedAt ? { processedAt: timestampFromDate(webhook.processedAt) } : {}),
  };
}

const creation = ({ webhook, replayed }: Cree): MessageInitShape<typeof CreateWebhookEventResponseSchema> => ({ event: versMessage(webhook), replayed });

/** Events of the provider, from message to command and back. */
export function createWebhookHandlers({ takeCallback, readWebhooks, createWebhook }: WebhookUseCases) {
  return {
    async takeTwilioCallback({ canal, parametres, signature }) {
      await takeCallback({ canal, parametres, signature });
      return {};
    },
    async listWebhookEvents({ status, eventType, page, pageSize }, context) {
      const { webhooks, count, countExact } = await readWebhooks.list(acteurOf(context), { status, eventType, page, pageSize });
      return { events: webhooks.map(versMessage), count, countExact };
    },
    getWebhookEvent: async ({ id }, context) => ({ event: versMessage(await readWebhooks.get(acteurOf(context), id, context.accessReason)) }),
    async createWebhookEvent(request, context) {
      const acteur = acteurOf(context);
      const ecrire = (cree: Cree): Uint8Array => toBinary(CreateWebhookEventResponseSchema, create(CreateWebhookEventResponseSchema, creation(cree)));
      const cle = context.idempotencyKey;
      const idempotence = cle === undefined ? undefined : { acteurId: acteur.id, route: 'CreateWebhookEvent', cle, corps: toBinary(CreateWebhookEventRequestSchema, request), ecrire };
      const reponse = await createWebhook(acteur, request, idempotence);
      return 'rejouee' in reponse ? fromBinary(CreateWebhookEventResponseSchema, reponse.rejouee) : creation(reponse);
    },
  } satisfies Handlers<typeof WebhookService>;
}
