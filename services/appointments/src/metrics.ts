import { createMetrics } from '@mediai/kit/metrics';

export type AppointmentsMetrics = ReturnType<typeof createAppointmentsMetrics>;

/** Every series appointments adds to those of the suite. */
export function createAppointmentsMetrics() {
  const metrics = createMetrics('appointments');
  return {
    ...metrics,
    appointments: metrics.counter('appointments_total', 'What became of requests: requested, confirmed, declined, cancelled, creneau_pris (slot taken), perdue (lost a race).', ['outcome']),
  };
}
