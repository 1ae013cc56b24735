import type { Logger } from '@mediai/kit/log';
import { withSpan } from '@mediai/kit/telemetry';
import { createLeaseWorker, type LeaseWorker } from '@mediai/kit/work';
import type { Horloge } from '../fiche/ports.ts';
import type { ConsultationMetrics } from '../metrics.ts';
import type { ExportEnBail } from './export.ts';
import type { ExportStore } from './ports.ts';
import type { IssueExport } from './run-export.ts';

export type ExportWorkerOptions = {
  exports: Pick<ExportStore, 'lease' | 'renew'>;
  run: (bail: ExportEnBail, signal: AbortSignal) => Promise<IssueExport>;
  /** Called after an export ended, when its segments are to be deleted. */
  onEnd: () => void;
  clock: Horloge;
  log: Logger;
  metrics: Pick<ConsultationMetrics, 'exportsRunning' | 'tasks' | 'taskDuration'>;
  bailMs?: number;
  pollMs?: number;
};

/** At once: one long export holds up no short one. */
const CONCURRENCE = 2;
const ETATS: Record<IssueExport, string> = { terminee: 'succeeded', echouee: 'failed', reportee: 'postponed', perdue: 'postponed' };

/** Takes up exports under a lease; one whose process died is gone on with when its lease has run out. */
export function createExportWorker({ exports, run, onEnd, clock, log, metrics, bailMs = 15_000, pollMs = 2_000 }: ExportWorkerOptions): LeaseWorker {
  return createLeaseWorker<ExportEnBail, IssueExport>({
    task: 'export',
    lease: (ms) => exports.lease(clock(), ms),
    renew: (bail, ms) => exports.renew(bail, clock(), ms),
    run,
    within: (bail, work) => withSpan('export', { kind: 'internal', attributes: { 'mediai.export_id': bail.id } }, work),
    onStart() {
      metrics.tasks.inc({ task: 'export', state: 'started' });
      metrics.exportsRunning.inc();
    },
    onEnd(issue, dureeMs) {
      metrics.exportsRunning.dec();
      metrics.tasks.inc({ task: 'export', state: issue === undefined ? 'postponed' : ETATS[issue] });
      metrics.taskDuration.observe({ task: 'export' }, dureeMs / 1000);
      if (issue === 'terminee' || issue === 'echouee') onEnd();
    },
    concurrency: CONCURRENCE, leaseMs: bailMs, pollMs, log,
  });
}
