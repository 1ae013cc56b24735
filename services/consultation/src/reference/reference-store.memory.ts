import { createMemoryPieces, type MemoryParts } from '../piece/piece-store.memory.ts';
import { cleDuTitre, type Reference, type ValeursReference } from './reference.ts';

/** References of fiches without a database. */
export const createMemoryReferences = (parts: MemoryParts) =>
  createMemoryPieces<Reference, ValeursReference>(parts, (valeurs, base) => ({ ...base, ...valeurs }), { cleDe: ({ title }) => cleDuTitre(title) });
