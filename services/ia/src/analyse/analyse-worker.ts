import type { Logger } from '@mediai/kit/log';
import { runWithTraceparent, withSpan } from '@mediai/kit/telemetry';
import { createLeaseWorker, type LeaseWorker } from '@mediai/kit/work';
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

const ETATS: Record<Issue, 'succeeded' | 'failed' | 'postponed'> = { terminee: 'succeeded', echouee: 'failed', reportee: 'postponed', perdue: 'postponed' };

/** Takes up analyses under a lease that it renews; one whose process died is taken up again when its lease has run out, until its own deadline ends it. */
export function createAnalyseWorker({ store, run, onEnd, concurrence, bailMs, pollMs, log, compteurs }: AnalyseWorkerOptions): LeaseWorker {
  return createLeaseWorker<AnalyseEnBail, Issue>({
    task: 'analyse',
    lease: store.lease,
    renew: store.renew,
    run,
    within: (bail, work) => runWithTraceparent(bail.traceparent, () => withSpan('analyse', { kind: 'internal', attributes: { 'mediai.analyse_id': bail.id } }, work)),
    onStart: () => compteurs.tache('started'),
    onEnd(issue, dureeMs) {
      if (issue === undefined) return compteurs.tache('postponed');
      compteurs.tache(ETATS[issue], dureeMs);
      if (issue === 'terminee' || issue === 'echouee') onEnd();
    },
    concurrency: concurrence, leaseMs: bailMs, log,
    ...(pollMs === undefined ? {} : { pollMs }),
  });
}
