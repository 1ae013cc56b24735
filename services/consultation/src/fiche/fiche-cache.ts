import type { SealedCache } from '@mediai/kit/cache';
import type { Fiche } from './fiche.ts';
import type { FicheStore } from './ports.ts';

const GARDE_S = 60;
const nomDe = (id: number, version: number): string => `fiche:${id}:${version}`;

/**
 * Fiches as they are read: whole rows from the cache, where they stand under their version. The version is asked of the
 * database each time, so that no reading is ever older than the last write, whoever made it and whatever the cache has
 * missed. What a change has made old is read by nobody and gone within a minute; a deletion drops it at once. For readings alone: what a write decides on is the row itself.
 */
export function createFichesEnCache({ fiches, cache }: { fiches: Pick<FicheStore, 'find' | 'version'>; cache: SealedCache }) {
  return {
    async find(id: number): Promise<Fiche | undefined> {
      const version = await fiches.version(id);
      if (version === undefined) return undefined;
      const gardee = await cache.get<Fiche>(nomDe(id, version));
      if (gardee) return gardee;
      const fiche = await fiches.find(id);
      if (fiche) void cache.set(nomDe(id, fiche.version), fiche, GARDE_S); // nobody waits for it; it never throws
      return fiche;
    },
    /** Drops the reading that a deletion to this version has made old. */
    oublier: (id: number, version: number): Promise<void> => cache.del(nomDe(id, version - 1)),
  };
}

export type FichesEnCache = ReturnType<typeof createFichesEnCache>;
