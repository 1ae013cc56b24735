import type { FicheStore } from '../fiche/ports.ts';
import type { DestinationStore } from './destination-store.ts';

export interface MemoryDestinations extends DestinationStore {
  /** Users by id, as auth would tell of them. */
  readonly users: Map<number, { phone: string; isActive: boolean }>;
}

/** Where what comes in goes, without a database. */
export function createMemoryDestinations({ fiches }: { fiches: Pick<FicheStore, 'list'> }): MemoryDestinations {
  const users: MemoryDestinations['users'] = new Map();
  return {
    users,
    async trouver(telephone, etablissementId) {
      const { fiches: toutes } = await fiches.list({ etablissementId: etablissementId ?? undefined, mots: [], ordre: '-created_at', page: 1, pageSize: 10_000 });
      const recentes = toutes.toSorted((a, b) => b.id - a.id);
      const proprietaires = new Set([...users].filter(([, { phone, isActive }]) => isActive && phone === telephone).map(([id]) => id));
      const fiche = recentes.find(({ telephone_e164 }) => telephone_e164 === telephone) ?? recentes.find(({ user }) => user !== null && proprietaires.has(user));
      return fiche && { ficheId: fiche.id, userId: fiche.user };
    },
  };
}
