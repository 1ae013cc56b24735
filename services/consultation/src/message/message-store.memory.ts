import { ecrireEnMemoire, type MemoryParts } from '../piece/piece-store.memory.ts';
import type { Message } from './message.ts';
import type { MessageStore } from './ports.ts';

/** Messages of fiches without a database. */
export function createMemoryMessages(parts: MemoryParts): MessageStore {
  const messages: Message[] = [];
  const deLaFiche = (ficheId: number): Message[] => messages.filter(({ fiche }) => fiche === ficheId);
  return {
    list: async (ficheId) => deLaFiche(ficheId),
    create: (fiche, { author, content }, effets, limite) =>
      ecrireEnMemoire(parts, fiche, effets, () => {
        if (deLaFiche(fiche.id).length >= limite) return 'pleine';
        const message: Message = { id: messages.length + 1, fiche: fiche.id, author, content, created_at: parts.clock() };
        messages.push(message);
        return message;
      }),
  };
}
