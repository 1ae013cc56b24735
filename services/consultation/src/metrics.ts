import { createMetrics } from '@mediai/kit/metrics';

export type ConsultationMetrics = ReturnType<typeof createConsultationMetrics>;

/** Seconds: from five minutes to a week. */
const attentes = [300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 604_800];

/** Every series consultation adds to those of the suite. */
export function createConsultationMetrics(version?: string) {
  const metrics = createMetrics('consultation', version);
  return {
    ...metrics,
    ficheEvents: metrics.counter('fiche_events_total', 'What happened to fiches, by the name of the event.', ['type']),
    fichesWaiting: metrics.gauge('fiches_waiting', 'Fiches that wait for a médecin, by their state.', ['status']),
    ficheWait: metrics.histogram('fiche_wait_seconds', 'From the creation of a fiche to the first decision of a médecin.', [], attentes),
    exportsRunning: metrics.gauge('exports_running', 'Exports that are being made by this process.'),
    exportRows: metrics.counter('export_rows_total', 'Rows of fiches read for exports and kept.'),
    documents: metrics.counter('documents_total', 'Documents that were to be drawn, by how it ended.', ['issue']),
  };
}
