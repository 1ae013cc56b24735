import { createMetrics } from '@mediai/kit/metrics';
import type { Outcome } from './delivery/delivery.ts';

export type NotificationsMetrics = ReturnType<typeof createNotificationsMetrics>;

const statuses: Record<Outcome['kind'], string> = { accepted: 'envoye', refused: 'echec', postponed: 'reporte', failed: 'reporte', unknown: 'inconnu' };

/**
 * Every series notifications adds to those of the suite. Of those, `whatsapp_notifications_sent` counts attempts by
 * status (envoye, reconcilie, reporte, inconnu, echec), `tasks_total` the tasks `envoi`, `annonce` and `webhook`.
 */
export function createNotificationsMetrics() {
  const metrics = createMetrics('notifications');
  const sent = {
    whatsapp: metrics.whatsappNotificationsSent,
    sms: metrics.counter('sms_notifications_sent', 'SMS handed to the provider, by outcome.', ['status']),
    email: metrics.counter('email_notifications_sent', 'E-mails handed to the mail server, by outcome.', ['status']),
  };
  return {
    ...metrics,
    /** Counts the outcome of one attempt. */
    countAttempt({ canal }: { canal: keyof typeof sent }, outcome: Outcome): void {
      const status = outcome.kind === 'accepted' && outcome.adopted ? 'reconcilie' : statuses[outcome.kind];
      sent[canal].inc({ status });
    },
  };
}
