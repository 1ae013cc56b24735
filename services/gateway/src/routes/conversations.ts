import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { callOptions } from '../wire/call-options.ts';
import { conversationJson, messageJson } from '../wire/conversation-json.ts';
import { pageQuery, pageSchema, readPage, toPage, type PageQuery } from '../wire/page.ts';
import { present } from '../wire/present.ts';
import { idParams, problems, protectedRoute } from '../wire/route-schema.ts';

type Id = { Params: { id: number } };

/** Conversations and messages, for reading. */
export function addConversationRoutes(app: FastifyInstance, { ia }: Deps): void {
  const route = protectedRoute('Conversations');
  const conversation = { $ref: 'Conversation#' };
  const message = { $ref: 'MessageIA#' };

  const fiche = { type: 'integer', minimum: 1, maximum: 2_147_483_647, description: 'Seulement la conversation de cette fiche.' };
  app.get<{ Querystring: PageQuery & { fiche?: number } }>('/api/v1/conversations/', route('Lister les conversations', 'actif', { querystring: { type: 'object', properties: { ...pageQuery, fiche } }, response: { 200: pageSchema(conversation), ...problems(400, 401, 403) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await ia.listConversations({ ...asked, fiche: request.query.fiche }, callOptions(request));
    return toPage(request, asked, list, list.conversations.map((one) => conversationJson(one, false)));
  });

  app.get<Id>('/api/v1/conversations/:id/', route('Lire une conversation', 'actif', { params: idParams, response: { 200: conversation, ...problems(401, 403, 404) } }), async (request) => {
    const { conversation: found } = await ia.getConversation({ id: request.params.id }, callOptions(request));
    return conversationJson(present(found), true);
  });

  app.get<Id>('/api/v1/conversations/:id/messages/', route("Lire les messages d'une conversation", 'actif', { params: idParams, response: { 200: { type: 'array', items: message }, ...problems(401, 403, 404) } }), async (request) => {
    const { messages } = await ia.listConversationMessages({ conversationId: request.params.id }, callOptions(request));
    return messages.map(messageJson);
  });

  app.get<{ Querystring: PageQuery }>('/api/v1/messages/', route('Lister les messages', 'actif', { querystring: { type: 'object', properties: pageQuery }, response: { 200: pageSchema(message), ...problems(400, 401, 403) } }), async (request) => {
    const asked = readPage(request.query);
    const list = await ia.listMessages(asked, callOptions(request));
    return toPage(request, asked, list, list.messages.map(messageJson));
  });

  app.get<Id>('/api/v1/messages/:id/', route('Lire un message', 'actif', { params: idParams, response: { 200: message, ...problems(401, 403, 404) } }), async (request) => {
    const { message: found } = await ia.getMessage({ id: request.params.id }, callOptions(request));
    return messageJson(present(found));
  });
}
