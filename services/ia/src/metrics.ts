import { createMetrics, type Metrics, type SeriesMakers } from '@mediai/kit/metrics';
import { coutUsd } from './voix/prix.ts';
import type { RoleVoix } from './voix/vote.ts';

const secondes = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 180];
/** Of two voices or three. */
const parts = [0.34, 0.5, 0.67, 1];
/** Seconds; 5 minutes is what is promised. */
const attentes = [1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

/** Every series of ia beside those of the suite: `ia_analyses_total` and `tasks_total` count whole analyses. */
export const iaMetrics = ({ counter, gauge, histogram }: SeriesMakers) => ({
  reponses: counter('ia_voix_total', 'Answers of voices, by outcome.', ['voix', 'resultat']),
  durees: histogram('ia_voix_duration_seconds', 'Time until a voice answered or was given up.', ['voix'], secondes),
  jetons: counter('ia_tokens_total', 'Tokens that answers took: entree (read) and sortie (written).', ['voix', 'direction']),
  cout: counter('ia_cost_usd_total', 'Price of answers in US dollars, where the price of the model is known; 0 for simulated voices.', ['voix']),
  accord: histogram('ia_accord_ratio', 'Share of the valid voices that hold the leading hypothesis, per synthesis of two voices and more.', [], parts),
  attente: histogram('ia_analyse_wait_seconds', 'From the moment an analysis is asked for to its end.', ['status'], attentes),
  enAttente: gauge('ia_analyses_waiting', 'Fiches whose analysis is due and not finished.'),
  plusAncienne: gauge('ia_oldest_waiting_seconds', 'Since when the oldest of them waits; 0 without any.'),
});

/** The registry of ia, with every series. */
export function createIaMetrics(version?: string): Metrics {
  const metrics = createMetrics('ia', version);
  const { attente } = metrics.once(iaMetrics);
  for (const status of ['terminee', 'echouee'] as const) {
    metrics.iaAnalyses.inc({ status }, 0);
    attente.zero({ status });
  }
  return metrics;
}

/** `sans_objet`: the patient does not agree to it, or the fiche is gone; nobody waits for it. */
export type FinAttendue = 'terminee' | 'echouee' | 'sans_objet';

export type Compteurs = {
  /** A voice, or the wording of a synthesis, ended: `valide` or why not, in milliseconds. */
  voix: (voix: RoleVoix | 'synthese', resultat: string, dureeMs: number) => void;
  /** An analysis was taken up (`started`), or left the worker: `succeeded`, `failed`, `postponed`. */
  tache: (etat: 'started' | 'succeeded' | 'failed' | 'postponed', dureeMs?: number) => void;
  /** An analysis ended, so long after it was asked for. */
  fin: (fin: FinAttendue, attenteMs: number) => void;
  /** A synthesis was kept: so many of its valid voices hold what leads. */
  accord: (voix: { tiennent: number; valides: number }) => void;
};

/** Counts what becomes of analyses and voices. */
export function createCompteurs(metrics: Metrics): Compteurs {
  const { reponses, durees, accord, attente } = metrics.once(iaMetrics);
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
    fin(status, attenteMs) {
      attente.observe({ status }, attenteMs / 1000);
    },
    accord({ tiennent, valides }) {
      if (valides >= 2) accord.observe(tiennent / valides);
    },
  };
}

/** Counts the tokens of an answer of a voice, and what they cost. */
export function compterJetons(metrics: Metrics, { role, modele, simulee }: { role: RoleVoix; modele: string; simulee: boolean }): (jetons: { entree: number; sortie: number }) => void {
  const { jetons, cout } = metrics.once(iaMetrics);
  return (recus) => {
    jetons.inc({ voix: role, direction: 'entree' }, recus.entree);
    jetons.inc({ voix: role, direction: 'sortie' }, recus.sortie);
    const usd = simulee ? 0 : coutUsd(modele, recus);
    if (usd !== undefined) cout.inc({ voix: role }, usd);
  };
}
