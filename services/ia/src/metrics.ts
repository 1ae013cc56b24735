import type { Metrics } from '@mediai/kit/metrics';
import type { RoleVoix } from './voix/vote.ts';

export type Compteurs = {
  /** A voice, or the wording of a synthesis, ended: `valide` or why not, in milliseconds. */
  voix: (voix: RoleVoix | 'synthese', resultat: string, dureeMs: number) => void;
  /** An analysis was taken up (`started`), or left the worker: `succeeded`, `failed`, `postponed`. */
  tache: (etat: 'started' | 'succeeded' | 'failed' | 'postponed', dureeMs?: number) => void;
};

const secondes = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 180];

/** Every series that ia emits beside the kit's own: `ia_analyses_total` and `tasks_total` count whole analyses. */
export function createCompteurs(metrics: Metrics): Compteurs {
  const reponses = metrics.counter('ia_voix_total', 'Answers of voices, by outcome.', ['voix', 'resultat']);
  const durees = metrics.histogram('ia_voix_duration_seconds', 'Time until a voice answered or was given up.', ['voix'], secondes);
  return {
    voix(voix, resultat, dureeMs) {
      reponses.inc({ voix, resultat });
      durees.observe({ voix }, dureeMs / 1000);
    },
    tache(etat, dureeMs) {
      metrics.tasks.inc({ task: 'analyse', state: etat });
      if (etat === 'succeeded' || etat === 'failed') metrics.iaAnalyses.inc({ status: etat === 'succeeded' ? 'terminee' : 'echouee' });
      if (dureeMs !== undefined) metrics.taskDuration.observe({ task: 'analyse' }, dureeMs / 1000);
    },
  };
}
