import { contient, estVisible, type Portee } from '../acces/acces.ts';
import { enCompte, profondeurMax, rangDe, type Page } from '@mediai/kit/page';
import { apercu, type Conversation, type Message, type Sujet, type UserCourt } from './conversation.ts';
import type { Acces, ConversationStore, Lecteur } from './conversation-store.ts';

export type ConversationMemoire = {
  id: number; nom?: string; userId?: number; etablissementId: number;
  fiche?: { id: number; numeroDossier: string; assignedMedecinId?: number; deleted: boolean; publishedAnalyseIds: number[] };
};
type Contenu = { conversations: ConversationMemoire[]; messages: Message[]; users: UserCourt[] };

/** The same promises over what it is given. */
export function createConversationStoreMemoire({ conversations, messages, users }: Contenu): ConversationStore & { acces: Acces[]; pages: { lecteur: Lecteur; ids: number[] }[] } {
  const acces: Acces[] = [];
  const pages: { lecteur: Lecteur; ids: number[] }[] = [];
  const instant = new Date('2026-01-01T00:00:00Z');
  const situation = (c: ConversationMemoire) => ({ userId: c.userId, etablissementId: c.etablissementId, fiche: c.fiche && { assignedMedecinId: c.fiche.assignedMedecinId, deleted: c.fiche.deleted } });
  const deConversation = (m: Message) => conversations.find((c) => c.id === m.conversationId);
  const visible = (portee: Portee, m: Message): boolean => {
    const c = deConversation(m);
    return c !== undefined && estVisible(portee, situation(c), m, c.fiche?.publishedAnalyseIds ?? []);
  };
  const decroissant = (a: { id: number }, b: { id: number }): number => b.id - a.id;
  const couper = <T>(tout: T[], page: Page): T[] => tout.slice(rangDe(page), rangDe(page) + page.pageSize);
  const compter = (tout: unknown[]) => enCompte(Math.min(tout.length, profondeurMax + 1));

  function vue(portee: Portee, c: ConversationMemoire): Conversation {
    const lus = messages.filter((m) => m.conversationId === c.id && visible(portee, m));
    return {
      id: c.id, nom: c.nom, userId: c.userId, ficheId: c.fiche?.id, ficheNumero: c.fiche?.numeroDossier, etablissementId: c.etablissementId, createdAt: instant, updatedAt: instant,
      messagesCount: lus.length, firstMessage: lus[0] && apercu(lus[0].content), firstUserMessage: lus.find((m) => m.role === 'user')?.content,
    };
  }

  return {
    acces,
    pages,
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
      const montres = couper(lus, page);
      const sujets = conversations.filter((c) => montres.some((m) => m.conversationId === c.id)).map((c): Sujet => ({ id: c.id, userId: c.userId, ficheId: c.fiche?.id, etablissementId: c.etablissementId }));
      return { messages: montres, conversations: sujets, ...compter(lus) };
    },
    findMessage: async (portee, id) => messages.find((m) => m.id === id && visible(portee, m)),
    users: async (ids) => new Map(users.filter((u) => ids.includes(u.id)).map((u) => [u.id, u])),
    noteAccess: async (a) => void acces.push(a),
    notePage: async (lecteur, montrees) => void (montrees.length > 0 && pages.push({ lecteur, ids: montrees.map(({ id }) => id) })),
  };
}
