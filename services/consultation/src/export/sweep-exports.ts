import type { DepotFichiers } from '../fichier/ports.ts';
import type { Horloge } from '../fiche/ports.ts';
import type { ExportStore } from './ports.ts';

const LOT = 100;

type Needs = { exports: Pick<ExportStore, 'aSupprimer' | 'oublier'>; depot: Pick<DepotFichiers, 'supprimer'>; clock: Horloge };

/**
 * Deletes the objects of exports that are needed no more: segments of ended ones, files past their seven days, and what
 * was in the writing when its process died. Its row goes after the object, so that none is forgotten. One that cannot be
 * deleted holds up no other.
 * @returns how many were deleted
 * @throws what the last of those that failed threw
 */
export function createSweepExports({ exports, depot, clock }: Needs) {
  return async (): Promise<number> => {
    let supprimes = 0;
    let faute: { thrown: unknown } | undefined;
    for (;;) {
      const cles = await exports.aSupprimer(clock(), LOT);
      for (const cle of cles) {
        try {
          await depot.supprimer(cle);
          await exports.oublier(cle);
          supprimes += 1;
        } catch (thrown) {
          faute = { thrown };
        }
      }
      if (faute) throw faute.thrown; // what failed is still the oldest: the next sweep takes it up again
      if (cles.length < LOT) return supprimes;
    }
  };
}
