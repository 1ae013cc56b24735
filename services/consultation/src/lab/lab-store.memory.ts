import { createMemoryPieces, type MemoryParts } from '../piece/piece-store.memory.ts';
import type { LabResult, ValeursLabResult } from './lab-result.ts';

/** Results of laboratories without a database. */
export const createMemoryLabResults = (parts: MemoryParts) => createMemoryPieces<LabResult, ValeursLabResult>(parts, (valeurs, base) => ({ ...base, ...valeurs, fichier: null }));
