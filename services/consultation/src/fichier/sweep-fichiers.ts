import type { Horloge } from '../fiche/ports.ts';
import { cleDe } from './fichier.ts';
import type { DepotFichiers, FichierStore } from './ports.ts';

/** An upload that nothing refers to for so long never will be: a call has minutes. */
export const DELAI_ENVOI_MS = 3_600_000;
const LOT = 100;

type Needs = { fichiers: Pick<FichierStore, 'aSupprimer' | 'oublier'>; depot: Pick<DepotFichiers, 'supprimer'>; clock: Horloge };

/**
 * Deletes files that nothing refers to any more, or never did; the bytes first, so that none is left without a row.
 * Returns how many. One that cannot be deleted holds up no other.
 * @throws what the last of those that failed threw
 */
export function createSweepFichiers({ fichiers, depot, clock }: Needs) {
  return async (): Promise<number> => {
    const ids = await fichiers.aSupprimer(new Date(clock().getTime() - DELAI_ENVOI_MS), LOT);
    let faute: { thrown: unknown } | undefined;
    for (const id of ids) {
      try {
        await depot.supprimer(cleDe(id));
        await fichiers.oublier(id);
      } catch (thrown) {
        faute = { thrown };
      }
    }
    if (faute) throw faute.thrown;
    return ids.length;
  };
}
