import type { Conversation, MessageIa } from '@mediai/contracts/ia/v1/ia_service';
import { toIso } from './instant.ts';

const ROLES: Record<string, string> = { user: 'Utilisateur', gpt4: 'GPT-4', claude: 'Claude 3', gemini: 'Gemini Pro', synthese: 'Synthèse Finale' };

/** A message of a conversation as JSON. */
export function messageJson(message: MessageIa) {
  return {
    id: message.id,
    conversation: message.conversation,
    role: message.role,
    role_display: ROLES[message.role] ?? message.role,
    content: message.content,
    timestamp: toIso(message.timestamp),
    analyse: message.analyseId ?? null,
  };
}

/** A conversation as JSON; `messages` only in detail. */
export function conversationJson(conversation: Conversation, detail: boolean) {
  const { user } = conversation;
  return {
    id: conversation.id,
    nom: conversation.nom ?? null,
    titre: conversation.titre,
    user: user ? { id: user.id, username: user.username, first_name: user.firstName, last_name: user.lastName, email: null, role: user.role, is_staff: user.isStaff } : null,
    fiche: conversation.fiche ?? null,
    fiche_numero: conversation.ficheNumero ?? null,
    created_at: toIso(conversation.createdAt),
    updated_at: toIso(conversation.updatedAt),
    messages_count: conversation.messagesCount,
    first_message: conversation.firstMessage ?? null,
    ...(detail ? { messages: conversation.messages.map(messageJson) } : {}),
  };
}

/** Schema of a message as answered. */
export const messageSchema = {
  $id: 'MessageIA',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    conversation: { type: 'integer' },
    role: { type: 'string', enum: Object.keys(ROLES) },
    role_display: { type: 'string' },
    content: { type: 'string' },
    timestamp: { type: ['string', 'null'] },
    analyse: { type: ['integer', 'null'] },
  },
} as const;

/** Schema of a conversation as answered. */
export const conversationSchema = {
  $id: 'Conversation',
  type: 'object',
  properties: {
    id: { type: 'integer' },
    nom: { type: ['string', 'null'] },
    titre: { type: 'string' },
    user: { type: ['object', 'null'], additionalProperties: true },
    fiche: { type: ['integer', 'null'] },
    fiche_numero: { type: ['string', 'null'] },
    created_at: { type: ['string', 'null'] },
    updated_at: { type: ['string', 'null'] },
    messages_count: { type: 'integer' },
    first_message: { type: ['string', 'null'] },
    messages: { type: 'array', items: { $ref: 'MessageIA#' } },
  },
} as const;
