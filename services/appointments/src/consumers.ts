import { createConsumer, ficheProjection, topics, userProjection, type EventConsumer, type KafkaClient, type SqlExecutor } from '@mediai/events';
import type { Logger } from '@mediai/kit/log';
import type { Metrics } from '@mediai/kit/metrics';

type Needs = { kafka: KafkaClient; db: SqlExecutor; log: Logger; metrics: Metrics };

/** Topic -> handler: what is kept here of auth's users and of consultation's fiches. */
export function createConsumers({ kafka, db, log, metrics }: Needs): EventConsumer {
  const users = userProjection(db);
  const fiches = ficheProjection(db);
  return createConsumer({
    kafka, groupId: 'appointments', topics: [topics.user.name, topics.fiche.name], handlers: { ...users.handlers, ...fiches.handlers }, tombstones: users.tombstones, log, metrics,
  });
}
