import { createMetrics } from '@mediai/kit/metrics';

export type AppointmentsMetrics = ReturnType<typeof createAppointmentsMetrics>;

/** Every series appointments adds to those of the suite. */
export function createAppointmentsMetrics(version?: string) {
  const metrics = createMetrics('appointments', version);
  const appointments = metrics.counter('appointments_total', 'What became of requests: requested, confirmed, declined, cancelled, creneau_pris (slot taken), perdue (lost a race).', ['outcome']);
  for (const outcome of ['requested', 'confirmed', 'declined', 'cancelled', 'creneau_pris', 'perdue']) appointments.inc({ outcome }, 0);
  return {
    ...metrics,
    appointments,
    appointmentsWaiting: metrics.gauge('appointments_waiting', 'Requested and not answered.'),
  };
}
