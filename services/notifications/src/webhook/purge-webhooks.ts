import type { Logger } from '@mediai/kit/log';
import type { WebhookStore } from './webhook-store.ts';

export type PurgeWebhooksDeps = {
  webhooks: Pick<WebhookStore, 'purge'>;
  /** How long what patients wrote and from where is kept here; their message stays on their fiche. */
  retentionDays: number;
  log: Logger;
  clock: () => Date;
};

const dayMs = 86_400_000;
const batch = 1_000;

/** Empties text, phones and form of events past their time. */
export function createPurgeWebhooks({ webhooks, retentionDays, log, clock }: PurgeWebhooksDeps) {
  return async (): Promise<void> => {
    const before = new Date(clock().getTime() - retentionDays * dayMs);
    for (let purged = batch; purged === batch; ) {
      purged = await webhooks.purge(before, batch);
      if (purged > 0) log.info({ count: purged }, 'webhook events emptied');
    }
  };
}
