import type { FicheStore, Horloge } from '../fiche/ports.ts';
import { avecEchec } from './take-analyse.ts';

/** An analysis without a result for so long has failed; a late result is still taken. */
export const DELAI_ANALYSE_MS = 10 * 60_000;
const LOT = 50;

type Needs = { fiches: Pick<FicheStore, 'find' | 'update' | 'analysesSansResultat' | 'demanderDifferees'>; clock: Horloge };

/** Ends analyses that gave no result in time and asks for those that waited for a patient's last edit; returns how many of each. */
export function createSweepAnalyses({ fiches, clock }: Needs) {
  return async (): Promise<{ echues: number; demandees: number }> => {
    const maintenant = clock();
    const limite = new Date(maintenant.getTime() - DELAI_ANALYSE_MS);
    const demandees = await fiches.demanderDifferees(maintenant, LOT);
    let echues = 0;
    for (const id of await fiches.analysesSansResultat(limite, LOT)) {
      const fiche = await fiches.find(id);
      if (!fiche?.analyse_en_cours || fiche.analyse_demandee_le > limite) continue;
      const ecriture = await fiches.update(fiche, avecEchec(fiche, 'analyse.delai', maintenant), {
        acte: { acteur: null, action: 'fiche.analyse_delai' },
        evenements: [{ type: 'FicheAnalysed', analyseId: null }],
      });
      if (typeof ecriture !== 'string') echues++; // lost to another write: looked at again by the next sweep
    }
    return { echues, demandees };
  };
}
