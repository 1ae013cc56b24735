import type { WebhookEvent } from '@mediai/contracts/notifications/v1/webhook_service';
import { toIso } from './instant.ts';

const TYPES = { whatsapp_incoming: 'WhatsApp Entrant', sms_incoming: 'SMS Entrant', whatsapp_status: 'Statut WhatsApp', sms_status: 'Statut SMS' } as const;
const STATUSES = { pending: 'En attente', processed: 'Traité', failed: 'Échec', ignored: 'Ignoré' } as const;

export const EVENT_TYPES = Object.keys(TYPES);
export const PROCESSING_STATUSES = Object.keys(STATUSES);

const labelOf = (labels: Readonly<Record<string, string>>, value: string): string => labels[value] ?? value;

/** An event of Twilio as JSON under the contract's names. */
export const webhookJson = (event: WebhookEvent) => ({
  id: event.id,
  event_type: event.eventType,
  event_type_display: labelOf(TYPES, event.eventType),
  external_id: event.externalId,
  sender_phone: event.senderPhone,
  recipient_phone: event.recipientPhone,
  content: event.content,
  raw_payload: JSON.parse(event.rawPayload || '{}') as Record<string, unknown>,
  processing_status: event.processingStatus,
  processing_status_display: labelOf(STATUSES, event.processingStatus),
  processing_error: event.processingError ?? null,
  related_user: event.relatedUserId ?? null,
  related_user_name: event.relatedUserName || null,
  related_fiche: event.relatedFicheId ?? null,
  related_fiche_number: event.relatedFicheNumber || null,
  created_message: event.createdMessageId ?? null,
  received_at: toIso(event.receivedAt),
  processed_at: toIso(event.processedAt),
});

const id = { type: ['integer', 'null'] };

/** Schema of an event as answered. */
export const webhookSchema = {
  $id: 'WebhookEvent',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    event_type: { type: 'string', enum: EVENT_TYPES },
    event_type_display: { type: 'string', examples: ['WhatsApp Entrant'] },
    external_id: { type: 'string', description: 'Le MessageSid de Twilio.' },
    sender_phone: { type: 'string', examples: ['+243810000001'] },
    recipient_phone: { type: 'string' },
    content: { type: 'string', description: "Le texte reçu, ou l'état annoncé ; le texte est effacé après un temps configuré." },
    raw_payload: { type: 'object', additionalProperties: true },
    processing_status: { type: 'string', enum: PROCESSING_STATUSES },
    processing_status_display: { type: 'string', examples: ['Traité'] },
    processing_error: { type: ['string', 'null'], description: 'Code stable.', examples: ['telephone.inconnu'] },
    related_user: id,
    related_user_name: { type: ['string', 'null'] },
    related_fiche: id,
    related_fiche_number: { type: ['string', 'null'] },
    created_message: id,
    received_at: { type: ['string', 'null'], format: 'date-time' },
    processed_at: { type: ['string', 'null'], format: 'date-time' },
  },
} as const;
