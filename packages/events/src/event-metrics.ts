import type { Metrics } from '@mediai/kit/metrics';

export type EventOutcome = 'done' | 'retried' | 'ignored' | 'dead_letter';

const name = 'events_consumed_total';
const create = (metrics: Metrics) => metrics.counter(name, 'Events received, by what became of them.', ['group', 'topic', 'outcome']);

/** Counts what became of received events; one series for all the consumers of a process. */
export function countEvents(metrics: Metrics): (group: string, topic: string, outcome: EventOutcome) => void {
  const counter = (metrics.registry.getSingleMetric(name) as ReturnType<typeof create> | undefined) ?? create(metrics);
  return (group, topic, outcome) => counter.inc({ group, topic, outcome });
}
