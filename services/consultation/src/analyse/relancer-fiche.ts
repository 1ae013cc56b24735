import { randomUUID } from 'node:crypto';
import type { ChangeFiche, Demande, Reponse } from '../fiche/change-fiche.ts';
import { transition } from '../fiche/fiche.ts';
import type { Horloge } from '../fiche/ports.ts';

/**
 * Asks for a new analysis; while one runs, nothing is asked and its task is answered, and kept under the key. A
 * validated fiche keeps its status and its texts.
 */
export function createRelancerFiche({ changeFiche, clock }: { changeFiche: ChangeFiche; clock: Horloge }) {
  return async (demande: Demande): Promise<Reponse> =>
    changeFiche({ action: 'relancer', course: 'rejouer' }, demande, (fiche) => {
      if (fiche.analyse_en_cours) return null;
      const taskId = randomUUID();
      return {
        changement: {
          status: transition(fiche.status, 'relancer'),
          analyse_task_id: taskId,
          analyse_demandee_le: clock(),
          analyse_differee_le: null,
          analyse_version: fiche.version + 1,
          analyse_en_cours: true,
          analyse_echec_code: null,
          analyse_echec_le: null,
        },
        evenements: [{ type: 'AnalyseRequested', taskId }],
      };
    });
}
