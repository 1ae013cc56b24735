import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';
import { EVENT_TYPES, PROCESSING_STATUSES, webhookJson } from '../wire/webhook-json.ts';

const BASE = '/api/v1/webhooks/';
const WEBHOOK = { $ref: 'WebhookEvent#' };

type ListQuery = PageQuery & { status?: string; event_type?: string };
interface Written {
  readonly event_type: string;
  readonly external_id: string;
  readonly sender_phone: string;
  readonly recipient_phone: string;
  readonly content: string;
  readonly raw_payload?: Record<string, unknown> | null;
}

/** What Twilio told, as médecins and admins read it: `/api/v1/webhooks/…`. */
export function addWebhookRoutes(app: FastifyInstance, { webhooks }: Deps): void {
  const route = protectedRoute('Notifications');

  const filters = { status: { type: 'string', maxLength: 30, description: PROCESSING_STATUSES.join(', ') }, event_type: { type: 'string', maxLength: 30, description: EVENT_TYPES.join(', ') } };
  app.get<{ Querystring: ListQuery }>(BASE, route('Lister les événements de Twilio', 'medecin', { description: "Pour un médecin ceux des fiches qu'il suit ; pour un administrateur ceux de l'établissement.", querystring: { type: 'object', properties: { ...pageQuery, ...filters } }, response: { 200: pageSchema(WEBHOOK), ...problems(400, 401, 403, 503) } }), async (request) => {
    const { status, event_type: eventType } = request.query;
    const asked = readPage(request.query);
    const list = await webhooks.listWebhookEvents({ status: status || undefined, eventType: eventType || undefined, ...asked }, callOptions(request));
    return toPage(request, asked, list, list.events.map(webhookJson));
  });

  app.get<{ Params: { id: number } }>(`${BASE}:id/`, route('Lire un événement de Twilio', 'medecin', { params: idParams, response: { 200: WEBHOOK, ...problems(401, 403, 404, 503) } }), async (request) => {
    const { event } = await webhooks.getWebhookEvent({ id: request.params.id }, callOptions(request));
    return webhookJson(present(event));
  });

  const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
  const written = {
    type: 'object',
    properties: { event_type: { type: 'string', enum: EVENT_TYPES }, external_id: text(255), sender_phone: text(30), recipient_phone: text(30), content: text(4096), raw_payload: { type: ['object', 'null'], additionalProperties: true } },
    required: ['event_type', 'external_id', 'sender_phone', 'recipient_phone', 'content'],
    examples: [{ event_type: 'sms_incoming', external_id: 'SM5ef8732a3c49700934481addd5ce1659', sender_phone: '+243810000001', recipient_phone: '+14155238886', content: 'La fièvre est revenue cette nuit.' }],
  };
  app.post<{ Body: Written }>(BASE, route('Écrire un événement, ou en faire reprendre un', 'admin', { description: "Il est traité comme ceux de Twilio, dans l'établissement de l'administrateur ; un événement du même message qui avait échoué est repris.", body: written, response: { 201: WEBHOOK, ...problems(400, 401, 403, 409, 422) } }), async (request, reply) => {
    const { event_type: eventType, external_id: externalId, sender_phone: senderPhone, recipient_phone: recipientPhone, content, raw_payload: payload } = request.body;
    const { event, replayed } = await webhooks.createWebhookEvent({ eventType, externalId, senderPhone, recipientPhone, content, rawPayload: payload ? JSON.stringify(payload) : '' }, callOptions(request));
    if (replayed) reply.header('idempotent-replayed', 'true');
    const created = present(event);
    reply.code(201).header('location', `${BASE}${created.id}/`);
    return webhookJson(created);
  });
}
