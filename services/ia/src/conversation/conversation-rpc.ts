import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { IaService } from '@mediai/contracts/ia/v1/ia_service';
import { acteurOf, type CallContext, type Handlers } from '@mediai/kit/grpc';
import { apercu, titreDe, type Message } from './conversation.ts';
import type { Demandeur } from './open-conversation.ts';
import type { ConversationVue, ReadConversations } from './read-conversations.ts';

type Methods = 'listConversations' | 'getConversation' | 'listConversationMessages' | 'listMessages' | 'getMessage';

/** Message <-> domain of the methods about conversations and messages. */
export function conversationRpc(read: ReadConversations): Pick<Handlers<typeof IaService>, Methods> {
  return {
    async listConversations({ page, pageSize, fiche }, context) {
      const { conversations, ...compte } = await read.listConversations(toDemandeur(context), { page, pageSize }, fiche);
      return { conversations: conversations.map(toConversation), ...compte };
    },
    async getConversation({ id }, context) {
      const { conversation, messages } = await read.getConversation(toDemandeur(context), id);
      return { conversation: { ...toConversation(conversation), messages: messages.map(toMessage) } };
    },
    async listConversationMessages({ conversationId }, context) {
      return { messages: (await read.listConversationMessages(toDemandeur(context), conversationId)).map(toMessage) };
    },
    async listMessages({ page, pageSize }, context) {
      const { messages, ...compte } = await read.listMessages(toDemandeur(context), { page, pageSize });
      return { messages: messages.map(toMessage), ...compte };
    },
    async getMessage({ id }, context) {
      return { message: toMessage(await read.getMessage(toDemandeur(context), id)) };
    },
  };
}

const toDemandeur = (context: CallContext): Demandeur => ({ acteur: acteurOf(context), motif: context.accessReason });

function toConversation(vue: ConversationVue) {
  const { id, nom, user, ficheId, ficheNumero, createdAt, updatedAt, messagesCount, firstMessage } = vue;
  return {
    id, nom, titre: titreDe(vue), user, fiche: ficheId, ficheNumero, createdAt: timestampFromDate(createdAt), updatedAt: timestampFromDate(updatedAt),
    messagesCount, firstMessage: firstMessage === undefined ? undefined : apercu(firstMessage),
  };
}

const toMessage = ({ id, conversationId, role, content, timestamp, analyseId }: Message) =>
  ({ id, conversation: conversationId, role, content, timestamp: timestampFromDate(timestamp), analyseId });
