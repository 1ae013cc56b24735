import type { MemoryFichiers } from '../fichier/fichier-store.memory.ts';
import { createMemoryPieces, type MemoryParts } from '../piece/piece-store.memory.ts';
import type { EcritureLabResult, LabResult } from './lab-result.ts';
import type { LabStore } from './lab-store.ts';

/** Results of laboratories without a database; their files are kept and released in the store of files that is given. */
export function createMemoryLabResults({ fichiers, ...parts }: MemoryParts & { fichiers: MemoryFichiers }): LabStore {
  const pieces = createMemoryPieces<LabResult, EcritureLabResult>(parts, ({ fichier = null, ...valeurs }, base) => ({ ...base, ...valeurs, fichier }));
  return {
    ...pieces,
    async create(fiche, valeurs, ...reste) {
      const ecriture = await pieces.create(fiche, valeurs, ...reste);
      if (typeof ecriture === 'object' && 'ecrite' in ecriture && valeurs.fichier) fichiers.garder(valeurs.fichier);
      return ecriture;
    },
    async update(fiche, piece, { fichier, ...valeurs }, effets) {
      const ancien = (await pieces.find(piece.id))?.fichier;
      const ecriture = await pieces.update(fiche, piece, { ...valeurs, ...(fichier === undefined ? {} : { fichier }) }, effets);
      if (typeof ecriture === 'object' && 'ecrite' in ecriture && fichier !== undefined) {
        if (ancien) fichiers.relacher(ancien.id);
        if (fichier) fichiers.garder(fichier);
      }
      return ecriture;
    },
  };
}
