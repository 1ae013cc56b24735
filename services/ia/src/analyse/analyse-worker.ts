import type { Logger } from '@mediai/kit/log';
import { runWithTraceparent, withSpan } from '@mediai/kit/telemetry';
import type { Compteurs } from '../metrics.ts';
import type { AnalyseEnBail } from './analyse.ts';
import type { AnalyseStore } from './analyse-store.ts';
import type { Issue } from './run-analyse.ts';

export type AnalyseWorkerOptions = {
  store: Pick<AnalyseStore, 'lease' | 'renew'>;
  run: (bail: AnalyseEnBail, signal: AbortSignal) => Promise<Issue>;
  /** Called after an analysis ended, when its event waits in the outbox. */
  onEnd: () => void;
  /** Analyses at once. */
  concurrence: number;
  bailMs: number;
  /** How often work is looked for without being woken. */
  pollMs?: number;
  log: Logger;
  compteurs: Compteurs;
};

export type AnalyseWorker = {
  start: () => void;
  /** Look for work now. */
  wake: () => void;
  /** Take up nothing more; what runs may end within `graceMs`, then is given back. */
  stop: (graceMs: number) => Promise<void>;
};

const ETATS: Record<Issue, 'succeeded' | 'failed' | 'postponed'> = { terminee: 'succeeded', echouee: 'failed', reportee: 'postponed', perdue: 'postponed' };

/** Takes up analyses under a lease that it renews; one whose process died is taken up again when its lease has run out. */
export function createAnalyseWorker(options: AnalyseWorkerOptions): AnalyseWorker {
  const { store, run, concurrence, bailMs, pollMs = 500, log, compteurs } = options;
  const enCours = new Set<Promise<void>>();
  /** First nothing more is taken up, then what runs is interrupted. */
  const fermeture = new AbortController();
  const arret = new AbortController();
  let recherche: Promise<void> | undefined;
  let encore = false;
  let minuterie: NodeJS.Timeout | undefined;

  /** Fill the free places; calls that come meanwhile make it look once more. */
  async function chercher(): Promise<void> {
    try {
      while (encore && !fermeture.signal.aborted && enCours.size < concurrence) {
        encore = false;
        const bail = await store.lease(bailMs);
        if (!bail) continue;
        encore = true;
        const travail = traiter(bail).finally(() => {
          enCours.delete(travail);
          wake();
        });
        enCours.add(travail);
      }
    } catch (err) {
      log.warn({ task: 'analyse', err }, 'work could not be looked for');
    }
  }

  async function traiter(bail: AnalyseEnBail): Promise<void> {
    const debut = performance.now();
    compteurs.tache('started');
    const perte = new AbortController();
    const renouvellement = setInterval(() => void renouveler(bail, perte), bailMs / 3);
    try {
      const signal = AbortSignal.any([arret.signal, perte.signal]);
      const issue = await runWithTraceparent(bail.traceparent, () => withSpan('analyse', { kind: 'internal', attributes: { 'mediai.analyse_id': bail.id } }, () => run(bail, signal)));
      compteurs.tache(ETATS[issue], performance.now() - debut);
      if (issue === 'terminee' || issue === 'echouee') options.onEnd();
    } catch (err) {
      // The lease runs out and the analysis is taken up again, until its own deadline ends it.
      compteurs.tache('postponed');
      log.error({ analyse_id: bail.id, task_id: bail.taskId, err }, 'analysis interrupted');
    } finally {
      clearInterval(renouvellement);
    }
  }

  async function renouveler(bail: AnalyseEnBail, perte: AbortController): Promise<void> {
    try {
      if (!(await store.renew(bail, bailMs))) perte.abort();
    } catch (err) {
      log.warn({ analyse_id: bail.id, err }, 'lease could not be renewed');
    }
  }

  function wake(): void {
    if (fermeture.signal.aborted) return;
    encore = true;
    recherche ??= chercher().finally(() => {
      recherche = undefined;
    });
  }

  return {
    start() {
      minuterie ??= setInterval(wake, pollMs);
      wake();
    },
    wake,
    async stop(graceMs) {
      fermeture.abort();
      clearInterval(minuterie);
      const grace = setTimeout(() => arret.abort(), graceMs);
      await recherche;
      await Promise.all(enCours);
      clearTimeout(grace);
    },
  };
}
