import type { SqlExecutor } from '@mediai/db';
import type { Metrics, SeriesMakers } from '@mediai/kit/metrics';

export type EventOutcome = 'done' | 'retried' | 'ignored' | 'dead_letter';

/** Seconds: most handlers write one row, some call another service. */
const handlingBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The series of what is received; one set for all the consumers of a process. */
export const consumerMetrics = ({ counter, traced }: SeriesMakers) => {
  const consumed = counter('events_consumed_total', 'Events received, by what became of them.', ['group', 'topic', 'outcome']);
  const deadLetters = counter('dead_letters_total', 'Events parked in the dead-letter topic, by the topic that they came from.', ['group', 'topic']);
  return {
    handling: traced('event_handling_duration_seconds', 'Time of one attempt of a handler, for one event or for several that it takes together.', ['group', 'topic'], handlingBuckets),
    /** Dead letters of a group are 0 from its beginning on: the first one is then seen as growth. */
    begin(group: string, topics: string[]): void {
      for (const topic of topics) deadLetters.inc({ group, topic }, 0);
    },
    count(group: string, topic: string, outcome: EventOutcome, events = 1): void {
      consumed.inc({ group, topic, outcome }, events);
      if (outcome === 'dead_letter') deadLetters.inc({ group, topic });
    },
  };
};

/** The series of what is published. */
export const outboxMetrics = ({ counter, gauge }: SeriesMakers) => ({
  published: counter('outbox_published_total', 'Events that the brokers acknowledged.', ['topic']),
  oldest: gauge('outbox_oldest_seconds', 'Age of the oldest event that is not published yet; 0 without any.'),
});

const countedUpTo = 10_000;

/** What waits in the outbox, by its index of unsent rows. */
export const waitingSql = `SELECT count(*)::int AS backlog, coalesce(extract(epoch FROM now() - min(occurred_at)), 0)::float8 AS oldest
  FROM (SELECT occurred_at FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT ${countedUpTo}) AS waiting`;

/** Reads `outbox_backlog` and `outbox_oldest_seconds`: for a gauge reader, in every replica, whichever of them publishes. */
export function readOutboxGauges(db: SqlExecutor, metrics: Metrics): () => Promise<void> {
  const { oldest } = metrics.once(outboxMetrics);
  return async () => {
    const [row] = await db.$queryRawUnsafe<{ backlog: number; oldest: number }[]>(waitingSql);
    metrics.outboxBacklog.set(row?.backlog ?? 0);
    oldest.set(Math.max(0, row?.oldest ?? 0));
  };
}
