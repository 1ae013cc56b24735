import { createMetrics } from '@mediai/kit/metrics';
import type { CanalCode } from './code/code.ts';
import type { Etat, Outcome } from './delivery/delivery.ts';

export type NotificationsMetrics = ReturnType<typeof createNotificationsMetrics>;

const statuses: Record<Outcome['kind'], string> = { accepted: 'envoye', refused: 'echec', postponed: 'reporte', failed: 'reporte', unknown: 'inconnu' };

/** Seconds: a first attempt takes one or less, the last one comes after a day. */
const durees = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];

/** A message that came to another state; `createdAt` is when it was asked for, where that is known. */
export type EtatAtteint = { canal: CanalCode; etat: Etat; createdAt: Date | null; at: Date };

/** Told after a commit that left events to publish. */
export type Committed = (reached?: EtatAtteint) => void;

/**
 * Every series notifications adds to those of the suite. Of those, `whatsapp_notifications_sent` counts attempts by
 * status (envoye, reconcilie, reporte, inconnu, echec), `tasks_total` the tasks `envoi`, `annonce` and `webhook`.
 */
export function createNotificationsMetrics(version?: string) {
  const metrics = createMetrics('notifications', version);
  const sent = {
    whatsapp: metrics.whatsappNotificationsSent,
    sms: metrics.counter('sms_notifications_sent', 'SMS handed to the provider, by outcome.', ['status']),
    email: metrics.counter('email_notifications_sent', 'E-mails handed to the mail server, by outcome.', ['status']),
  };
  const deliveries = metrics.counter('deliveries_total', 'Messages by the states they came to: envoye (accepted by the provider), livre (it says that it arrived), echec.', ['canal', 'statut']);
  const deliveryDuration = metrics.histogram('delivery_duration_seconds', 'From a message asked for to accepted by the provider.', ['canal'], durees);
  // 0 before the first one: what never happened is then told as such.
  for (const canal of Object.keys(sent) as (keyof typeof sent)[]) {
    for (const status of [...new Set(Object.values(statuses)), 'reconcilie']) sent[canal].inc({ status }, 0);
    for (const statut of ['envoye', 'livre', 'echec']) deliveries.inc({ canal, statut }, 0);
  }
  return {
    ...metrics,
    deliveriesWaiting: metrics.gauge('deliveries_waiting', 'Messages asked for and neither accepted nor given up.'),
    /** Counts a state that a message came to, where it is more than another attempt. */
    countState({ canal, etat, createdAt, at }: EtatAtteint): void {
      if (etat === 'envoye' || etat === 'livre' || etat === 'echec') deliveries.inc({ canal, statut: etat });
      if (etat === 'envoye' && createdAt) deliveryDuration.observe({ canal }, (at.getTime() - createdAt.getTime()) / 1_000);
    },
    /** Counts the outcome of one attempt. */
    countAttempt({ canal }: { canal: keyof typeof sent }, outcome: Outcome): void {
      const status = outcome.kind === 'accepted' && outcome.adopted ? 'reconcilie' : statuses[outcome.kind];
      sent[canal].inc({ status });
    },
  };
}
