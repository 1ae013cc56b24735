import type { MemoryJournal } from '../../acces/journal.memory.ts';
import { memes, type Verification, type VerificationStore } from './verification.ts';

/** Printed documents without a database; acts and keys go to the journal that is given. */
export function createMemoryVerifications(journal: MemoryJournal): VerificationStore {
  let lignes: Verification[] = [];
  return {
    async obtenir(nouvelle) {
      const vivante = lignes.find((une) => une.ficheId === nouvelle.ficheId && une.revoqueLe === null && memes(une.empreinte, nouvelle.empreinte));
      if (vivante) return vivante;
      const creee = { ...nouvelle, revoqueLe: null };
      lignes.push(creee);
      return creee;
    },
    trouver: async (jetonHash) => lignes.find((une) => memes(une.jetonHash, jetonHash)),
    async revoquer(fiche, le, acte, idempotence) {
      const rejouee = journal.premiere(idempotence && { ...idempotence });
      if (rejouee) return { rejouee };
      const vivantes = lignes.filter((une) => une.ficheId === fiche.id && une.revoqueLe === null);
      lignes = lignes.map((une) => (vivantes.includes(une) ? { ...une, revoqueLe: le } : une));
      journal.ecrire(fiche.id, acte);
      if (idempotence) journal.garder(idempotence, idempotence.ecrire(vivantes.length));
      return { revoques: vivantes.length };
    },
  };
}
