import { ecrireEnMemoire, type MemoryParts } from '../piece/piece-store.memory.ts';
import type { Fiche } from '../fiche/fiche.ts';
import type { Message } from './message.ts';
import type { MessageStore } from './ports.ts';

/** Messages of fiches without a database. */
export function createMemoryMessages(parts: MemoryParts): MessageStore {
  const messages: Message[] = [];
  const sources = new Map<string, Message & Pick<Fiche, 'etablissement_id'>>();
  const deLaFiche = (ficheId: number): Message[] => messages.filter(({ fiche }) => fiche === ficheId);
  return {
    list: async (ficheId) => deLaFiche(ficheId),
    findSource: async (sourceId) => sources.get(sourceId),
    create: (fiche, { author, content, sourceId }, effets, limite) =>
      ecrireEnMemoire(parts, fiche, effets, () => {
        if (sourceId !== undefined && sources.has(sourceId)) return 'double';
        if (deLaFiche(fiche.id).length >= limite) return 'pleine';
        const message: Message = { id: messages.length + 1, fiche: fiche.id, author, content, created_at: parts.clock() };
        messages.push(message);
        if (sourceId !== undefined) sources.set(sourceId, { ...message, etablissement_id: fiche.etablissement_id });
        return message;
      }),
  };
}
