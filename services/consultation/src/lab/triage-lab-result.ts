import type { Changement, Fiche } from '../fiche/fiche.ts';
import { jourEtHeure } from '../fiche/jour.ts';
import type { Annuaire, Horloge, Trier } from '../fiche/ports.ts';
import { hausseDe } from '../piece/hausse.ts';
import { textesDe, type ValeursLabResult } from './lab-result.ts';

type Needs = { annuaire: Pick<Annuaire, 'etablissement'>; trier: Trier; clock: Horloge };

/** What reading a result asks of its surroundings: which day it is, and what it raises of its fiche. */
export function createLectureLabResult({ annuaire, trier, clock }: Needs) {
  return {
    /** Today in an établissement, `YYYY-MM-DD`. */
    async jour(etablissementId: number): Promise<string> {
      const { fuseau } = await annuaire.etablissement(etablissementId);
      return jourEtHeure(clock(), fuseau).jour;
    },
    hausse: (fiche: Fiche, valeurs: ValeursLabResult): Changement | null => hausseDe(fiche, { textes: textesDe(valeurs), source: 'lab_results' }, trier, clock()),
  };
}

export type LectureLabResult = ReturnType<typeof createLectureLabResult>;
