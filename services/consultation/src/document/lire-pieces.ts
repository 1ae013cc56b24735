import { RESULTATS_MAX } from '../lab/lab-result.ts';
import type { LabStore } from '../lab/lab-store.ts';
import { REFERENCES_MAX } from '../reference/reference.ts';
import type { ReferenceStore } from '../reference/reference-store.ts';
import type { LirePieces } from './ports.ts';

/** Reads all references and lab results of a fiche, in the order in which they were added. */
export function createLirePieces({ references, results }: { references: Pick<ReferenceStore, 'listOfFiche'>; results: Pick<LabStore, 'listOfFiche'> }): LirePieces {
  return async (ficheId) => {
    const [lues, trouves] = await Promise.all([references.listOfFiche(ficheId, REFERENCES_MAX), results.listOfFiche(ficheId, RESULTATS_MAX)]);
    return { references: lues.toReversed(), resultats: trouves.toReversed() };
  };
}
