import { toAppError } from '@mediai/kit/errors';
import { lirePage, type Compte, type Page } from '@mediai/kit/page';
import { exiger, porteeDe } from '../acces/acces.ts';
import { messageIntrouvable, type Conversation, type Message, type UserCourt } from './conversation.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { Demandeur, OpenConversation, OpenPage } from './open-conversation.ts';

export type ConversationVue = Conversation & { user: UserCourt | undefined };

export type ReadConversationsDeps = {
  store: Pick<ConversationStore, 'list' | 'messagesOf' | 'listMessages' | 'findMessage' | 'users'>;
  open: OpenConversation;
  openPage: OpenPage;
  /** Asks auth for users that are not known here yet, all at once; those it cannot name are left out. */
  fetchUsers: (ids: readonly number[]) => Promise<Map<number, UserCourt>>;
};

/** Everything that is read of conversations; each answer holds only what its reader may see. */
export function createReadConversations({ store, open, openPage, fetchUsers }: ReadConversationsDeps) {
  async function withUsers(conversations: readonly Conversation[]): Promise<ConversationVue[]> {
    const ids = [...new Set(conversations.flatMap((c) => (c.userId === undefined ? [] : [c.userId])))];
    const connus = await store.users(ids);
    const inconnus = ids.filter((id) => !connus.has(id));
    const demandes = inconnus.length > 0 ? await fetchUsers(inconnus) : new Map<number, UserCourt>();
    const nommer = (id: number): UserCourt => connus.get(id) ?? demandes.get(id) ?? { id, username: '', firstName: '', lastName: '', role: '', isStaff: false };
    return conversations.map((c) => ({ ...c, user: c.userId === undefined ? undefined : nommer(c.userId) }));
  }

  return {
    /** @throws AppError forbidden, invalid for the page, unavailable while others' must be judged and cannot be */
    async listConversations({ acteur }: Demandeur, page: Page, ficheId: number | undefined): Promise<{ conversations: ConversationVue[] } & Compte> {
      exiger(acteur, 'lister');
      const { conversations, ...compte } = await store.list(porteeDe(acteur), lirePage(page), ficheId);
      const montrees = await openPage(acteur, conversations);
      return { conversations: await withUsers(conversations.filter(({ id }) => montrees.has(id))), ...compte };
    },

    /** One with its messages, oldest first. @throws AppError as `open` */
    async getConversation(demandeur: Demandeur, id: number): Promise<{ conversation: ConversationVue; messages: Message[] }> {
      const { conversation, portee } = await open(demandeur, id);
      const [[vue], messages] = await Promise.all([withUsers([conversation]), store.messagesOf(portee, id)]);
      return { conversation: vue as ConversationVue, messages };
    },

    /** @throws AppError as `open` */
    async listConversationMessages(demandeur: Demandeur, id: number): Promise<Message[]> {
      const { portee } = await open(demandeur, id);
      return store.messagesOf(portee, id);
    },

    /** @throws AppError as `listConversations` */
    async listMessages({ acteur }: Demandeur, page: Page): Promise<{ messages: Message[] } & Compte> {
      exiger(acteur, 'lister');
      const { messages, conversations, ...compte } = await store.listMessages(porteeDe(acteur), lirePage(page));
      const montrees = await openPage(acteur, conversations);
      return { messages: messages.filter(({ conversationId }) => montrees.has(conversationId)), ...compte };
    },

    /** @throws AppError not_found, the same for one that is missing and one that is not theirs; else as `open` for its conversation */
    async getMessage(demandeur: Demandeur, id: number): Promise<Message> {
      exiger(demandeur.acteur, 'lire');
      const message = await store.findMessage(porteeDe(demandeur.acteur), id);
      if (!message) throw messageIntrouvable();
      await open(demandeur, message.conversationId).catch((thrown: unknown) => {
        throw toAppError(thrown).kind === 'not_found' ? messageIntrouvable() : thrown;
      });
      return message;
    },
  };
}

export type ReadConversations = ReturnType<typeof createReadConversations>;
