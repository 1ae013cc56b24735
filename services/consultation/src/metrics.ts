import { createMetrics } from '@mediai/kit/metrics';

export type ConsultationMetrics = ReturnType<typeof createConsultationMetrics>;

/** Every series consultation adds to those of the suite. */
export function createConsultationMetrics() {
  const metrics = createMetrics('consultation');
  return {
    ...metrics,
    ficheEvents: metrics.counter('fiche_events_total', 'What happened to fiches, by the name of the event.', ['type']),
    exportsRunning: metrics.gauge('exports_running', 'Exports that are being made by this process.'),
    exportRows: metrics.counter('export_rows_total', 'Rows of fiches read for exports and kept.'),
    documents: metrics.counter('documents_total', 'Documents that were to be drawn, by how it ended.', ['issue']),
  };
}
