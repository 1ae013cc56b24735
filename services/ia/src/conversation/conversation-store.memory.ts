import { contient, estVisible, type Portee } from '../acces/acces.ts';
import { apercu, COMPTE_MAX, enCompte, type Conversation, type Message, type Page, type UserCourt } from './conversation.ts';
import type { Acces, ConversationStore } from './conversation-store.ts';

export type ConversationMemoire = {
  id: number; nom?: string; userId?: number; etablissementId: number;
  fiche?: { id: number; numeroDossier: string; assignedMedecinId?: number; deleted: boolean; publishedAnalyseIds: number[] };
};
type Contenu = { conversations: ConversationMemoire[]; messages: Message[]; users: UserCourt[] };

/** The same promises over what it is given. */
export function createConversationStoreMemoire({ conversations, messages, users }: Contenu): ConversationStore & { acces: Acces[] } {
  const acces: Acces[] = [];
  const instant = new Date('2026-01-01T00:00:00Z');
  const situation = (c: ConversationMemoire) => ({ userId: c.userId, etablissementId: c.etablissementId, fiche: c.fiche && { assignedMedecinId: c.fiche.assignedMedecinId, deleted: c.fiche.deleted } });
  const deConversation = (m: Message) => conversations.find((c) => c.id === m.conversationId);
  const visible = (portee: Portee, m: Message): boolean => {
    const c = deConversation(m);
    return c !== undefined && estVisible(portee, situation(c), m, c.fiche?.publishedAnalyseIds ?? []);
  };
  const decroissant = (a: { id: number }, b: { id: number }): number => b.id - a.id;
  const couper = <T>(tout: T[], { page, pageSize }: Page): T[] => tout.slice((page - 1) * pageSize, page * pageSize);
  const compter = (tout: unknown[]) => enCompte(Math.min(tout.length, COMPTE_MAX + 1));

  function vue(portee: Portee, c: ConversationMemoire): Conversation {
    const lus = messages.filter((m) => m.conversationId === c.id && visible(portee, m));
    return {
      id: c.id, nom: c.nom, userId: c.userId, ficheId: c.fiche?.id, ficheNumero: c.fiche?.numeroDossier, etablissementId: c.etablissementId, createdAt: instant, updatedAt: instant,
      messagesCount: lus.length, firstMessage: lus[0] && apercu(lus[0].content), firstUserMessage: lus.find((m) => m.role === 'user')?.content,
    };
  }

  return {
    acces,
    async list(portee, page, ficheId) {
      const siennes = conversations.filter((c) => contient(portee, situation(c)) && (ficheId === undefined || c.fiche?.id === ficheId)).sort(decroissant);
      return { conversations: couper(siennes, page).map((c) => vue(portee, c)), ...compter(siennes) };
    },
    async find(portee, id) {
      const c = conversations.find((x) => x.id === id);
      return c && { conversation: vue(portee, c), situation: situation(c) };
    },
    messagesOf: async (portee, conversationId) => messages.filter((m) => m.conversationId === conversationId && visible(portee, m)).sort((a, b) => a.id - b.id),
    async listMessages(portee, page) {
      const lus = messages.filter((m) => {
        const c = deConversation(m);
        return c !== undefined && contient(portee, situation(c)) && visible(portee, m);
      }).sort(decroissant);
      return { messages: couper(lus, page), ...compter(lus) };
    },
    findMessage: async (portee, id) => messages.find((m) => m.id === id && visible(portee, m)),
    users: async (ids) => new Map(users.filter((u) => ids.includes(u.id)).map((u) => [u.id, u])),
    noteAccess: async (a) => void acces.push(a),
  };
}
