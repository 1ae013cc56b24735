import type { WebhookEvent } from '../generated/prisma/client.ts';
import type { EventType, ProcessingStatus, Webhook } from './webhook.ts';

export type WebhookRow = WebhookEvent;

/** A row of `webhook_event` as the domain reads it. */
export function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id, eventType: row.event_type as EventType, externalId: row.external_id, senderPhone: row.sender_phone, recipientPhone: row.recipient_phone, content: row.content,
    rawPayload: row.raw_payload as Record<string, unknown>, processingStatus: row.processing_status as ProcessingStatus, processingError: row.processing_error,
    relatedUserId: row.related_user_id, relatedFicheId: row.related_fiche_id, createdMessageId: row.created_message_id, etablissementId: row.etablissement_id, createdBy: row.created_by,
    attempts: row.attempts, traceparent: row.traceparent, receivedAt: row.received_at, processedAt: row.processed_at,
  };
}
